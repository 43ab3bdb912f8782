# SPDX-License-Identifier: BSD-2-Clause
"""Ganeti comes up on the testbed, with its own backend, and nothing of it shows on the host."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_lifetime import network_namespaces, traces_of

from testbed import CommandError, GanetiCluster, GanetiNode
from testbed.faults import power_cut

# Where Ganeti's own backend leaves an empty folder on each node.
STRAY = Path("/ganeti")
MAKE = ("--no-name-check", "--no-ip-check", "-t", "gluster", "-s", "16m", "-o", "pattern")


@pytest.fixture(scope="module")
def ganeti() -> Iterator[GanetiCluster]:
    with GanetiCluster(nodes=2) as ganeti:
        yield ganeti


@pytest.fixture
def instance(ganeti: GanetiCluster) -> Iterator[str]:
    """The name of an instance on node1, made by the test and removed after it."""
    name = "inst1.example.com"
    yield name
    ganeti.master.gnt("instance", "remove", "-f", name)


def add(ganeti: GanetiCluster, name: str, *words: str) -> None:
    ganeti.master.gnt("instance", "add", *MAKE, "-n", ganeti.node(1).full_name, *words, name)


def images(ganeti: GanetiCluster) -> list[list[Path]]:
    """The images of disks as each brick has them."""
    return [
        sorted(brick.node.path(f"{brick.path}/ganeti").glob("*-*"))
        for brick in ganeti.volume.bricks
    ]


def qemus(node: GanetiNode) -> int:
    return len(node.processes_named("qemu-system-x86_64"))


def test_ganeti_is_content_with_the_cluster(ganeti: GanetiCluster) -> None:
    # Some kernels have no /proc/sysrq-trigger.
    verify = ganeti.master.gnt("cluster", "verify", "--ignore-errors=ENODESETUP")
    assert "ERROR" not in verify.stdout
    names = ganeti.master.gnt("node", "list", "--no-headers", "-o", "name").stdout.split()
    assert names == [node.full_name for node in ganeti.nodes]


def test_an_instance_has_an_image_with_the_text_of_its_operating_system(
    ganeti: GanetiCluster, instance: str
) -> None:
    add(ganeti, instance)
    found = images(ganeti)
    assert [len(one) for one in found] == [1, 1]
    for (image,) in found:
        with open(image, "rb") as disk:
            assert disk.readline().decode() == f"disk 0 of {instance}\n"
    folders = [node.path(str(STRAY)).is_dir() for node in ganeti.nodes]
    assert folders == [True, False] and not STRAY.exists()


def test_a_machine_of_qemu_migrates(ganeti: GanetiCluster, instance: str) -> None:
    add(ganeti, instance, "-H", "kvm", "-B", "memory=32", "--no-install")
    ganeti.master.gnt("instance", "start", instance)
    assert [qemus(node) for node in ganeti.nodes] == [1, 0]
    ganeti.master.gnt("instance", "migrate", "-f", "-n", ganeti.node(2).full_name, instance)
    assert [qemus(node) for node in ganeti.nodes] == [0, 1]


def test_a_question_is_answered_on_a_terminal(ganeti: GanetiCluster, instance: str) -> None:
    add(ganeti, instance)
    with pytest.raises(CommandError) as refused:
        ganeti.master.gnt("instance", "reinstall", instance)
    assert refused.value.returncode == 1
    ganeti.master.gnt("instance", "stop", instance)
    answered = ganeti.master.gnt_confirmed("instance", "reinstall", instance)
    assert "y/[n]" in answered.stdout
    ganeti.master.gnt("instance", "start", instance)


def test_jobs_run_side_by_side(ganeti: GanetiCluster) -> None:
    names = [f"many{number}.example.com" for number in range(3)]
    words = [*MAKE, "-n", ganeti.node(1).full_name]
    jobs = [ganeti.master.submit("instance", "add", *words, name) for name in names]
    for job in jobs:
        ganeti.master.gnt("job", "wait", job)
    jobs = [ganeti.master.submit("instance", "remove", "-f", name) for name in names]
    for job in jobs:
        ganeti.master.gnt("job", "wait", job)
    assert images(ganeti) == [[], []]


def test_the_node_daemon_is_killed_and_started_again(ganeti: GanetiCluster) -> None:
    node = ganeti.node(2)
    first = node.noded()
    node.kill_noded()
    assert not first.running
    with pytest.raises(LookupError):
        node.noded()
    second = node.start_noded()
    third = node.restart_noded()
    assert not second.running and third.running
    assert node.noded_log().count("daemon startup") == 3
    ganeti.master.gnt("node", "list-storage", "--storage-type=file", node.full_name)


def test_a_node_without_power_is_dead_and_boots(ganeti: GanetiCluster, instance: str) -> None:
    node = ganeti.node(2)
    ganeti.master.gnt("instance", "add", *MAKE, "-n", node.full_name, instance)
    with power_cut(ganeti.cluster, node):
        assert (node.processes(), node.fuse_mounts()) == ([], [])
        listed = ganeti.master.gnt("instance", "list", "--no-headers", "-o", "status", instance)
        assert listed.stdout.strip() == "ERROR_nodedown"
    ganeti.cluster.await_pool()
    ganeti.volume.await_online()
    ganeti.master.gnt("instance", "start", instance)
    assert node.fuse_mounts()


def test_shared_files_are_the_same_on_all_nodes_and_not_on_the_host(
    ganeti: GanetiCluster, instance: str
) -> None:
    words = [word if word != "gluster" else "sharedfile" for word in MAKE]
    ganeti.master.gnt("instance", "add", *words, "-n", ganeti.node(1).full_name, instance)
    ganeti.master.gnt("instance", "failover", "-f", "-n", ganeti.node(2).full_name, instance)
    shared = "/srv/ganeti/shared-file-storage"
    listings = [sorted(os.listdir(node.path(shared))) for node in ganeti.nodes]
    assert listings == [[instance], [instance]]
    assert not Path(shared).exists()


def test_what_dpkg_does_in_a_machine_stays_there(ganeti: GanetiCluster) -> None:
    file = "/usr/share/ganeti/3.0/ganeti/storage/gluster.py"
    before = Path(file).read_bytes()
    node = ganeti.node(1)
    node.run(["dpkg-divert", "--local", "--rename", "--divert", f"{file}.other", "--add", file])
    assert not node.path(file).exists()
    assert ganeti.node(2).path(file).exists()
    node.run(["dpkg-divert", "--local", "--rename", "--remove", file])
    assert node.path(file).exists()
    assert (Path(file).read_bytes(), Path(f"{file}.other").exists()) == (before, False)
    assert node.run(["dpkg", "--verify", "ganeti-3.0"]).stdout == ""


def test_down_leaves_nothing(tmp_path: Path) -> None:
    namespaces = network_namespaces()
    with GanetiCluster(nodes=1, scratch=tmp_path) as ganeti:
        add(ganeti, "inst1.example.com")
        assert ganeti.master.fuse_mounts() and traces_of(tmp_path)
        inits = [ganeti.master.init, ganeti.cluster.hub.init]
        ours = {os.readlink(f"/proc/{init.pid}/ns/net") for init in inits}
        assert ours.isdisjoint(namespaces)
    assert traces_of(tmp_path) == []
    assert ours.isdisjoint(network_namespaces())
    assert not STRAY.exists()
