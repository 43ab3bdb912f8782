# SPDX-License-Identifier: BSD-2-Clause
"""Disks that QEMU reaches without the mount (`access=userspace`)."""

import json
from collections.abc import Iterator

import pytest
from cleanliness import STORAGE_DIR, assert_clean
from instances import DISK, MAKE, QEMU, Instances
from testbed import GanetiCluster


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
    (machine,) = (one for one in node.processes() if one.running and name in one.argv)
    assert any(uri in word for word in machine.argv)
    assert not any(STORAGE_DIR in word for word in machine.argv)

    tool = ["qemu-img", "info", "--output=json"]
    assert json.loads(node.run([*tool, uri]).stdout)["virtual-size"] == 16 << 20
    assert node.run([*tool, f"{uri}0"], check=False).returncode != 0
    said = node.run(["qemu-io", "-r", "-f", "raw", "-c", "read -v 0 16", uri]).stdout
    assert "disk 0 of inst" in said
    said = node.run(["qemu-io", "-f", "raw", "-c", "write -P 0x77 1M 4k", "-c", "flush", uri]).stdout
    assert "wrote 4096/4096" in said
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
