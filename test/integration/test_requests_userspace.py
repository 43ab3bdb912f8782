# SPDX-License-Identifier: BSD-2-Clause
"""The node daemon's requests for disks in userspace access: none of them mounts the volume, not
even for a moment.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from driver import STORAGE_DIR, built
from node_daemon import NodeDaemon, RequestFailed, ganeti_disk
from storage_disk import MIB, brick_files
from test_requests import INFO, create
from testbed import Client, MountWatch, Volume, watched_mounts

pytestmark = pytest.mark.usefixtures("worker")

NAME = "inst1.example.com"
INSTANCE = {"instance": NAME}
# Where the package runs the tool.
TOOL = "/usr/local/sbin/ganeti-gluster"


@pytest.fixture
def watch(client: Client) -> Iterator[MountWatch]:
    with watched_mounts(client) as watch:
        yield watch


@pytest.fixture
def tool(client: Client) -> Iterator[str]:
    """The tool where the package expects it."""
    client.run(["ln", "-s", built("tools/ganeti-gluster"), TOOL])
    yield TOOL
    client.run(["rm", TOOL])


@pytest.fixture
def ask(daemon: NodeDaemon, watch: MountWatch) -> Callable[..., Any]:
    """A request, by which nothing was mounted."""

    def ask(call: str, *arguments: Any) -> Any:
        try:
            return daemon(call, *arguments)
        finally:
            assert watch.changes() == [], call

    return ask


def test_the_life_of_a_disk_without_a_mount(
    client: Client, volume: Volume, ask: Callable[..., Any], disk: str
) -> None:
    described = ganeti_disk(volume, disk, access="userspace")
    path = f"{STORAGE_DIR}/{disk}"
    uri = f"/{volume.name}/{disk}"
    assert ask("BlockdevFind", described) is None
    create(ask, described)
    assembled = ask("BlockdevAssemble", described, INSTANCE, True, 0)
    assert assembled[0] == path and assembled[2].endswith(uri)
    assert ask("link", NAME, [described]) == assembled[1:2]
    assert ask("BlockdevFind", described)["dev_path"] == path
    assert ask("device", described)["attached"]
    assert ask("BlockdevGetdimensions", [described]) == [[4 * MIB, None]]
    for dry, backing in ((True, True), (False, True), (False, False)):
        ask("BlockdevGrow", described, 2, dry, backing, False)
    assert ask("BlockdevGetdimensions", [described]) == [[6 * MIB, None]]
    ask("BlockdevSetInfo", described, INFO)
    assert ask("BlockdevGetmirrorstatus", [described])[0]["is_degraded"] is False
    assert ask("BlockdevGetmirrorstatusMulti", [described])[0][1]["is_degraded"] is False
    assert ask("BlockdevPauseResumeSync", [described], True) == [[True, None]]
    with pytest.raises(RequestFailed, match="snapshot"):
        ask("BlockdevSnapshot", described, "snap", 4)
    ask("BlockdevOpen", NAME, [described], False)
    ask("BlockdevClose", NAME, [described])
    renamed = ganeti_disk(volume, f"{disk[:-1]}7", access="userspace")
    ask("BlockdevRename", [[described, renamed["disk"]["logical_id"]]])
    assert brick_files(volume, f"{disk[:-1]}7") and not brick_files(volume, disk)
    ask("BlockdevShutdown", renamed)
    ask("BlockdevRemove", renamed)
    assert not brick_files(volume, f"{disk[:-1]}7")
    assert ask("BlockdevFind", renamed) is None


def test_content_goes_from_disk_to_disk_without_a_mount(
    client: Client,
    volume: Volume,
    ask: Callable[..., Any],
    watch: MountWatch,
    disk: str,
    tool: str,
) -> None:
    source, target = (
        ganeti_disk(volume, name, access="userspace") for name in (disk, f"{disk[:-1]}1")
    )
    for one in (source, target):
        create(ask, one)
    content = "x" * MIB + "\0" * 3 * MIB
    words = ask("import_command", source)
    client.run(words, input=content)
    ask("BlockdevConvert", source, target)
    words = ask("export_command", target)
    assert client.run(words).stdout == content
    assert watch.changes() == []
    for one in (source, target):
        ask("BlockdevRemove", one)


def test_space_is_listed_without_a_mount(
    client: Client, volume: Volume, ask: Callable[..., Any]
) -> None:
    client.write_file("/etc/ganeti/gluster.toml", f'default_volume = "{volume.source}"\n')
    ((name, size),) = ask("storage_list", "gluster", [STORAGE_DIR], None, ["name", "size"])
    assert name == STORAGE_DIR and size > 0


@pytest.mark.parametrize("access", ["kernelspace", "something"])
def test_a_look_at_a_stopped_disk_in_kernelspace_does_not_mount_either(
    client: Client, volume: Volume, daemon: NodeDaemon, disk: str, access: str
) -> None:
    """What Ganeti does not know as userspace it starts by the path: there using a disk mounts."""
    described = ganeti_disk(volume, disk, access=access)
    create(daemon, described)
    assert client.fuse_mounts()
    daemon("BlockdevShutdown", described)
    with watched_mounts(client) as watch:
        assert daemon("BlockdevFind", described)["dev_path"] == f"{STORAGE_DIR}/{disk}"
        assert daemon("BlockdevGetdimensions", [described]) == [[4 * MIB, None]]
        assert daemon("BlockdevGetmirrorstatus", [described])[0]["is_degraded"] is False
        daemon("BlockdevShutdown", described)
        daemon("BlockdevRemove", described)
        assert watch.changes() == []


def test_a_disk_changes_its_access_while_it_is_shut_down(
    client: Client, volume: Volume, daemon: NodeDaemon, disk: str
) -> None:
    kernelspace, userspace = (
        ganeti_disk(volume, disk, access=access) for access in ("kernelspace", "userspace")
    )
    create(daemon, kernelspace)
    # A guest that was started in kernelspace keeps its mount until it is stopped.
    daemon("BlockdevAssemble", userspace, INSTANCE, True, 0)
    daemon("BlockdevGrow", userspace, 2, False, True, False)
    assert client.fuse_mounts()
    daemon("BlockdevShutdown", userspace)
    assert not client.fuse_mounts()
    daemon("BlockdevAssemble", userspace, INSTANCE, True, 0)
    assert not client.fuse_mounts()
    daemon("BlockdevShutdown", userspace)
    daemon("BlockdevAssemble", kernelspace, INSTANCE, True, 0)
    assert client.fuse_mounts()
    daemon("BlockdevShutdown", kernelspace)
    assert not client.fuse_mounts()
    daemon("BlockdevRemove", kernelspace)
