# SPDX-License-Identifier: BSD-2-Clause
"""Disks that QEMU reaches without the mount (`access=userspace`)."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest
from cleanliness import assert_clean, files
from content import digests, first_lines
from instances import DISK, MAKE, QEMU, Instances, machine_process
from test_conversion import EXPORTS
from test_reporting import SETTINGS, listed
from testbed import GanetiCluster, MountWatch, watched_mounts
from testbed.ganeti_setup import STORAGE_DIR

# A disk may be reached otherwise than the cluster's.
USERSPACE = ("-t", "gluster", "--disk=0:size=16m,access=userspace")


@pytest.fixture
def userspace(ganeti: GanetiCluster, clean: None) -> Iterator[GanetiCluster]:
    """The cluster, all of whose gluster disks are reached that way."""
    modify = ["modify", "-D"]
    ganeti.master.gnt("cluster", *modify, "gluster:access=userspace")
    yield ganeti
    ganeti.master.gnt("cluster", *modify, "gluster:access=kernelspace")


def test_a_machine_runs_on_a_uri_that_the_tools_of_qemu_open(
    userspace: GanetiCluster, instances: Instances, name: str
) -> None:
    node = userspace.node(2)
    instances.add(name, *QEMU, "--no-start", node=node)
    userspace.master.gnt("instance", "start", name)
    (path,) = instances.paths(name)
    runtime = json.loads(node.path(f"/run/ganeti/kvm-hypervisor/conf/{name}.runtime").read_text())
    ((_disk, _link, uri),) = runtime[3]
    assert uri == f"gluster://{userspace.master.address.ipv4}:24007/gv0/{path}"
    command = machine_process(node, name).argv
    assert any(uri in word for word in command)
    assert not any(STORAGE_DIR in word for word in command)

    look = ["qemu-img", "info", "--output=json", uri]
    work = ["qemu-io", "-f", "raw", "-c", "read -v 0 16", "-c", "write -P 0x77 1M 4k", uri]
    # Leaving Gluster takes each of them some eleven seconds.
    with ThreadPoolExecutor() as pool:
        seen, done = (pool.submit(node.run, words) for words in (look, work))
    assert json.loads(seen.result().stdout)["virtual-size"] == 16 << 20
    assert "disk.0.of.inst" in done.result().stdout
    for image in instances.images(name):
        with open(image, "rb") as disk:
            disk.seek(1 << 20)
            assert disk.read(4096) == b"\x77" * 4096
    instances.remove([name])
    assert_clean(userspace)


def test_the_hypervisor_without_machines_is_refused_by_ganeti(
    userspace: GanetiCluster, instances: Instances, name: str
) -> None:
    words = ["add", *MAKE, *DISK, "-n", userspace.master.full_name, name]
    refused = userspace.master.gnt("instance", *words, check=False)
    assert refused.returncode == 1
    assert "(fake) cannot be used with userspace disk access param" in refused.stderr
    assert instances.names() == []


@pytest.fixture
def watches(ganeti: GanetiCluster, clean: None) -> Iterator[list[MountWatch]]:
    """The mount tables of both nodes are watched all the time."""
    with ExitStack() as stack:
        yield [stack.enter_context(watched_mounts(node)) for node in ganeti.nodes]


def mounted(watches: list[MountWatch]) -> list[bool]:
    """Whether the volume was mounted on each node since the last question; it is not any more."""
    told = [watch.changes() for watch in watches]
    assert not any(changes[-1] for changes in told if changes), told
    return [bool(changes) for changes in told]


NOWHERE, FIRST, SECOND = [False, False], [True, False], [False, True]


def test_an_instance_from_its_creation_to_its_removal_needs_the_mount_for_programs_alone(
    ganeti: GanetiCluster, instances: Instances, name: str, watches: list[MountWatch]
) -> None:
    first, second = ganeti.nodes
    gnt = first.gnt
    instances.add(name, *QEMU, disks=USERSPACE)
    assert mounted(watches) == FIRST  # while the system was installed
    assert first_lines(instances, name) == {f"disk 0 of {name}"}
    (path,) = instances.paths(name)
    assert any(f"24007/gv0/{path}" in word for word in machine_process(first, name).argv)

    gnt("instance", "grow-disk", name, "0", "16m")
    assert {image.stat().st_size for image in instances.images(name)} == {32 << 20}
    assert "size 32M" in gnt("instance", "info", name).stdout
    gnt("cluster", "verify-disks")
    second.write_file(SETTINGS, f'default_volume = "{ganeti.volume.source}"\n')
    rows, _ = listed(ganeti)
    second.run(["rm", SETTINGS])
    assert sorted(rows) == [node.full_name for node in ganeti.nodes]
    gnt("instance", "failover", "-f", name)
    assert (instances.node(name), instances.status(name)) == (second, "running")
    gnt("instance", "stop", name)
    assert mounted(watches) == NOWHERE

    other = f"other-{name}"
    rename = ["rename", "--no-name-check", "--no-ip-check", name, other]
    first.gnt_confirmed("instance", *rename)
    assert first_lines(instances, other) == {f"disk 0 of {other}"}
    assert mounted(watches) == SECOND
    gnt("instance", "reinstall", "-f", "-o", "pattern-uri", other)
    assert first_lines(instances, other) == {f"URI of disk 0 of {other}"}
    assert mounted(watches) == SECOND
    instances.remove([other])
    assert mounted(watches) == NOWHERE
    assert files(ganeti.volume) == set()


def test_a_backup_mounts_for_as_long_as_its_daemon_may_run(
    ganeti: GanetiCluster, instances: Instances, name: str, watches: list[MountWatch]
) -> None:
    first, second = ganeti.nodes
    instances.add(name, *QEMU, "--no-start", disks=USERSPACE)
    first.gnt("instance", "deactivate-disks", name)
    (content,) = digests(instances, name)
    assert mounted(watches) == FIRST
    first.gnt("backup", "export", "--long-sleep", "-n", second.full_name, name)
    assert mounted(watches) == FIRST
    instances.remove([name])
    source = ["--src-node", second.full_name, "--src-dir", f"{EXPORTS}/{name}"]
    place = [*QEMU, *USERSPACE, "-n", first.full_name, name]
    first.gnt("backup", "import", *MAKE[:2], *source, *place)
    first.gnt("backup", "remove", name)
    assert digests(instances, name) == {content}
    # Ganeti tells no node that a daemon has ended.
    assert len(first.fuse_mounts()) == 1 and second.fuse_mounts() == []
    first.gnt("instance", "start", name)
    first.gnt("instance", "stop", name)
    assert mounted(watches) == FIRST


def test_a_stopped_instance_is_looked_at_without_a_mount_and_changes_its_access(
    ganeti: GanetiCluster, instances: Instances, name: str, watches: list[MountWatch]
) -> None:
    gnt = ganeti.master.gnt
    instances.add(name, *QEMU, "--no-install", "--no-start")
    gnt("instance", "deactivate-disks", name)
    assert mounted(watches) == FIRST
    assert "size 16M" in gnt("instance", "info", name).stdout
    assert instances.status(name) == "ADMIN_down"
    gnt("cluster", "verify-disks")
    gnt("cluster", "verify", "--ignore-errors=ENODESETUP")
    assert mounted(watches) == NOWHERE

    for access, there in (("userspace", []), ("kernelspace", [f"/run/{STORAGE_DIR[9:]}"])):
        gnt("cluster", "modify", "-D", f"gluster:access={access}")
        gnt("instance", "start", name)
        assert [mount.target for mount in ganeti.master.fuse_mounts()] == there
        gnt("instance", "stop", name)
        assert mounted(watches) == [bool(there), False]
