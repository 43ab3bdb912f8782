# SPDX-License-Identifier: BSD-2-Clause
"""The catalogue of failures: each is made for real and gives the library's error."""

import pytest
from driver import REAL_DIR, LibraryError, await_error
from failure_bed import Bed, Failures, helper
from testbed import await_condition
from testbed.faults import (
    absent_address,
    blackhole,
    blackholed_address,
    glusterd_down,
    kill_fuse_client,
    mute_server,
    refusing_address,
    request_in_flight,
    stopped,
    without_bricks,
    without_quorum,
)

UNIX_SOCKET = '[volume.gv0]\ntransport = "unix"\nservers = ["/run/glusterd.socket"]\n'
DISK = "ganeti/11111111-2222-4333-8444-555555555555.0"
IMAGE = f"{REAL_DIR}/{DISK}"


FAILURES = Failures()
failure = FAILURES.add


def simple(
    name: str,
    *words: object,
    source: str | None = None,
    command: str = "true",
    undo: str = "true",
) -> None:
    """A failure of one step after, perhaps, a mount and a command on the client."""

    def make(bed: Bed) -> LibraryError:
        driver = bed.drivers()
        if source:
            driver("mount", source)
        bed.run(command, undo)
        return bed.error(*words, driver=driver)

    FAILURES[name] = make


GV0 = "node1:/gv0"
AT_GV0 = {"source": GV0}
simple("source without a server", "mount", "gv0")
simple("invalid volume name", "mount", "node1:/-o")
simple("invalid server", "mount", "node1;reboot:/gv0")
simple("invalid subdir", "mount", "node1:/gv0/../etc")
simple("unresolvable name", "mount", "no-such-server.invalid:/gv0")
simple("unresolvable name beyond the helper", "mount", f"{'n' * 60}.invalid:/gv0")
simple("wrong port", "mount", "node1:24099:/gv0")
simple("unknown volume", "mount", "node1:/nosuch")
simple("absent server", "mount", f"{absent_address().ipv4}:/gv0")
simple(
    "symlink as storage dir", "mount", GV0, command=f"mkdir -p /run/ganeti && ln -s /tmp {REAL_DIR}"
)
simple("file as storage dir", "mount", GV0, command=f"mkdir -p /run/ganeti && touch {REAL_DIR}")
simple(
    "world-writable parent", "mount", GV0,
    command="mkdir -p /run/ganeti && chmod 777 /run/ganeti", undo="chmod 755 /run/ganeti",
)
simple(
    "tmpfs on the storage dir", "mount", GV0,
    command=f"mkdir -p {REAL_DIR} && mount -t tmpfs ram {REAL_DIR}", undo=f"umount {REAL_DIR}",
)
simple("invalid disk", "exists", "ganeti/../../etc/passwd", **AT_GV0)
simple("size of nothing", "create", DISK, 0, **AT_GV0)
simple("size beyond the volume", "create", DISK, 10**9, **AT_GV0)
MADE = f"mkdir -p {REAL_DIR}/ganeti"
AN_IMAGE = {"command": f"{MADE} && truncate -s 1M {IMAGE}", "undo": f"rm {IMAGE}"}
simple("negative growth", "grow", DISK, -1, **AT_GV0, **AN_IMAGE)
simple("absent image", "size", DISK, **AT_GV0)
simple("existing image", "create", DISK, 1, **AT_GV0, **AN_IMAGE)
simple(
    "unfinished image", "size", DISK, **AT_GV0,
    command=f"{MADE} && install -m 200 /dev/null {IMAGE}", undo=f"rm {IMAGE}",
)
simple(
    "directory as image", "size", DISK, **AT_GV0,
    command=f"mkdir -p {IMAGE}", undo=f"rmdir {IMAGE}",
)
simple(
    "symlink as image", "grow", DISK, 1, **AT_GV0,
    command=f"{MADE} && ln -s /etc/passwd {IMAGE}", undo=f"rm {IMAGE}",
)


@failure
def path_that_is_not_allowed(bed: Bed) -> LibraryError:
    bed.client.write_file("/etc/ganeti/file-storage-paths", "/srv/images\n")
    driver = bed.drivers()
    driver("disk", "disk", GV0, DISK)
    return bed.error("on", "disk", "attach", driver=driver)


@failure
def refusing_server(bed: Bed) -> LibraryError:
    address = bed.stack.enter_context(refusing_address(bed.cluster)).ipv4
    return bed.error("mount", f"{address}:/gv0")


@failure
def silent_server(bed: Bed) -> LibraryError:
    address = bed.stack.enter_context(blackholed_address(bed.cluster)).address.ipv4
    return bed.error("mount", f"{address}:/gv0")


@failure
def mute_server_alone(bed: Bed) -> LibraryError:
    address = bed.stack.enter_context(mute_server(bed.cluster)).address.ipv4
    return bed.error("mount", f"{address}:/gv0")


