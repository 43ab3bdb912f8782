# SPDX-License-Identifier: BSD-2-Clause
"""What `status` tells of the volume's space and images."""

import os

import pytest
from driver import REAL_DIR
from images import MIB, new_disk
from test_tool import ask, tool
from testbed import Client, Volume, watched_mounts
from tool_disks import mounted

SETTINGS = "/etc/ganeti/gluster.toml"


@pytest.fixture(autouse=True)
def default_volume(client: Client, gv0: Volume) -> None:
    """The node has never used a volume, and is told of this one."""
    client.write_file(SETTINGS, f'default_volume = "{gv0.source}"\n')


def test_space_and_images_are_told_without_a_mount(
    client: Client, gv0: Volume, worker: None
) -> None:
    disks = {new_disk(): 3, new_disk(): 900, new_disk(): 900}
    before = ask(client, "status")["usage"]
    with watched_mounts(client) as watch:
        for disk, mib in disks.items():
            tool(client, "disk", "create", disk, "--size", str(mib), "--overcommit", "allow")
        usage = ask(client, "status")["usage"]
        said = tool(client, "status").stdout
        assert watch.changes() == []
    assert usage["volume"] == gv0.source
    assert usage["images"] == before["images"] + 3
    assert usage["images_bytes"] == before["images_bytes"] + 1803 * MIB
    assert usage["overcommit"] == pytest.approx(usage["images_bytes"] / usage["size_bytes"])
    assert usage["overcommit"] > 1
    assert f"{usage['images']}, " in said and f"{usage['overcommit']:.2f} of the volume" in said
    with mounted(client, gv0):
        space = os.statvfs(client.path(REAL_DIR))
        assert usage["size_bytes"] == space.f_blocks * space.f_frsize
        assert ask(client, "status")["usage"]["images_bytes"] == usage["images_bytes"]
    for disk in disks:
        tool(client, "disk", "rm", "-f", disk)


def test_without_libgfapi_only_a_mount_that_is_there_is_asked(
    client: Client, gv0: Volume
) -> None:
    with watched_mounts(client) as watch:
        assert ask(client, "status")["usage"] is None
        assert "images:" not in tool(client, "status").stdout
        assert watch.changes() == []
    with mounted(client, gv0):
        assert ask(client, "status")["usage"]["volume"] == gv0.source


def test_a_volume_that_does_not_answer_is_told_and_no_failure(
    client: Client, gv0: Volume, worker: None
) -> None:
    client.write_file(SETTINGS, 'default_volume = "node1:/nosuch"\n')
    usage = ask(client, "status")["usage"]
    assert "the servers know no volume nosuch" in usage["error"]
    assert "space: node1:/nosuch: cannot connect" in tool(client, "status").stdout
