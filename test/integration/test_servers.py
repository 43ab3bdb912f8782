# SPDX-License-Identifier: BSD-2-Clause
"""Which servers bring a volume up: those asked for, the settings', those that it named itself."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError
from testbed import Client, Cluster, Leftovers, Volume
from testbed.faults import (
    absent_address,
    blackholed_address,
    dead_dns,
    glusterd_down,
    mute_server,
    refusing_address,
)

SETTINGS = "/etc/ganeti/gluster.toml"


@contextmanager
def down_server(cluster: Cluster, kind: str) -> Iterator[str]:
    """A server that does not serve, by the name or address it is asked for."""
    with ExitStack() as faults:
        if kind == "glusterd down":
            faults.enter_context(glusterd_down(cluster, cluster.node(1)))
            yield "node1"
        elif kind == "refusing":
            yield faults.enter_context(refusing_address(cluster)).ipv4
        elif kind == "absent":
            yield absent_address().ipv4
        elif kind == "blackholed":
            yield faults.enter_context(blackholed_address(cluster)).address.ipv4
        elif kind == "mute":
            yield faults.enter_context(mute_server(cluster)).address.ipv4
        else:
            yield "no-such-server.invalid"


KINDS = ["glusterd down", "refusing", "absent", "unresolvable", "blackholed", "mute"]


@pytest.fixture
def dead_server(cluster: Cluster, request: pytest.FixtureRequest) -> Iterator[str]:
    with down_server(cluster, request.param) as name:
        yield name


def assert_nothing_left(client: Client) -> None:
    """The attempt has taken everything back."""
    assert client.fuse_mounts() == []
    assert client.fuse_clients() == []
    assert client.processes_named("mount.glusterfs") == []


@pytest.mark.parametrize("dead_server", KINDS, indirect=True)
def test_one_dead_server_does_not_stop_a_mount_if_the_next_one_lives(
    client: Client, volume: Volume, drivers: Callable[..., Driver], dead_server: str
) -> None:
    # Less than GlusterFS needs to give a silent server up; for a mute one it has no limit at all.
    client.write_file(SETTINGS, '[all]\nmount_timeout = "10s"\n')
    driver = drivers()
    driver("mount", f"{dead_server},node2,node3:/{volume.name}")
    assert driver("check")


@pytest.mark.parametrize("dead_server", ["refusing", "unresolvable"], indirect=True)
def test_servers_of_the_settings_stand_in_for_a_dead_one(
    client: Client, volume: Volume, drivers: Callable[..., Driver], dead_server: str
) -> None:
    client.write_file(SETTINGS, '[volume.gv0]\nservers = ["node2", "node3"]\n')
    driver = drivers()
    driver("mount", f"{dead_server}:/{volume.name}")
    assert driver("check")


@pytest.mark.parametrize("dead_server", ["refusing", "unresolvable"], indirect=True)
def test_servers_that_the_volume_named_earlier_stand_in_for_a_dead_one(
    client: Client, volume: Volume, driver: Driver, dead_server: str
) -> None:
    # It was one of its servers then.
    driver("mount", f"node2,{dead_server}:/{volume.name}")
    assert driver("release") == "released"
    driver("mount", f"{dead_server}:/{volume.name}")
    assert driver("check")


@pytest.mark.parametrize("dead_server", ["refusing"], indirect=True)
def test_servers_that_a_volume_of_other_servers_named_are_not_asked(
    client: Client, volume: Volume, driver: Driver, dead_server: str
) -> None:
    """Another pool may have a volume of that name."""
    driver("mount", f"node2:/{volume.name}")
    assert driver("release") == "released"
    with pytest.raises(LibraryError, match="nothing listens"):
        driver("mount", f"{dead_server}:/{volume.name}")
    assert_nothing_left(client)


@pytest.mark.parametrize("kind", ["mute", "blackholed"])
def test_a_silent_server_alone_is_an_error_in_time_that_leaves_nothing(
    cluster: Cluster, client: Client, volume: Volume, drivers: Callable[..., Driver], kind: str
) -> None:
    client.write_file(SETTINGS, '[all]\nmount_timeout = "2s"\n')
    driver = drivers()
    with down_server(cluster, kind) as server:
        with pytest.raises(LibraryError) as error:
            driver("mount", f"{server}:/{volume.name}")
        assert error.value.code == "MOUNT_FAILED"
        assert server in error.value.message
        assert_nothing_left(client)


def test_a_dead_name_server_fails_names_in_time_and_does_not_matter_to_addresses(
    cluster: Cluster, client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    client.write_file(SETTINGS, '[all]\nmount_timeout = "4s"\n')
    driver = drivers()
    with dead_dns(cluster, client) as name_server:
        asked = name_server.packets()
        with pytest.raises(LibraryError) as error:
            driver("mount", f"storage.example.org:/{volume.name}")
        assert name_server.packets() > asked
        assert "storage.example.org does not resolve" in error.value.message
        assert_nothing_left(client)
        driver("mount", f"{cluster.node(2).address.ipv4}:/{volume.name}")
        assert driver("check")


def test_a_name_that_nobody_answers_for_does_not_cost_the_others_their_addresses(
    cluster: Cluster, client: Client, volume: Volume, driver: Driver
) -> None:
    with dead_dns(cluster, client) as name_server:
        asked = name_server.packets()
        driver("mount", f"storage.example.org,node2:/{volume.name}")
        assert name_server.packets() > asked
        assert driver("check")


def test_several_names_of_one_server_do_not_stop_a_mount(
    cluster: Cluster, client: Client, volume: Volume, driver: Driver
) -> None:
    names = f"node1,node1.example.com,node1-v4,{cluster.node(1).address.ipv4}"
    driver("mount", f"{names}:/{volume.name}")
    assert driver("check")
    assert len([row for row in client.mounts() if row.target == REAL_DIR]) == 1


@pytest.fixture(scope="module")
def ipv6_cluster() -> Iterator[Cluster]:
    """A cluster whose servers listen on IPv6, with a volume gv6."""
    with Cluster(nodes=1, clients=1, family="inet6") as cluster:
        cluster.create_volume("gv6")
        yield cluster


@pytest.fixture
def ipv6_driver(ipv6_cluster: Cluster) -> Iterator[Driver]:
    client = ipv6_cluster.client
    with Driver(client) as driver:
        yield driver
    assert client.clean_up() == Leftovers()
    # Remembered servers, too: they would stand in for the one that the next test asks for.
    for folder in ("/run/ganeti-gluster", "/var/lib/ganeti-gluster"):
        client.run(["find", folder, "-mindepth", "1", "-delete"])


@pytest.mark.parametrize("host", ["2001:db8:100::11", "[2001:db8:100::11]", "node1-v6", "node1"])
def test_a_server_is_reached_by_its_ipv6_address_and_by_a_name_that_has_no_other(
    ipv6_cluster: Cluster, ipv6_driver: Driver, host: str
) -> None:
    addresses = ipv6_cluster.client.run(["getent", "ahosts", host.strip("[]")]).stdout
    assert "198.51.100." not in addresses
    assert ipv6_driver("mount", f"{host}:/gv6") == STORAGE_DIR
    assert ipv6_driver("check")
    assert ipv6_driver("state") == "well"


def test_messages_write_ipv6_addresses_in_brackets(
    ipv6_cluster: Cluster, ipv6_driver: Driver
) -> None:
    with refusing_address(ipv6_cluster) as address:
        with pytest.raises(LibraryError) as error:
            ipv6_driver("mount", f"{address.ipv6}:/gv6")
    assert f"cannot mount [{address.ipv6}]:/gv6" in error.value.message
    assert f"nothing listens on {address.ipv6} port 24007" in error.value.message