@failure
def glusterd_down_on_the_only_server(bed: Bed) -> LibraryError:
    bed.stack.enter_context(glusterd_down(bed.cluster, bed.cluster.node(1)))
    return bed.error("mount", GV0)


@failure
def stopped_volume(bed: Bed) -> LibraryError:
    # One of its own: a glusterd that was restarted, as by other tests, gives out the ports of bricks that it has ended.
    volume = bed.cluster.create_volume("gv2", replica=3)
    bed.stack.callback(volume.delete)
    volume.stop()
    return bed.error("mount", volume.source)


@failure
def mount_without_quorum(bed: Bed) -> LibraryError:
    bed.stack.enter_context(without_quorum(bed.volume))
    return bed.error("mount", GV0)


@failure
def mount_without_bricks(bed: Bed) -> LibraryError:
    bed.stack.enter_context(without_bricks(bed.volume))
    return bed.error("mount", GV0)


@failure
def missing_subdir(bed: Bed) -> LibraryError:
    # The helper's own status is 0 in some cases and 1 in others.
    bed.stack.enter_context(helper(bed.client, '/run/real-helper "$@"\nexit 1'))
    return bed.error("mount", "node1:/gv0/nosuch")


@failure
def helper_that_lies(bed: Bed) -> LibraryError:
    bed.stack.enter_context(helper(bed.client, "exit 0"))
    return bed.error("mount", GV0)


@failure
def another_volume_mounted_by_somebody(bed: Bed) -> LibraryError:
    bed.foreign_mount(bed.other_volume)
    return bed.error("mount", GV0)


@failure
def another_volume_that_a_disk_holds(bed: Bed) -> LibraryError:
    driver = bed.drivers()
    driver("mount", bed.other_volume.source)
    driver("hold", DISK)
    bed.stack.callback(driver, "drop-hold", DISK)
    return bed.error("mount", GV0)


@failure
def another_volume_in_use(bed: Bed) -> LibraryError:
    bed.drivers()("mount", bed.other_volume.source)
    return bed.error("mount", GV0)


@failure
def lock_held_too_long(bed: Bed) -> LibraryError:
    address = bed.stack.enter_context(mute_server(bed.cluster)).address.ipv4
    holder = bed.drivers()
    holder.send("mount", f"{address}:/gv0")
    await_condition(bed.client.fuse_mounts, "the holder mounts")
    error = bed.error("mount", GV0)
    with pytest.raises(LibraryError):
        holder.answer()
    return error


@failure
def unreachable_volume(bed: Bed) -> LibraryError:
    driver = bed.mounted()
    bed.stack.callback(bed.client.await_answer, REAL_DIR)
    bed.stack.enter_context(without_quorum(bed.volume))
    return await_error(driver, "check")


@failure
def unreachable_mount_of_somebody(bed: Bed) -> LibraryError:
    bed.foreign_mount(bed.volume)
    bed.stack.enter_context(without_quorum(bed.volume))
    await_condition(lambda: not bed.client.answers(REAL_DIR), "the client has noticed")
    return bed.error("mount", GV0)


@failure
def hung_client(bed: Bed) -> LibraryError:
    driver = bed.mounted()
    bed.stack.enter_context(stopped(bed.client.fuse_client(REAL_DIR)))
    return await_error(driver, "check")


def silent_mount(bed: Bed) -> None:
    bed.foreign_mount(bed.volume)
    bed.stack.enter_context(blackhole(bed.client))
    bed.stack.enter_context(request_in_flight(bed.client, REAL_DIR))


@failure
def silent_servers_of_a_mount(bed: Bed) -> LibraryError:
    silent_mount(bed)
    return bed.error("mount", GV0)


@failure
def hung_mount_that_somebody_waits_for(bed: Bed) -> LibraryError:
    silent_mount(bed)
    bed.error("mount", GV0)
    return bed.error("mount", GV0)


@failure
def mount_lost_before_an_operation(bed: Bed) -> LibraryError:
    driver = bed.mounted()
    kill_fuse_client(bed.client, REAL_DIR)
    bed.stack.callback(driver, "mount", GV0)
    return bed.error("check", driver=driver)


@failure
def connection_cut_off_from_a_living_client(bed: Bed) -> LibraryError:
    driver = bed.mounted()
    bed.stack.callback(driver, "mount", GV0)
    process = bed.client.fuse_client(REAL_DIR)
    bed.stack.callback(process.await_end)
    bed.stack.enter_context(stopped(process))
    (bed.client.fuse_connection(REAL_DIR) / "abort").write_text("1")
    assert process.running
    return await_error(bed.drivers(), "mount", GV0)


@failure
def transport_that_fuse_does_not_have(bed: Bed) -> LibraryError:
    bed.client.write_file("/etc/ganeti/gluster.toml", UNIX_SOCKET)
    return bed.error("mount", GV0)


@failure
def failure_of_another_process(bed: Bed) -> LibraryError:
    bed.error("mount", "node1:/nosuch")
    return bed.error("mount", "node1:/nosuch")
