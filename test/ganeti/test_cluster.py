# SPDX-License-Identifier: BSD-2-Clause
"""The life of an instance on our backend, and Ganeti's own judgement of the cluster."""

from cleanliness import assert_clean, known_disks, used_disks
from instances import QEMU, Instances
from testbed import GanetiCluster


def test_ganeti_is_content_with_the_cluster(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name)
    # Some kernels have no /proc/sysrq-trigger.
    verify = ganeti.master.gnt("cluster", "verify", "--ignore-errors=ENODESETUP")
    assert "ERROR" not in verify.stdout
    disks = ganeti.master.gnt("cluster", "verify-disks").stdout
    assert "No disks need to be activated" in disks


def test_an_instance_lives_and_leaves_nothing(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name)
    assert instances.status(name) == "running"
    assert sum(known_disks(ganeti).values()) == 1
    for image in instances.images(name):
        with open(image, "rb") as disk:
            assert disk.readline().decode() == f"disk 0 of {name}\n"
    assert len(used_disks(ganeti.node(1))) == len(ganeti.node(1).fuse_mounts()) == 1
    assert ganeti.node(2).fuse_mounts() == []
    assert_clean(ganeti)
    ganeti.master.gnt("instance", "stop", name)
    assert instances.status(name) == "ADMIN_down"
    assert ganeti.node(1).fuse_mounts() == []
    assert_clean(ganeti)
    ganeti.master.gnt("instance", "start", name)
    assert len(ganeti.node(1).fuse_mounts()) == 1
    instances.remove([name])
    assert_clean(ganeti)


def test_a_machine_of_qemu_migrates_and_its_mount_follows(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name, *QEMU, "--no-install")
    ganeti.master.gnt("instance", "start", name)
    for source, target in ((1, 2), (2, 1)):
        ganeti.master.gnt("instance", "migrate", "-f", "-n", ganeti.node(target).full_name, name)
        assert instances.node(name) is ganeti.node(target)
        assert len(ganeti.node(target).fuse_mounts()) == 1
        assert ganeti.node(source).fuse_mounts() == []
        assert_clean(ganeti)
