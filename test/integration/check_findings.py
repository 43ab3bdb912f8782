# SPDX-License-Identifier: BSD-2-Clause
"""What a check of a node can find: each of it made for real, on the mount and on the volume."""

from collections.abc import Callable, Sequence
from pathlib import Path

from driver import REAL_DIR, STORAGE_DIR, Driver, built
from failure_bed import Bed
from images import new_disk
from testbed import await_condition
from testbed.faults import (
    blackhole,
    glusterd_down,
    kill_fuse_client,
    mute_server,
    request_in_flight,
    stopped,
    without_quorum,
)

GV0 = "node1:/gv0"
DISK = "ganeti/11111111-2222-4333-8444-555555555555.0"
CHECK = built("tools/gluster-mount-check")
SETTINGS = "/etc/ganeti/gluster.toml"
LINKS = "/run/ganeti/instance-disks"
CLIENT_LOG = "/var/log/glusterfs/run-ganeti-gluster.log"

# Makes it, undone by the bed, and returns the options with which the check is to find it.
Provocation = Callable[[Bed], Sequence[str]]
FINDINGS: dict[str, Provocation] = {}


def finding(provoke: Provocation) -> Provocation:
    FINDINGS[provoke.__name__.upper()] = provoke
    return provoke


def used_by_instance(bed: Bed) -> Driver:
    """The volume is mounted for a disk of an instance that runs on this node."""
    driver = bed.mounted()
    bed.stack.callback(
        lambda: await_condition(lambda: not bed.client.processes_named("gluster-mount-check"), "no probe waits")
    )
    driver("hold", DISK)
    bed.stack.callback(lambda: bed.drivers()("drop-hold", DISK))
    bed.run(
        f"mkdir -p {LINKS} && ln -sfn {STORAGE_DIR}/{DISK} {LINKS}/inst1.example.com:0",
        f"rm -r {LINKS}",
    )
    return driver


@finding
def mount_dead(bed: Bed) -> Sequence[str]:
    driver = used_by_instance(bed)
    kill_fuse_client(bed.client, REAL_DIR)
    bed.stack.callback(driver, "mount", GV0)
    return ()


@finding
def mount_hung(bed: Bed) -> Sequence[str]:
    used_by_instance(bed)
    bed.stack.enter_context(stopped(bed.client.fuse_client(REAL_DIR)))
    return ("-t", "2")


@finding
def child_abandoned(bed: Bed) -> Sequence[str]:
    used_by_instance(bed)
    bed.stack.enter_context(blackhole(bed.client))
    bed.stack.enter_context(request_in_flight(bed.client, REAL_DIR))
    bed.client.run([CHECK, "-t", "2"], check=False)
    (child,) = bed.client.processes_named("gluster-mount-check")
    await_condition(lambda: child.age > 3, "it waits for long")
    return ("-t", "2")


@finding
def unreachable(bed: Bed) -> Sequence[str]:
    used_by_instance(bed)
    bed.stack.callback(bed.client.await_answer, REAL_DIR)
    bed.stack.enter_context(without_quorum(bed.volume))
    await_condition(lambda: not bed.client.answers(REAL_DIR), "the client has noticed")
    return ()


@finding
def cannot_tell(bed: Bed) -> Sequence[str]:
    bed.foreign_mount(bed.volume)
    bed.stack.enter_context(without_quorum(bed.volume))
    await_condition(lambda: not bed.client.answers(REAL_DIR), "the client has noticed")
    return ()


@finding
def wrong_volume(bed: Bed) -> Sequence[str]:
    bed.foreign_mount(bed.other_volume)
    return ()


@finding
def wrong_namespace(bed: Bed) -> Sequence[str]:
    bed.run(f"mkdir -p {REAL_DIR}")
    mounts = f"mount --make-rprivate / && mount -t glusterfs {GV0} {REAL_DIR} && echo up && exec cat"
    hidden = bed.client.popen(["unshare", "-m", "sh", "-ec", mounts], stdin=-1, stdout=-1)
    bed.stack.callback(hidden.end)
    assert hidden.stdout is not None and hidden.stdout.readline() == "up\n"
    # It is in that namespace as well, and so keeps itself alive.
    for client in bed.client.fuse_clients():
        bed.stack.callback(client.process.kill)
    return ()


@finding
def mount_stacked(bed: Bed) -> Sequence[str]:
    bed.mounted()
    rows = f"grep -c ' {REAL_DIR} ' /proc/self/mountinfo"
    bed.run(
        f"glusterfs --volfile-server=node1 --volfile-id=gv0 {REAL_DIR}",
        f'[ "$({rows})" = 1 ] || umount {REAL_DIR}',
    )
    return ()


@finding
def mount_read_only(bed: Bed) -> Sequence[str]:
    bed.client.mount(GV0, REAL_DIR, "ro")
    bed.stack.callback(lambda: bed.drivers()("mount", GV0))  # which forgets what is known of the other mount
    bed.stack.callback(bed.client.unmount, REAL_DIR)
    return ()


@finding
def write_failed(bed: Bed) -> Sequence[str]:
    mount_read_only(bed)
    return ("--write",)


