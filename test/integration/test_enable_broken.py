# SPDX-License-Identifier: BSD-2-Clause
"""Our library cannot be loaded: the node daemon starts, and only disks on Gluster do not work."""

import pytest
from ganeti_machine import IN_FORCE
from switched_node import (
    SwitchedNode,
    disk_script,
    installed,  # noqa: F401
    node,  # noqa: F401
    own_cluster,  # noqa: F401
)

# No library, one without our functions, and what is no library at all.
BROKEN = {"missing": "", "another": "/lib/x86_64-linux-gnu/libz.so.1", "cut off": "/etc/hostname"}


@pytest.mark.parametrize("kind", BROKEN)
def test_nothing_is_switched_to_a_library_that_cannot_be_loaded(
    node: SwitchedNode, kind: str
) -> None:
    with node.broken_library(BROKEN[kind]):
        said = node.tool("enable", status=1)
        assert "Python cannot load ganeti-gluster: " in said and "ImportError: " in said
        assert node.is_off()


@pytest.mark.parametrize("kind", BROKEN)
def test_a_node_daemon_starts_without_our_library_and_says_why(
    node: SwitchedNode, kind: str
) -> None:
    node.tool("enable")
    with node.broken_library(BROKEN[kind]):
        assert node.loaded() == "ganeti.storage.gluster"
        [tree] = node.ask("status", status=1)["ganeti"]
        assert tree["backend"] == "ours" and "ImportError: " in tree["error"]
        assert "BROKEN" in node.tool("status", status=1)
        assert "ImportError: " in node.tool("enable", status=1)
        for action in ("disk.Shutdown()", "disk.Close()", "disk.GetActualDimensions()"):
            assert node.python(disk_script(action)).endswith("None\n")
        for action in (
            "disk.Assemble()",
            "disk.Open()",
            "disk.Remove()",
            "disk.Grow(1, True, True, None)",
            "disk.size",
            "disk.Import()",
            "gluster.GlusterStorage.Create(disk.unique_id, [], 64, None, {}, False, {})",
            "gluster.GlusterVolume('node1', 24007, 'gv0')",
            "container.GetStorage(constants.ST_GLUSTER, ['/run']).List(None, ['size'])",
        ):
            said = node.python(disk_script(action))
            assert "refused: ganeti-gluster cannot be loaded: ImportError: " in said
            assert "ganeti-gluster disable\n" in said
        node.tool("disable")
        assert node.is_off()
    node.tool("enable")
    assert node.loaded() == "ganeti_gluster.backend"


def test_disks_of_other_templates_work_without_our_library(node: SwitchedNode) -> None:
    node.tool("enable")
    folder = "/run/ganeti/file-disks"
    node.shell(f"mkdir -p /etc/ganeti {folder}; echo {folder} >/etc/ganeti/file-storage-paths")
    with node.broken_library(""):
        said = node.python(
            f"name = ('loop', '{folder}/disk0')\n"
            "disk = bdev.FileStorage.Create(name, [], 8, None, {}, False, {})\n"
            "disk.Assemble()\nprint(disk.GetActualSize())\n"
        )
        assert said.endswith(f"{8 << 20}\n")
    node.shell(f"rm -r {folder} /etc/ganeti/file-storage-paths")


def test_our_module_alone_is_taken_away_without_the_package(node: SwitchedNode) -> None:
    node.tool("enable")
    node.shell("mv /usr/local/share/ganeti-gluster /run/aside")
    assert node.ask("status")["ganeti"][0]["backend"] == "outdated"
    assert "install ganeti-gluster again" in node.tool("enable", status=1)
    assert node.read(IN_FORCE) == node.ours
    node.tool("disable")
    assert node.is_off()
    node.shell("mv /run/aside /usr/local/share/ganeti-gluster")
