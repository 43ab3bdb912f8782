# SPDX-License-Identifier: BSD-2-Clause
"""What settings and networks ask of libgfapi: subdirs, logs, sockets, IPv6; kinds of volumes without a mount."""

from collections.abc import Callable, Iterator

import pytest
from driver import STORAGE_DIR, Driver, LibraryError
from images import MIB, code_of, disks_on_bricks, new_disk, on_bricks
from storage_disk import Disk
from testbed import Client, Cluster, Leftovers, Volume, await_condition
from testbed.faults import bricks_down
from worker_program import WORKER_OVERLAY, install_worker

SETTINGS = "/etc/ganeti/gluster.toml"
LOG = "ganeti-gluster-gfapi.log"


@pytest.fixture(autouse=True)
def with_worker(request: pytest.FixtureRequest) -> None:
    """The program for libgfapi is there, on the machines that all tests share."""
    if "client" in request.fixturenames:
        request.getfixturevalue("worker")


def life(driver: Driver, disk: str) -> None:
    """Creates, grows and removes an image."""
    assert driver("exists", disk) is False
    driver("create", disk, 2, "full")
    driver("grow", disk, 1)
    assert driver("size", disk) == 3 * MIB
    assert driver("remove", disk) is True


def test_images_lie_in_the_subdir_of_the_settings(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    client.mount(volume.source, "/run/whole")
    client.run(["mkdir", "-p", "/run/whole/vms/a"])
    client.write_file(SETTINGS, '[volume.gv0]\nsubdir = "vms/a"\n')
    driver = drivers()
    driver("connect", volume.source)
    driver("create", disk, 2)
    assert len(on_bricks(volume, f"vms/a/{disk}")) == 3
    assert disk not in disks_on_bricks(volume)
    assert driver("remove", disk)
    client.run(["rm", "-r", "/run/whole/vms"])
    client.unmount("/run/whole")
    client.run(["rmdir", "/run/whole"])


def test_a_subdir_that_is_not_there_is_an_error_and_no_image_is_called_absent(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    client.write_file(SETTINGS, '[volume.gv0]\nsubdir = "no/such"\n')
    driver = drivers()
    with pytest.raises(LibraryError) as error:
        driver("connect", volume.source)
    assert error.value.code == "CONNECT_FAILED"
    assert "the volume gv0 has no directory no/such" in error.value.message


def test_the_log_has_its_own_file_and_the_level_of_the_settings(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    log = client.log_folder / LOG
    grown = {}
    for level in ("NONE", "DEBUG"):
        before = log.stat().st_size if log.exists() else 0
        client.write_file(SETTINGS, f'[all]\nlog_level = "{level}"\n')
        driver = drivers()
        driver("connect", volume.source)
        life(driver, disk)
        driver.end()
        grown[level] = log.read_bytes()[before:]
    assert (grown["NONE"].count(b"\n") < 5, b"] D [" in grown["DEBUG"]) == (True, True)


def test_servers_know_the_client_by_the_project_s_name(
    cluster: Cluster, client: Client, driver: Driver, volume: Volume
) -> None:
    driver("connect", volume.source)

    def names() -> str:
        return cluster.node(1).run(["gluster", "volume", "status", volume.name, "client-list"]).stdout

    assert "ganeti-gluster" in names(), names()


@pytest.fixture(scope="module")
def ipv6_cluster() -> Iterator[Cluster]:
    """A cluster whose servers listen on IPv6, with a volume gv6."""
    with Cluster(nodes=1, clients=1, family="inet6", overlays=(WORKER_OVERLAY,)) as cluster:
        install_worker(cluster.client)
        cluster.create_volume("gv6")
        yield cluster


@pytest.mark.parametrize("host", ["2001:db8:100::11", "[2001:db8:100::11]", "node1-v6", "node1"])
def test_a_server_that_has_ipv6_alone_is_reached(ipv6_cluster: Cluster, host: str) -> None:
    client = ipv6_cluster.client
    assert "198.51.100." not in client.run(["getent", "ahosts", host.strip("[]")]).stdout
    with Driver(client) as driver:
        driver("connect", f"{host}:/gv6")
        life(driver, new_disk())
    assert client.clean_up() == Leftovers()


def test_a_server_s_own_socket_is_enough(ipv6_cluster: Cluster) -> None:
    node = ipv6_cluster.node(1)
    install_worker(node)
    node.run(["mkdir", "-p", "/etc/ganeti"])
    node.write_file("/etc/ganeti/file-storage-paths", f"{STORAGE_DIR}\n")
    socket = "/var/run/glusterd.socket"
    assert node.path("/run/glusterd.socket").is_socket()
    node.write_file(SETTINGS, f'[all]\ntransport = "unix"\nservers = ["{socket}"]\n')
    with Driver(node) as driver:
        driver("connect", "unused.invalid:/gv6")
        life(driver, new_disk())
        for access in ("", "userspace"):
            disk = Disk(driver, "unused.invalid:/gv6", f"{new_disk()} {access}".rstrip())
            assert disk("attach") is False
        disk("create", 1)
        assert disk("size") == MIB and disk("remove")


def test_an_image_on_bricks_that_are_down_is_not_called_absent(
    cluster: Cluster, client: Client, drivers: Callable[..., Driver]
) -> None:
    volume = cluster.create_volume("parts", distribute=2)
    try:
        driver = drivers()
        driver("connect", volume.source)
        disks = [new_disk() for _ in range(8)]
        for disk in disks:
            driver("create", disk, 1)
        with bricks_down(volume, volume.bricks[:1]):
            up = [disk for disk in disks if on_bricks(volume, disk) and driver_sees(driver, disk)]
            assert up and len(up) < len(disks)
            for disk in set(disks) - set(up):
                for command in ("exists", "size", "remove"):
                    assert code_of(driver, command, disk) == "UNREACHABLE"
        for disk in disks:
            await_condition(lambda disk=disk: driver_sees(driver, disk), "the bricks are back")
            assert driver("remove", disk)
    finally:
        cluster.delete_volume("parts")


def driver_sees(driver: Driver, disk: str) -> bool:
    """Whether the image is there as far as can be told."""
    try:
        return bool(driver("exists", disk))
    except LibraryError as error:
        assert error.code == "UNREACHABLE"
        return False
