# SPDX-License-Identifier: BSD-2-Clause
"""Disks in userspace access whose paths a program needs: the volume is mounted for that program."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest
from node_daemon import NodeDaemon, RequestFailed, ganeti_disk, ganeti_instance
from storage_disk import MIB, brick_files
from test_requests import create
from testbed import Client, MountWatch, Volume, await_condition, watched_mounts

pytestmark = pytest.mark.usefixtures("worker")

NAME = "inst1.example.com"
OS_DIR = "/usr/local/lib/ganeti/os/probe"
SCRATCH = "/run/probe"
# Where Debian's Ganeti looks for its daemon; ours is a program that has the path and does not end.
DAEMON = "/etc/ganeti/share/import-export"
# Every script of the operating system: writes its name and what GlusterFS mounts there are into the
# disk, waits if there is something to wait for, and ends as it is told.
SCRIPT = f"""\
#!/bin/sh
path=${{IMPORT_DEVICE:-$DISK_0_PATH}}
printf '%s %s' "${{0##*/}}" "$(grep -c ' fuse.glusterfs ' /proc/self/mountinfo)" |
  dd of="$path" conv=notrunc,fsync status=none || exit 9
if [ -p {SCRATCH}/wait ]; then : >{SCRATCH}/waits; read -r _ <{SCRATCH}/wait; fi
[ ! -e {SCRATCH}/fail ]
"""


@pytest.fixture
def probe(client: Client) -> Iterator[None]:
    """An operating system whose scripts use the path of the first disk."""
    folders = ["/etc/ganeti/share", "/run/ganeti/import-export", "/var/log/ganeti/os"]
    client.run(["mkdir", "-p", OS_DIR, SCRATCH, *folders])
    scripts = [f"{OS_DIR}/{name}" for name in ("create", "rename", "import", "export", "verify")]
    for path in (*scripts, DAEMON):
        client.write_file(path, SCRIPT)
    client.run(["chmod", "+x", *scripts, DAEMON])
    client.write_file(f"{OS_DIR}/ganeti_api_version", "20\n")
    client.write_file(f"{OS_DIR}/parameters.list", "")
    client.write_file("/var/lib/ganeti/server.pem", "")
    yield
    client.run(["rm", "-rf", "/usr/local/lib/ganeti", SCRATCH])


@pytest.fixture
def described(
    client: Client, volume: Volume, daemon: NodeDaemon, disk: str
) -> Iterator[dict[str, Any]]:
    """A disk in userspace that an instance has."""
    described = ganeti_disk(volume, disk, access="userspace")
    create(daemon, described)
    daemon("BlockdevAssemble", described, {"instance": NAME}, True, 0)
    yield described
    daemon("BlockdevRemove", described)


@pytest.fixture
def watch(client: Client, described: dict[str, Any]) -> Iterator[MountWatch]:
    with watched_mounts(client) as watch:
        yield watch


def holds(client: Client) -> list[str]:
    """The disks whose paths are held."""
    words = ["find", "/run/ganeti-gluster", "-path", "*/holds/*", "-printf", "%f\\n"]
    return client.run(words, check=False).stdout.split()


def assert_once(client: Client, watch: MountWatch) -> None:
    """The volume was mounted, once, and is not any more; nothing holds it."""
    mounted = [bool(rows) for rows in watch.changes()]
    assert True in mounted and mounted == sorted(mounted, reverse=True) and not mounted[-1]
    assert holds(client) == []


def first_bytes(volume: Volume, disk: str, count: int) -> bytes:
    """The same on each copy."""
    (content,) = {file.read_bytes()[:count] for file in brick_files(volume, disk)}
    return content


# Call, its arguments (INSTANCE and DISK stand for what there is), and what is on the disk then.
INSTANCE, DISK = object(), object()
CALLS = {
    "BlockdevWipe": ([DISK, 0, 4], b"\0\0\0\0\0\0\0\0"),
    "BlockdevImage": ([DISK, "/etc/ganeti/image", 1], b"an image"),
    "InstanceOsAdd": ([INSTANCE, False, 0], b"create 1"),
    "RunRenameInstance": ([INSTANCE, "old", 0], b"rename 1"),
}


def filled_in(arguments: list[Any], disk: dict[str, Any]) -> list[Any]:
    found = {INSTANCE: ganeti_instance(NAME, disk), DISK: disk}
    return [found[item] if item in (INSTANCE, DISK) else item for item in arguments]


@pytest.mark.parametrize("call", CALLS)
def test_the_volume_is_mounted_for_a_program_and_no_longer(
    client: Client,
    volume: Volume,
    daemon: NodeDaemon,
    probe: None,
    described: dict[str, Any],
    watch: MountWatch,
    disk: str,
    call: str,
) -> None:
    client.write_file("/etc/ganeti/image", "an image" + "\0" * (MIB - 8))
    arguments, content = CALLS[call]
    daemon(call, *filled_in(arguments, described))
    assert_once(client, watch)
    assert first_bytes(volume, disk, len(content)) == content


def test_a_program_that_fails_leaves_no_mount(
    client: Client, daemon: NodeDaemon, probe: None, described: dict[str, Any], watch: MountWatch
) -> None:
    client.write_file(f"{SCRATCH}/fail", "")
    for call in ("InstanceOsAdd", "RunRenameInstance"):
        with pytest.raises(RequestFailed, match="script failed"):
            daemon(call, *filled_in(CALLS[call][0], described))
        assert_once(client, watch)
    with pytest.raises(RequestFailed, match="bigger than device size"):
        daemon("BlockdevWipe", described, 0, 5)
    assert_once(client, watch)


def test_a_path_that_was_held_before_is_held_afterwards(
    client: Client,
    volume: Volume,
    daemon: NodeDaemon,
    probe: None,
    described: dict[str, Any],
    watch: MountWatch,
    disk: str,
) -> None:
    """A guest that was started in kernelspace runs on while its access is changed."""
    daemon("BlockdevOpen", NAME, [ganeti_disk(volume, disk)], True)
    assert [bool(rows) for rows in watch.changes()] == [True]
    daemon("BlockdevWipe", described, 0, 4)
    daemon("InstanceOsAdd", ganeti_instance(NAME, described), False, 0)
    assert watch.changes() == [] and len(holds(client)) == 1
    daemon("BlockdevShutdown", described)
    assert_once_unmounted(client, watch)


def assert_once_unmounted(client: Client, watch: MountWatch) -> None:
    assert watch.changes() == [[]] and holds(client) == []


def test_a_daemon_that_outlives_its_request_keeps_the_path_until_the_shutdown(
    client: Client,
    volume: Volume,
    daemon: NodeDaemon,
    probe: None,
    described: dict[str, Any],
    watch: MountWatch,
    disk: str,
) -> None:
    client.run(["mkfifo", f"{SCRATCH}/wait"])
    daemon("start_import", ganeti_instance(NAME, described), "script", [described, 0])
    await_condition(lambda: client.path(f"{SCRATCH}/waits").exists(), "the daemon waits")
    assert first_bytes(volume, disk, 15) == b"import-export 1"
    client.run(["sh", "-c", f"echo go >{SCRATCH}/wait"])
    await_condition(lambda: not client.processes_named("import-export"), "the daemon ends")
    assert [bool(rows) for rows in watch.changes()] == [True] and len(holds(client)) == 1
    daemon("BlockdevShutdown", described)
    assert_once_unmounted(client, watch)


def test_a_daemon_that_cannot_be_started_or_needs_no_path_leaves_no_mount(
    client: Client, daemon: NodeDaemon, probe: None, described: dict[str, Any], watch: MountWatch
) -> None:
    instance = ganeti_instance(NAME, described)
    daemon("start_import", instance, "raw", [described])
    assert watch.changes() == []
    client.run(["rm", "/var/lib/ganeti/server.pem"])
    with pytest.raises(RequestFailed, match="server.pem' does not exist"):
        daemon("start_import", instance, "script", [described, 0])
    assert_once(client, watch)


def test_the_shutdown_takes_the_path_of_a_request_that_was_killed(
    client: Client, daemon: NodeDaemon, probe: None, described: dict[str, Any], watch: MountWatch
) -> None:
    client.run(["mkfifo", f"{SCRATCH}/wait"])
    daemon.send("InstanceOsAdd", ganeti_instance(NAME, described), False, 0)
    await_condition(lambda: client.path(f"{SCRATCH}/waits").exists(), "the script waits")
    (request,) = daemon.command.process.children()
    request.send(signal.SIGKILL)
    await_condition(lambda: not daemon.command.process.children(), "the request is gone")
    # The script goes on, on the mount.
    assert [bool(rows) for rows in watch.changes()] == [True] and len(holds(client)) == 1
    client.run(["sh", "-c", f"echo go >{SCRATCH}/wait"])
    await_condition(lambda: not client.processes_named("create"), "the script ends")
    daemon("BlockdevShutdown", described)
    assert_once_unmounted(client, watch)
