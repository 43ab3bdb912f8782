# SPDX-License-Identifier: BSD-2-Clause
"""Disks that are added to instances and taken from them, and the numbers that Ganeti gives them.

Ganeti names the image of a new disk after its position in the instance, also where an older disk
has that name since a lower one has gone.
"""

from cleanliness import REAL_DIR, files, known_disks
from content import digests, fill
from instances import QEMU, Instances
from testbed import GanetiCluster

TWO_DISKS = ("-t", "gluster", "--disk=0:size=16m", "--disk=1:size=16m")


def modify(ganeti: GanetiCluster, name: str, *words: str) -> None:
    ganeti.master.gnt("instance", "modify", *words, name)


def refused_addition(ganeti: GanetiCluster, name: str) -> str:
    """What Ganeti says when it cannot add a disk at the end."""
    words = ["modify", "--disk", "-1:add,size=16m", name]
    refused = ganeti.master.gnt("instance", *words, check=False)
    assert refused.returncode == 1
    return refused.stderr


def expected_refusal(path: str) -> str:
    return (
        f"/var{REAL_DIR}/{path}: cannot create the image: it exists already; ganeti-gluster disk"
        " info tells whose it is; remove it only if no instance uses it; Ganeti gives a new disk the number of its"
        " position: one that is free can be named, gnt-instance modify --disk NUMBER:add"
    )


def test_a_number_that_is_taken_is_refused_and_a_free_one_can_be_named(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name, disks=TWO_DISKS)
    content = fill(instances, name, 1)
    lower, upper = instances.paths(name)
    ganeti.master.gnt("instance", "stop", name)
    modify(ganeti, name, "--disk", "0:remove")
    assert files(ganeti.volume) == {upper}

    assert expected_refusal(upper) in refused_addition(ganeti, name)
    assert instances.paths(name) == [upper]
    assert files(ganeti.volume) == {upper}
    modify(ganeti, name, "--disk", "0:add,size=16m")
    assert instances.paths(name) == [lower, upper]
    assert digests(instances, name, 1) == {content}
    ganeti.master.gnt("instance", "start", name)
    assert instances.status(name) == "running"


def test_a_detached_disk_keeps_its_image_and_name_and_goes_to_another_instance(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    other = "other.example.com"
    instances.add(name, disks=TWO_DISKS)
    content = fill(instances, name, 1)
    lower, upper = instances.paths(name)
    ganeti.master.gnt("instance", "stop", name)
    modify(ganeti, name, "--disk", "1:modify,name=moved")
    modify(ganeti, name, "--disk", "moved:detach")
    assert instances.paths(name) == [lower]
    assert set(known_disks(ganeti)) == files(ganeti.volume) == {lower, upper}
    assert expected_refusal(upper) in refused_addition(ganeti, name)

    instances.add(other, "--no-start")
    modify(ganeti, other, "--disk", "-1:attach,name=moved")
    assert instances.paths(other)[1] == upper
    instances.remove([name])
    ganeti.master.gnt("instance", "start", other)
    assert instances.status(other) == "running"
    assert digests(instances, other, 1) == {content}
    instances.remove([other])
    assert files(ganeti.volume) == set()


def test_a_disk_is_plugged_into_a_running_machine(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name, *QEMU, "--no-install")
    ganeti.master.gnt("instance", "start", name)
    modify(ganeti, name, "--hotplug", "--disk", "-1:add,size=16m")
    first, second = instances.paths(name)
    assert opened_by_qemu(ganeti) == {first, second}
    ganeti.master.gnt("instance", "stop", name)
    assert ganeti.master.fuse_mounts() == []
    modify(ganeti, name, "--disk", "1:remove")
    assert files(ganeti.volume) == {first}


def opened_by_qemu(ganeti: GanetiCluster) -> set[str]:
    """The disks that machines on the first node have open."""
    script = f"readlink $(ls -d /proc/[0-9]*/fd/*) | grep '^{REAL_DIR}/'"
    found = ganeti.master.run(["sh", "-c", script], check=False).stdout.split()
    return {path[len(REAL_DIR) + 1 :] for path in found}
