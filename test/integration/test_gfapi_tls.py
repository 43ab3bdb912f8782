# SPDX-License-Identifier: BSD-2-Clause
"""TLS between libgfapi and the servers: works with the right certificate, and is no wait without."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from driver import Driver, LibraryError
from images import MIB, new_disk
from testbed import Client, Cluster, Leftovers, Machine, Volume, await_condition
from worker_program import WORKER_OVERLAY, install_worker

SETTINGS = "/etc/ganeti/gluster.toml"
FOLDER = "/usr/lib/ssl"
SECURE_ACCESS = "/var/lib/glusterd/secure-access"
OPTIONS = {"client.ssl": "on", "server.ssl": "on", "auth.ssl-allow": "node1,good-client"}


class Authority:
    """A certificate authority of its own."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder = folder
        self._openssl("req", "-x509", *self._new("ca"), "-out", "ca.pem", "-subj", "/CN=ca")

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self._folder, check=True, capture_output=True)

    @staticmethod
    def _new(name: str) -> list[str]:
        return ["-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key"]

    def equip(self, machine: Machine, name: str) -> None:
        """Gives a machine a certificate of this name."""
        self._openssl("req", *self._new(name), "-out", f"{name}.csr", "-subj", f"/CN={name}")
        authority = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial"]
        self._openssl("x509", "-req", "-in", f"{name}.csr", *authority, "-out", f"{name}.pem")
        for source, target in ((f"{name}.key", "key"), (f"{name}.pem", "pem"), ("ca.pem", "ca")):
            machine.write_file(f"{FOLDER}/glusterfs.{target}", (self._folder / source).read_text())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "ours")


@pytest.fixture(scope="module")
def other_authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls") / "other")


@pytest.fixture(scope="module")
def cluster(authority: Authority) -> Iterator[Cluster]:
    """A server that talks TLS alone to clients, and lets one name in."""
    with Cluster(nodes=1, clients=1, overlays=(WORKER_OVERLAY,)) as cluster:
        authority.equip(cluster.node(1), "node1")
        install_worker(cluster.client)
        yield cluster


@pytest.fixture(scope="module")
def volume(cluster: Cluster) -> Volume:
    return cluster.create_volume("gv0", options=OPTIONS)


@pytest.fixture
def client(cluster: Cluster, volume: Volume) -> Iterator[Client]:
    """A client without a certificate."""
    client = cluster.client
    client.write_file(SETTINGS, '[all]\nmount_timeout = "3s"\n')
    yield client
    client.run(["sh", "-c", f"rm -f {FOLDER}/glusterfs.*"])
    assert client.clean_up() == Leftovers()


def life(driver: Driver, volume: Volume) -> None:
    """Creates, grows and removes an image."""
    disk = new_disk()
    driver("connect", volume.source)
    driver("create", disk, 2, "full")
    driver("grow", disk, 1)
    assert driver("size", disk) == 3 * MIB
    assert driver("remove", disk) is True


def refusal(drivers: Callable[..., Driver], volume: Volume) -> str:
    """The error of a connection that is refused; nothing is left of it."""
    driver = drivers()
    with pytest.raises(LibraryError) as error:
        driver("connect", volume.source)
    assert error.value.code == "CONNECT_FAILED"
    await_condition(lambda: driver.workers() == [], "its worker has ended")
    return error.value.message


def test_images_are_reached_with_the_right_certificate(
    client: Client, volume: Volume, authority: Authority, driver: Driver
) -> None:
    authority.equip(client, "good-client")
    life(driver, volume)


def test_a_name_that_is_not_allowed_is_refused_in_time(
    client: Client, volume: Volume, authority: Authority, drivers: Callable[..., Driver]
) -> None:
    authority.equip(client, "bad-client")
    assert "refuse this node or its certificate" in refusal(drivers, volume)


def test_a_certificate_of_another_authority_is_refused_in_time(
    client: Client, volume: Volume, other_authority: Authority, drivers: Callable[..., Driver]
) -> None:
    other_authority.equip(client, "good-client")
    refusal(drivers, volume)


def test_a_client_without_a_certificate_is_told_that_it_needs_one(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    assert "this node has no certificate" in refusal(drivers, volume)


def test_images_are_reached_where_glusterd_talks_tls_as_well(
    cluster: Cluster, client: Client, volume: Volume, authority: Authority, driver: Driver
) -> None:
    authority.equip(client, "good-client")
    node = cluster.node(1)
    volume.stop()
    for machine in (node, client):
        machine.run(["mkdir", "-p", "/var/lib/glusterd"])
        machine.write_file(SECURE_ACCESS, "")
    node.glusterd().kill()
    node.start_glusterd()
    volume.start()
    # Who does not talk TLS gets no answer.
    assert "CONNECTED" in client.run(
        ["sh", "-c", "openssl s_client -connect node1:24007 </dev/null"], check=False
    ).stdout
    life(driver, volume)
