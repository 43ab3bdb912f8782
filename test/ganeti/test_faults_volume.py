# SPDX-License-Identifier: BSD-2-Clause
"""The volume is stopped or unknown, or its server has no name: Ganeti says so; nothing is lost."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cleanliness import assert_clean, known_disks
from ill_mounts import foreign_mount
from instances import DISK, MAKE, QEMU, Instances
from testbed import GanetiCluster, GanetiNode, await_condition

# Of a mounted volume all of whose bricks are gone, and of one that cannot be mounted for that.
NO_BRICK = (
    "cannot use the mount of node1.example.com:/gv0: the client lives, but the volume has no"
    " quorum or no brick: Transport endpoint is not connected; check with: gluster volume status"
    " gv0; the mount recovers when the bricks return\n"
)
STOPPED = "cannot mount node1.example.com:/gv0: the volume gv0 is stopped, or too few of its bricks"
FOREIGN = "a file system of type tmpfs (source foreign) is mounted there; it was not touched"


def said(ganeti: GanetiCluster, command: str, *words: str) -> str:
    """What an admin reads of a command that fails."""
    result = ganeti.master.gnt(command, *words, check=False)
    assert result.returncode != 0, result
    return result.stdout + result.stderr


def await_well(node: GanetiNode) -> None:
    """Clients need some seconds to connect to bricks that came back."""
    words = ["ganeti-gluster", "status", "--json"]
    await_condition(
        lambda: json.loads(node.run(words, check=False).stdout)["state"] == "well",
        f"the mount of {node.name} is well",
    )


@contextmanager
def stopped_volume(ganeti: GanetiCluster) -> Iterator[None]:
    ganeti.volume.stop()
    try:
        yield
    finally:
        ganeti.volume.start()


@pytest.fixture
def modified(ganeti: GanetiCluster) -> Iterator[GanetiCluster]:
    """What a test sets of the cluster's disk parameters is set back."""
    yield ganeti
    home = f"gluster:host={ganeti.master.full_name},volume={ganeti.volume.name}"
    ganeti.master.gnt("cluster", "modify", "-D", home)


def test_a_stopped_volume_is_named_and_all_is_well_when_it_is_back(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node, other = ganeti.nodes
    machine = "machine.example.com"
    instances.add(name)
    instances.add(machine, *QEMU, "--no-install")
    ganeti.master.gnt("instance", "start", machine)
    (client,) = node.fuse_clients()
    with stopped_volume(ganeti):
        for words in (("info", name), ("grow-disk", name, "0", "16m"), ("migrate", "-f", machine)):
            assert NO_BRICK in said(ganeti, "instance", *words)
        add = ("add", *MAKE, *DISK, "-n", other.full_name, "new.example.com")
        assert STOPPED in said(ganeti, "instance", *add)
        # An instance can be stopped, and with it goes this node's claim.
        ganeti.master.gnt("instance", "stop", name)
        assert NO_BRICK in said(ganeti, "instance", "start", name)
        storage = ganeti.master.gnt("node", "list-storage", "--storage-type=gluster").stdout
        assert NO_BRICK in storage and STOPPED in storage
    await_well(node)
    assert node.fuse_clients() == [client]
    ganeti.master.gnt("instance", "start", name)
    ganeti.master.gnt("instance", "grow-disk", name, "0", "16m")
    ganeti.master.gnt("instance", "migrate", "-f", machine)
    assert instances.node(machine) is other
    assert instances.status(name) == instances.status(machine) == "running"
    instances.remove([name, machine])
    assert_clean(ganeti)


def test_removal_fails_where_the_volume_cannot_be_asked_and_can_be_repeated(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    first, last = ganeti.nodes
    remote = "remote.example.com"
    instances.add(name)
    instances.add(remote, node=last)
    known = known_disks(ganeti)
    with foreign_mount(first), stopped_volume(ganeti):
        # Ganeti tries for half a minute.
        jobs = [ganeti.master.submit("instance", "remove", "-f", one) for one in (name, remote)]
        texts = [said(ganeti, "job", "watch", job) for job in jobs]
    for text, cause in zip(texts, (FOREIGN, NO_BRICK)):
        assert "Could not remove disk 0 on node" in text and cause in text
        assert "Can't remove instance's disks" in text
    await_well(last)
    assert set(instances.names()) == {name, remote} and known_disks(ganeti) == known
    # With every image still there for its instance, which can start.
    ganeti.master.gnt("instance", "start", "--force-multiple", name, remote)
    assert_clean(ganeti)
    instances.remove([name, remote])
    assert known_disks(ganeti).total() == 0
    assert_clean(ganeti)


def test_the_message_has_the_cause_and_not_what_came_of_it(
    modified: GanetiCluster, name: str
) -> None:
    master = modified.master
    add = ("add", *MAKE, *DISK, "-n", master.full_name, name)
    master.gnt("cluster", "modify", "-D", "gluster:volume=nosuch")
    text = said(modified, "instance", *add)
    assert f"{master.full_name}:/nosuch: the servers know no volume nosuch; check the name" in text
    master.gnt("cluster", "modify", "-D", "gluster:host=nosuch.example.com")
    text = said(modified, "instance", *add)
    assert "cannot mount nosuch.example.com:/nosuch: " in text
    assert "the name nosuch.example.com does not resolve; " in text
