# SPDX-License-Identifier: BSD-2-Clause
"""What `gnt-cluster verify` says of ill nodes that have the hook."""

from collections.abc import Iterator

import pytest
from cleanliness import REAL_DIR
from ill_mounts import foreign_mount
from instances import Instances
from testbed import GanetiCluster, GanetiNode
from testbed.faults import kill_fuse_client

HOOK = "/usr/local/share/ganeti-gluster/hooks/cluster-verify-post.d/50-ganeti-gluster"
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


def script_failed(ganeti: GanetiCluster, node: GanetiNode) -> str:
    """How Ganeti says so: results of hooks name nodes by their UUID."""
    words = ["list", "--no-headers", "-o", "uuid", node.full_name]
    uuid = ganeti.master.gnt("node", *words).stdout.strip()
    return f"ERROR: node {uuid}: Script cluster-verify-post.d/50-ganeti-gluster failed"


def test_verification_mends_a_dead_mount_and_names_a_foreign_one(
    hooked: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name)
    # It asks for the state of each disk that is in use, and that mounts afresh.
    kill_fuse_client(hooked.master, REAL_DIR)
    assert "50-ganeti-gluster" not in verify(hooked, fails=False)
    assert len(hooked.master.fuse_clients()) == 1
    with foreign_mount(hooked.master):
        said = verify(hooked, fails=True)
    assert script_failed(hooked, hooked.master) in said
    assert "WRONG_VOLUME: " in said and "(source foreign)" in said
    assert script_failed(hooked, hooked.node(2)) not in said
    instances.remove([name])


def test_verification_names_a_node_daemon_with_ganetis_own_module(hooked: GanetiCluster) -> None:
    node = hooked.node(2)
    node.run(["ganeti-gluster", "disable"])
    node.restart_noded()
    said = verify(hooked, fails=True)
    node.run(["ganeti-gluster", "enable"])
    node.restart_noded()
    assert script_failed(hooked, node) in said
    assert "BACKEND_INACTIVE: " in said
    assert "50-ganeti-gluster" not in verify(hooked, fails=False)
