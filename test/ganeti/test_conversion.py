# SPDX-License-Identifier: BSD-2-Clause
"""Disks whose content Ganeti copies: to other templates and back, to a backup and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cleanliness import files
from content import FILLED, MIB, allocated, digest, digests, fill
from instances import MAKE, Instances
from testbed import GanetiCluster, GanetiNode
from testbed.ganeti_setup import FILE_DIR, SHARED_FILE_DIR

EXPORTS = "/var/lib/ganeti/export"


def convert(ganeti: GanetiCluster, name: str, template: str) -> None:
    ganeti.master.gnt("instance", "modify", "-t", template, name)


def refused_conversion(ganeti: GanetiCluster, name: str, template: str) -> str:
    """What Ganeti says of a conversion that fails."""
    words = ["modify", "-t", template, name]
    refused = ganeti.master.gnt("instance", *words, check=False)
    assert refused.returncode == 1, refused
    return refused.stderr


def file_of(ganeti: GanetiCluster, name: str) -> Path:
    """The only disk of an instance on the first node that has no gluster disk."""
    (path,) = Instances(ganeti).paths(name)
    return ganeti.master.path(path)


def local_files(node: GanetiNode) -> list[str]:
    """The disks of the templates file and sharedfile on a node."""
    return node.run(["find", FILE_DIR, SHARED_FILE_DIR, "-type", "f"]).stdout.split()


@contextmanager
def dying(node: GanetiNode, program: str) -> Iterator[None]:
    """A program of a node that is killed in the middle of its output; it must have come to that."""
    record = "/run/killed"
    moved = f"{program}.whole"
    kill = f"strace -qq -o {record} -e trace=write -e inject=write:signal=KILL:when=8"
    node.run(["mv", program, moved])
    node.write_file(program, f'#!/bin/sh\nexec {kill} {moved} "$@"\n')
    node.run(["chmod", "755", program])
    try:
        yield
        assert "killed by SIGKILL" in node.path(record).read_text()
    finally:
        node.run(["mv", moved, program])
        node.run(["rm", "-f", record])


@pytest.fixture
def filled(instances: Instances, name: str, ganeti: GanetiCluster) -> str:
    """The checksum of the disk of an instance that is down."""
    instances.add(name)
    content = fill(instances, name)
    ganeti.master.gnt("instance", "stop", name)
    return content


def test_disks_become_files_and_gluster_disks_again_and_stay_sparse(
    ganeti: GanetiCluster, instances: Instances, name: str, filled: str
) -> None:
    for template, folder in (("file", FILE_DIR), ("sharedfile", SHARED_FILE_DIR)):
        convert(ganeti, name, template)
        assert instances.paths(name)[0].startswith(folder)
        assert digest(file_of(ganeti, name)) == filled
        assert files(ganeti.volume) == set()
        assert ganeti.master.fuse_mounts() == []
        convert(ganeti, name, "gluster")
        assert local_files(ganeti.master) == []
        assert digests(instances, name) == {filled}
        assert max(allocated(instances.images(name))) < FILLED
    # Ganeti leaves open what it has created.
    ganeti.master.gnt("instance", "deactivate-disks", name)
    assert ganeti.master.fuse_mounts() == []
    ganeti.master.gnt("instance", "start", name)
    assert instances.status(name) == "running"


def test_a_conversion_whose_source_dies_fails_and_loses_nothing(
    ganeti: GanetiCluster, instances: Instances, name: str, filled: str
) -> None:
    node = ganeti.master
    paths = instances.paths(name)
    with dying(node, "/usr/local/sbin/ganeti-gluster"):
        said = refused_conversion(ganeti, name, "file")
    assert "Disk conversion command" in said and "terminated by signal 15" in said
    assert instances.paths(name) == paths and digests(instances, name) == {filled}
    assert local_files(node) == []

    convert(ganeti, name, "file")
    paths = instances.paths(name)
    with dying(node, "/usr/bin/dd"):
        said = refused_conversion(ganeti, name, "gluster")
    assert "the input ended after " in said and f" bytes of {16 * MIB}; " in said
    assert instances.paths(name) == paths and digest(file_of(ganeti, name)) == filled
    assert files(ganeti.volume) == set()


@pytest.fixture
def backup(ganeti: GanetiCluster, name: str) -> Iterator[GanetiNode]:
    """The node of an instance's backup, which is taken away."""
    yield ganeti.node(2)
    ganeti.master.gnt("backup", "remove", name)


def test_a_backup_brings_the_content_back(
    ganeti: GanetiCluster, instances: Instances, name: str, backup: GanetiNode
) -> None:
    instances.add(name)
    content = fill(instances, name)
    ganeti.master.gnt("backup", "export", "--long-sleep", "-n", backup.full_name, name)
    assert instances.status(name) == "running"
    assert digests(instances, name) == {content}
    instances.remove([name])
    assert files(ganeti.volume) == set()
    source = ["--src-node", backup.full_name, "--src-dir", f"{EXPORTS}/{name}"]
    place = ["-t", "gluster", "-n", ganeti.master.full_name, name]
    ganeti.master.gnt("backup", "import", *MAKE[:2], *source, *place)
    assert digests(instances, name) == {content}
    ganeti.master.gnt("instance", "start", name)
    assert instances.status(name) == "running"
