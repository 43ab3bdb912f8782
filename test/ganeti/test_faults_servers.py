# SPDX-License-Identifier: BSD-2-Clause
"""The one server that Ganeti was told of is down; the volume is not."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cleanliness import assert_clean
from instances import Instances
from testbed import GanetiCluster
from testbed.faults import glusterd_down, power_cut

CONFIGURED = 3


@pytest.fixture(scope="module")
def ganeti() -> Iterator[GanetiCluster]:
    """Three nodes; the server that Ganeti's disk parameters name is the last."""
    with GanetiCluster(nodes=3) as ganeti:
        ganeti.install(Path(os.environ["GANETI_GLUSTER_BUILD"]))
        ganeti.enable()
        host = ganeti.node(CONFIGURED).full_name
        ganeti.master.gnt("cluster", "modify", "-D", f"gluster:host={host}")
        yield ganeti


@pytest.fixture
def placed(ganeti: GanetiCluster, instances: Instances, name: str) -> str:
    """An instance on the first node, which was on the second once."""
    instances.add(name, node=ganeti.node(2))
    ganeti.master.gnt("instance", "failover", "-f", "-n", ganeti.node(1).full_name, name)
    assert ganeti.node(2).fuse_mounts() == []
    return name


def test_instances_come_up_elsewhere_while_the_configured_server_is_down(
    ganeti: GanetiCluster, instances: Instances, placed: str
) -> None:
    with glusterd_down(ganeti.cluster, ganeti.node(CONFIGURED)):
        ganeti.master.gnt("instance", "failover", "-f", "-n", ganeti.node(2).full_name, placed)
        assert instances.status(placed) == "running"
        assert instances.node(placed) is ganeti.node(2)
        assert ganeti.node(1).fuse_mounts() == [] and len(ganeti.node(2).fuse_mounts()) == 1
    # A client that mounted without that server does not know where its brick is, and would leave
    # the image there until self-heal comes along. One that mounts now knows.
    ganeti.master.gnt("instance", "failover", "-f", "-n", ganeti.node(1).full_name, placed)
    instances.remove([placed])
    assert_clean(ganeti)


def test_instances_come_up_elsewhere_when_the_configured_server_is_dead(
    ganeti: GanetiCluster, instances: Instances, placed: str
) -> None:
    dead = ganeti.node(CONFIGURED)
    instances.add("other.example.com", node=dead)
    with power_cut(ganeti.cluster, dead):
        words = ("failover", "-f", "-n", ganeti.node(2).full_name)
        ganeti.master.gnt("instance", *words, placed)
        # Of an instance on the dead node itself Ganeti asks whether it is dead.
        ganeti.master.gnt_confirmed(
            "instance", *words, "--ignore-consistency", "other.example.com"
        )
        for one in (placed, "other.example.com"):
            assert instances.status(one) == "running"
            assert instances.node(one) is ganeti.node(2)
    ganeti.volume.await_healed()
    instances.remove([placed, "other.example.com"])
    assert_clean(ganeti)
