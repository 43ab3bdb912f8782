# SPDX-License-Identifier: BSD-2-Clause
"""One cluster and one volume for all tests; each test must leave the client empty."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from testbed import Client, Cluster, Leftovers, Volume

TARGET = "/run/ganeti/gluster"


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with Cluster() as cluster:
        yield cluster


@pytest.fixture(scope="session")
def volume(cluster: Cluster) -> Volume:
    return cluster.create_volume("gv0", replica=3)


@pytest.fixture
def client(cluster: Cluster) -> Iterator[Client]:
    """The client, checked to be as empty after the test as before."""
    yield cluster.client
    assert cluster.client.clean_up() == Leftovers()


@pytest.fixture
def target(client: Client, volume: Volume) -> Iterator[str]:
    """The volume mounted on the client; a test may take the mount away."""
    client.mount(volume.source, TARGET)
    client.await_answer(TARGET)
    yield TARGET
    if client.fuse_mounts():
        client.unmount(TARGET)
