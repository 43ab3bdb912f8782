# SPDX-License-Identifier: BSD-2-Clause
"""One machine with Ganeti's packages; each test finds it without ours, and leaves it so."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaged_node import PACKAGES, PackagedNode
from testbed import Cluster


@pytest.fixture(scope="session")
def ganeti(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package ganeti-3.0, with its scripts, as it is installed here: nothing is downloaded."""
    folder = tmp_path_factory.mktemp("ganeti")
    words = ["dpkg-repack", "--deb-option=-Znone", "ganeti-3.0"]
    subprocess.run(words, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    [package] = folder.glob("ganeti-3.0_*.deb")
    return package


@pytest.fixture(scope="session")
def machine() -> Iterator[PackagedNode]:
    with Cluster(nodes=1, clients=1, private_root=True) as cluster:
        yield PackagedNode(cluster.client)


@pytest.fixture
def node(machine: PackagedNode) -> Iterator[PackagedNode]:
    """The machine, with nothing left of a package after the test, as piuparts would have it.

    piuparts itself needs a mirror, for its chroot and for what our packages depend on; this works
    without a network, and compares after the packages were in use as well.
    """
    before = machine.files()
    yield machine
    machine.dpkg("--purge", *PACKAGES)
    assert (machine.files() ^ before, machine.diversions(), machine.verify()) == (set(), "", "")
    assert not machine.machine.clean_up()
