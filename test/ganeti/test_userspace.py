# SPDX-License-Identifier: BSD-2-Clause
"""Disks that QEMU reaches without the mount (`access=userspace`)."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from cleanliness import assert_clean
from instances import DISK, MAKE, QEMU, Instances, machine_process
from testbed import GanetiCluster
from testbed.ganeti_setup import STORAGE_DIR


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