@finding
def mount_missing(bed: Bed) -> Sequence[str]:
    used_by_instance(bed).end()
    bed.client.unmount(REAL_DIR)
    bed.stack.callback(lambda: bed.drivers()("mount", GV0))
    return ()


@finding
def mount_failed(bed: Bed) -> Sequence[str]:
    bed.error("mount", "node1:/nosuch")
    return ()


@finding
def mount_idle(bed: Bed) -> Sequence[str]:
    driver = bed.mounted()
    client = bed.client.fuse_client(REAL_DIR)
    driver.command.process.kill()
    bed.stack.callback(lambda: bed.drivers()("mount", GV0))
    await_condition(lambda: client.age > 11, "the mount is no new one")
    return ()


@finding
def stray_files(bed: Bed) -> Sequence[str]:
    bed.run(f"mkdir -p {REAL_DIR} && touch {REAL_DIR}/lost {REAL_DIR}/found")
    bed.stack.callback(bed.client.run, ["sh", "-c", f"rm {REAL_DIR}/lost {REAL_DIR}/found"])
    bed.stack.callback(bed.mounted().end)
    return ()


@finding
def lock_timeout(bed: Bed) -> Sequence[str]:
    address = bed.stack.enter_context(mute_server(bed.cluster)).address.ipv4
    holder = bed.drivers()
    holder.send("mount", f"{address}:/gv0")
    bed.stack.callback(holder.end)
    await_condition(bed.client.fuse_mounts, "the holder mounts")
    client = bed.client.fuse_clients()[0].process
    await_condition(lambda: client.age > 3, "it has the lock for longer than anybody waits")
    return ("-t", "3")


@finding
def hold_stale(bed: Bed) -> Sequence[str]:
    driver = bed.mounted()
    driver("hold", DISK)
    bed.stack.callback(driver, "drop-hold", DISK)
    # As if it had been written at the beginning of this boot.
    (record,) = bed.client.path("/run/ganeti-gluster").glob("*/holds/*")
    lines = record.read_text().splitlines()
    record.write_text("".join("since = 1\n" if line.startswith("since") else line + "\n" for line in lines))
    return ()


@finding
def server_down(bed: Bed) -> Sequence[str]:
    bed.mounted()
    bed.stack.enter_context(glusterd_down(bed.cluster, bed.cluster.node(2)))
    return ()


@finding
def servers_down(bed: Bed) -> Sequence[str]:
    bed.mounted()
    nodes = [bed.cluster.node(number) for number in (1, 2, 3)]
    bed.stack.callback(bed.cluster.await_pool)
    for node in nodes:
        bed.stack.callback(node.start_glusterd)
        node.glusterd().kill()
    return ()


@finding
def space_low(bed: Bed) -> Sequence[str]:
    used_by_instance(bed)
    return ("-w", "100:", "-c", "100:")


@finding
def inodes_low(bed: Bed) -> Sequence[str]:
    return space_low(bed)


def may_write(file: Path) -> bool:
    try:
        file.open("r+b").close()
    except PermissionError:
        return False
    return True


@finding
def root_squashed(bed: Bed) -> Sequence[str]:
    driver = bed.mounted()
    driver("create", DISK, 1)
    bed.stack.callback(driver, "remove", DISK)
    bed.stack.callback(bed.volume.set, {"server.root-squash": "off"})
    bed.volume.set({"server.root-squash": "on"})
    image = bed.client.path(f"{REAL_DIR}/{DISK}")
    await_condition(lambda: not may_write(image), "the volume turns root into nobody")
    return ()


@finding
def unfinished_image(bed: Bed) -> Sequence[str]:
    bed.mounted()
    bed.run(
        f"mkdir -p {REAL_DIR}/ganeti && install -m 200 /dev/null {REAL_DIR}/{DISK} &&"
        f"touch -d '5 minutes ago' {REAL_DIR}/{DISK}",
        f"rm -f {REAL_DIR}/{DISK}",
    )
    return ()


@finding
def mount_slow(bed: Bed) -> Sequence[str]:
    """The client stands still for a little more than a second while it is asked."""
    bed.client.write_file(SETTINGS, bed.client.path(SETTINGS).read_text().replace('"1s"', '"9s"'))
    used_by_instance(bed)
    process = bed.client.fuse_client(REAL_DIR)
    bed.stack.enter_context(stopped(process))
    bed.client.run(["touch", CLIENT_LOG])
    script = f"until [ \"$(find /run/ganeti-gluster -name 'probe-*' -newer {CLIENT_LOG} -size +0)\" ]; do :; done"
    asked = bed.client.popen(["sh", "-c", f"{script}; sleep 1.5; kill -CONT {process.namespace_pids[-1]}"])
    bed.stack.callback(asked.end)
    return ()


def labelled_image(bed: Bed, **label: str) -> str:
    """An image that says of itself whose it is."""
    disk = new_disk()
    text = "".join(f"{key} = {value}\\n" for key, value in (label | {"disk": disk}).items())
    bed.run(
        f"mkdir -p {REAL_DIR}/ganeti && truncate -s 1M {REAL_DIR}/{disk} && chmod 600 {REAL_DIR}/{disk} &&"
        f" setfattr -n user.ganeti.label -v \"$(printf '{text}')\" {REAL_DIR}/{disk}",
        f"rm {REAL_DIR}/{disk}",
    )
    return disk
