# SPDX-License-Identifier: BSD-2-Clause
"""The changes of data/upstream in Debian's package, on a running cluster."""

import json
from collections.abc import Iterator

import pytest
from cleanliness import assert_clean
from instances import Instances
from testbed import GanetiCluster

CHANGE_GANETI = "/usr/local/share/ganeti-gluster/upstream/change-ganeti"
MODULES = "/usr/share/ganeti/3.0/ganeti"


def change(ganeti: GanetiCluster, *words: str) -> None:
    for node in ganeti.nodes:
        node.run([CHANGE_GANETI, *words, MODULES])


def verified(ganeti: GanetiCluster) -> list[str]:
    """What dpkg finds changed on each node."""
    words = ["dpkg", "--verify", "ganeti-3.0"]
    return [node.run(words, check=False).stdout for node in ganeti.nodes]


@pytest.fixture
def changed(ganeti: GanetiCluster) -> Iterator[GanetiCluster]:
    """Ganeti's modules use ours by themselves, with nothing replaced at run time."""
    ganeti.disable()
    before = verified(ganeti)
    change(ganeti, "use-ganeti-gluster")
    assert verified(ganeti) != before
    for node in ganeti.nodes:
        node.restart_noded()
    yield ganeti
    change(ganeti, "--undo", "use-ganeti-gluster")
    after = verified(ganeti)
    ganeti.enable()
    assert after == before


def test_a_changed_ganeti_uses_our_backend(
    changed: GanetiCluster, instances: Instances, name: str
) -> None:
    for node in changed.nodes:
        status = json.loads(node.run(["ganeti-gluster", "status", "--json"]).stdout)
        assert [tree["backend"] for tree in status["ganeti"]] == ["stock"]
        assert status["node_daemon"]["ganeti_gluster"] == "yes"
    instances.add(name)
    assert len(changed.master.fuse_mounts()) == 1
    changed.master.gnt("instance", "stop", name)
    # Ganeti's own module leaves the mount, and its master leaves a folder.
    assert_clean(changed)
    words = ["list-storage", "--storage-type=gluster", "--no-headers", "-o", "node,size"]
    assert len(changed.master.gnt("node", *words).stdout.splitlines()) == len(changed.nodes)
    instances.remove([name])


def test_an_export_without_long_sleep_is_refused_before_it_stops_the_instance(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    instances.add(name)
    export = ["export", "-n", ganeti.node(2).full_name, name]
    assert ganeti.master.gnt("backup", *export, check=False).returncode != 0
    assert instances.status(name) == "ERROR_down"
    ganeti.master.gnt("instance", "start", name)
    change(ganeti, "export-needs-long-sleep")
    refused = ganeti.master.gnt("backup", *export, check=False)
    change(ganeti, "--undo", "export-needs-long-sleep")
    assert refused.returncode != 0 and "--long-sleep" in refused.stderr
    assert instances.status(name) == "running"
    instances.remove([name])
