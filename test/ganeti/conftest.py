# SPDX-License-Identifier: BSD-2-Clause
"""One Ganeti cluster on our backend for all tests; each must leave it as clean as it was."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from cleanliness import LINK_DIR, clear_away, settled_remains
from instances import Instances
from testbed import GanetiCluster

_numbers = count(1)


@pytest.fixture(scope="session")
def ganeti() -> Iterator[GanetiCluster]:
    """Two nodes with the build under test installed and enabled, and the volume gv0."""
    with GanetiCluster(nodes=2) as ganeti:
        ganeti.install(Path(os.environ["GANETI_GLUSTER_BUILD"]))
        ganeti.enable()
        yield ganeti


@pytest.fixture(autouse=True)
def clean(ganeti: GanetiCluster) -> Iterator[None]:
    """No instance after a test, and nothing of one; the next test finds none in any case."""
    yield
    left = Instances(ganeti).names()
    Instances(ganeti).remove(left)
    for node in ganeti.nodes:  # Ganeti leaves the links of disks that it activated and deactivated
        node.run(["find", LINK_DIR, "-type", "l", "-delete"])
    found = settled_remains(ganeti)
    if found:
        clear_away(ganeti)
    assert (left, found) == ([], [])


@pytest.fixture
def instances(ganeti: GanetiCluster, clean: None) -> Iterator[Instances]:
    """Makes instances; those that are still there are removed after the test."""
    instances = Instances(ganeti)
    yield instances
    instances.remove(instances.names())


@pytest.fixture
def name() -> str:
    """The name of an instance that no other test has."""
    return f"inst{next(_numbers)}.example.com"
