# SPDX-License-Identifier: BSD-2-Clause
"""What an admin does with an instance as a whole; its disks' content stays what it is."""

import json
import re
from collections.abc import Iterator

import pytest
from cleanliness import REAL_DIR, files, known_disks
from content import MIB, allocated, digests, fill, first_lines
from instances import Instances
from testbed import GanetiCluster

THREE_DISKS = ("-t", "gluster", "--disk=0:size=16m", "--disk=1:size=24m", "--disk=2:size=32m")


def told_sizes(ganeti: GanetiCluster, name: str) -> list[int]:
    """What `gnt-instance info` tells of the disks, in MiB."""
    said = ganeti.master.gnt("instance", "info", name).stdout
    return [int(size) for size in re.findall(r"disk/\d+: gluster, size (\d+)M\n", said)]


def real_sizes(instances: Instances, name: str) -> list[int]:
    """What the images on each brick have, in MiB; all copies must have the same."""
    found = []
    for number, _ in enumerate(instances.paths(name)):
        (size,) = {image.stat().st_size for image in instances.images(name, number)}
        found.append(size // MIB)
    return found


def test_disks_keep_their_sizes_when_an_instance_goes_down_and_up(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node = ganeti.master
    instances.add(name, disks=THREE_DISKS)
    assert told_sizes(ganeti, name) == real_sizes(instances, name) == [16, 24, 32]
    node.gnt("instance", "reboot", name)
    assert instances.status(name) == "running"
    node.gnt("instance", "grow-disk", name, "1", "16m")
    assert real_sizes(instances, name) == [16, 40, 32]
    # Somebody has made an image larger by hand; Ganeti finds out. (Given a name, it fails.)
    with open(node.path(f"{REAL_DIR}/{instances.paths(name)[2]}"), "r+b") as image:
        image.truncate(48 * MIB)
    repaired = node.gnt("cluster", "repair-disk-sizes").stdout
    assert re.findall(rf"Disk (\d) of instance {name} has mismatched size", repaired) == ["2"]
    assert told_sizes(ganeti, name) == real_sizes(instances, name) == [16, 40, 48]

    content = fill(instances, name, 2)
    node.gnt("instance", "stop", name)
    assert node.fuse_mounts() == []
    active = node.gnt("instance", "activate-disks", name).stdout.splitlines()
    assert [line.rsplit(".", 1)[1] for line in active] == ["0", "1", "2"]
    assert len(node.fuse_mounts()) == 1
    node.gnt("instance", "deactivate-disks", name)
    assert node.fuse_mounts() == []
    node.gnt("instance", "start", name)
    assert instances.status(name) == "running"
    assert digests(instances, name, 2) == {content}
    node.gnt("instance", "grow-disk", "--absolute", name, "0", "20m")
    assert real_sizes(instances, name) == [20, 40, 48]


def test_another_name_and_a_new_system_leave_the_images_where_they_are(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    other = "renamed.example.com"
    instances.add(name)
    paths = instances.paths(name)
    fill(instances, name)
    ganeti.master.gnt("instance", "stop", name)
    assert first_lines(instances, name) != {f"disk 0 of {name}"}
    ganeti.master.gnt("instance", "reinstall", "-f", name)
    assert first_lines(instances, name) == {f"disk 0 of {name}"}

    rename = ["rename", "--no-name-check", "--no-ip-check", name, other]
    ganeti.master.gnt_confirmed("instance", *rename)
    assert instances.names() == [other]
    assert instances.paths(other) == paths
    assert first_lines(instances, other) == {f"disk 0 of {other}"}
    info = ["disk", "info", "--json", f"--volume={ganeti.volume.source}", *paths]
    told = json.loads(ganeti.master.run(["ganeti-gluster", *info]).stdout)
    assert told["label"]["instance"] == other
    ganeti.master.gnt("instance", "start", other)
    assert instances.status(other) == "running"


def test_a_lost_image_is_named_and_made_anew_and_the_others_are_not_touched(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name, disks=("-t", "gluster", "--disk=0:size=16m", "--disk=1:size=24m"))
    content = fill(instances, name)
    kept, lost = instances.paths(name)
    ganeti.master.path(f"{REAL_DIR}/{lost}").unlink()
    assert files(ganeti.volume) == {kept}
    ganeti.master.gnt("instance", "stop", name)

    refused = ganeti.master.gnt("instance", "start", name, check=False)
    assert refused.returncode == 1
    assert f"{lost}: cannot use the disk: there is no such image on the volume; " in refused.stdout
    ganeti.master.gnt("instance", "stop", name)
    refused = ganeti.master.gnt("instance", "recreate-disks", name, check=False)
    assert refused.returncode == 1
    assert f"{kept}: cannot create the image: it exists already; " in refused.stderr
    assert files(ganeti.volume) == {kept}

    ganeti.master.gnt("instance", "recreate-disks", "--disk=1", name)
    assert instances.paths(name) == [kept, lost]
    assert real_sizes(instances, name) == [16, 24]
    assert digests(instances, name) == {content}
    ganeti.master.gnt("instance", "start", name)
    assert instances.status(name) == "running"


@pytest.fixture
def wiping(ganeti: GanetiCluster) -> Iterator[None]:
    """Ganeti writes zeros over each new disk."""
    ganeti.master.gnt("cluster", "modify", "--prealloc-wipe-disks=yes")
    yield
    ganeti.master.gnt("cluster", "modify", "--prealloc-wipe-disks=no")


def test_new_disks_are_wiped_where_the_cluster_wants_it(
    wiping: None, instances: Instances, name: str
) -> None:
    instances.add(name, "--no-install", "--no-start")
    images = instances.images(name)
    assert min(allocated(images)) >= 16 * MIB
    assert [image.read_bytes() for image in images] == [bytes(16 * MIB)] * len(images)


def test_an_instance_changes_its_node_in_every_way_but_by_a_copy(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    first, second = ganeti.nodes
    instances.add(name)
    content = fill(instances, name)
    known = known_disks(ganeti)
    move = ["move", "-f", "-n", second.full_name, name]
    refused = ganeti.master.gnt("instance", *move, check=False)
    assert refused.returncode == 1
    assert "Instance disk 0 has disk type gluster and is not suitable for copying" in refused.stderr
    assert (instances.node(name), instances.status(name)) == (first, "running")

    changes = [
        ("instance", "failover", "-f", name),
        ("node", "evacuate", "-f", "--primary-only", second.full_name),
        ("node", "migrate", "-f", first.full_name),
    ]
    source, target = first, second
    for change in changes:
        ganeti.master.gnt(*change)
        assert (instances.node(name), instances.status(name)) == (target, "running"), change
        assert len(target.fuse_mounts()) == 1 and source.fuse_mounts() == [], change
        source, target = target, source
    assert digests(instances, name) == {content}
    assert known_disks(ganeti) == known
