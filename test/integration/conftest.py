# SPDX-License-Identifier: BSD-2-Clause
"""One cluster and one volume for all tests. After each test nothing may be left on the client: no
mount, client, process, hold, lock or attempt, and no file in the bare storage directory.
"""

import uuid
from collections.abc import Callable, Iterator

import image_store
import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver
from node_daemon import NodeDaemon
from storage_disk import Disk, make_image
from testbed import Client, Cluster, Leftovers, Volume
from tool_disks import disks, gv0, known  # noqa: F401
from worker_program import WORKER_OVERLAY, install_nbd_plugin, install_worker, remove_worker

STATE_DIR = "/run/ganeti-gluster"
# What tests write there for a node of Ganeti to have, and what the library remembers.
NODE_FILES = ("/etc/ganeti", "/var/lib/ganeti", "/var/lib/ganeti-gluster")


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "how the tests reach images (default: %(default)s)"
    parser.addoption("--image-store", choices=image_store.STORES, default="mount", help=help_text)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "mount_only(why): is about mounts, and so not for libgfapi")
    image_store.choose(config.getoption("--image-store"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Over libgfapi, tests that are about mounts are left out."""
    if not image_store.is_libgfapi():
        return
    left_out = [item for item in items if item.get_closest_marker("mount_only")]
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    with Cluster(nodes=3, clients=1, overlays=(WORKER_OVERLAY,)) as cluster:
        image_store.prepare(cluster.client)
        install_nbd_plugin(cluster.client)
        yield cluster


@pytest.fixture(scope="session")
def volume(cluster: Cluster) -> Volume:
    """The replica 3 volume gv0, started."""
    return cluster.create_volume("gv0", replica=3)


@pytest.fixture(scope="session")
def other_volume(cluster: Cluster) -> Volume:
    """A second volume of the same cluster, gv1."""
    return cluster.create_volume("gv1", replica=3)


@pytest.fixture
def worker(cluster: Cluster) -> Iterator[None]:
    """The client has the program for libgfapi, without which all images are reached by mounting."""
    install_worker(cluster.client)
    yield
    if not image_store.is_libgfapi():
        remove_worker(cluster.client)


def state_left(client: Client) -> list[str]:
    """Files of state that an idle node has no use for."""
    found = client.run(["find", STATE_DIR, "-type", "f"], check=False).stdout.split()
    locks = ("lock", "failure", "repair", "check--var-run-ganeti-gluster")
    return [path for path in found if path.rsplit("/", 1)[1] not in locks]


def stray_files(client: Client) -> list[str]:
    """What lies in the bare storage directory."""
    return client.run(["find", REAL_DIR, "-mindepth", "1"], check=False).stdout.split()


@pytest.fixture
def client(
    cluster: Cluster, volume: Volume, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Client]:
    """The client machine, as empty after the test as before."""
    client = cluster.client
    client.write_file("/etc/ganeti/file-storage-paths", f"{STORAGE_DIR}\n")
    if image_store.is_libgfapi():
        image_store.pin(client, monkeypatch)
    yield client
    found = client.clean_up()
    state = state_left(client)
    strays = stray_files(client)
    client.run(["rm", "-rf", STATE_DIR, REAL_DIR, "/run/systemd"])  # systemd-analyze leaves a mark
    client.run(["find", *NODE_FILES, "-mindepth", "1", "-delete"])
    assert (found, state, strays) == (Leftovers(), [], [])


@pytest.fixture
def drivers(client: Client) -> Iterator[Callable[..., Driver]]:
    """Makes drivers on the client, as many as a test wants."""
    made: list[Driver] = []

    def make(*arguments: str) -> Driver:
        made.append(Driver(client, *arguments))
        return made[-1]

    yield make
    for driver in made:
        driver.end()


@pytest.fixture
def driver(drivers: Callable[..., Driver]) -> Driver:
    return drivers()


@pytest.fixture
def daemon(client: Client) -> Iterator[NodeDaemon]:
    """Ganeti's backend with our class in it."""
    daemon = NodeDaemon(client)
    yield daemon
    daemon.end()


@pytest.fixture
def disk() -> str:
    """A disk that no other test has."""
    return f"ganeti/{uuid.uuid4()}.0"


@pytest.fixture
def image(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> Iterator[str]:
    """A disk with an image of IMAGE_MIB, and nothing mounted at the beginning of the test."""
    make_image(drivers(), volume, disk)
    yield disk
    Disk(drivers(), volume, disk)("remove")
