# SPDX-License-Identifier: BSD-2-Clause
"""What `gnt-cluster verify` says of ill nodes that have the hook."""

from collections.abc import Iterator

import pytest
from cleanliness import REAL_DIR
from instances import Instances
from testbed import GanetiCluster
from testbed.faults import kill_fuse_client

HOOK = "/usr/local/share/ganeti-gluster/hooks/gluster-mount"
HOOK_DIR = "/etc/ganeti/hooks/cluster-verify-post.d"


@pytest.fixture
def hooked(ganeti: GanetiCluster) -> Iterator[GanetiCluster]:
    """The cluster with the hook on each node."""
    for node in ganeti.nodes:
        node.run(["mkdir", "-p", HOOK_DIR])
        node.run(["ln", "-s", HOOK, HOOK_DIR])
    yield ganeti
    for node in ganeti.nodes:
        node.run(["rm", "-r", HOOK_DIR])


def verify(ganeti: GanetiCluster, *, fails: bool) -> str:
    # Some kernels have no /proc/sysrq-trigger.
    words = ("verify", "--ignore-errors=ENODESETUP")
    result = ganeti.master.gnt("cluster", *words, check=False)
    assert bool(result.returncode) == fails, result
    return result.stdout


def test_verification_passes_on_a_well_cluster_and_names_a_dead_mount(
    hooked: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name)
    assert "gluster-mount" not in verify(hooked, fails=False)
    kill_fuse_client(hooked.master, REAL_DIR)
    said = verify(hooked, fails=True)
    assert f"{hooked.master.full_name}: Script cluster-verify-post.d/gluster-mount failed" in said
    assert "gluster: dead; " in said
    assert hooked.node(2).full_name + ": Script" not in said


def test_verification_names_a_node_daemon_with_ganetis_own_module(hooked: GanetiCluster) -> None:
    node = hooked.node(2)
    node.run(["ganeti-gluster", "disable"])
    node.restart_noded()
    said = verify(hooked, fails=True)
    node.run(["ganeti-gluster", "enable"])
    node.restart_noded()
    assert f"{node.full_name}: Script cluster-verify-post.d/gluster-mount failed" in said
    assert "does not use the installed ganeti-gluster; " in said
    assert "gluster-mount" not in verify(hooked, fails=False)
