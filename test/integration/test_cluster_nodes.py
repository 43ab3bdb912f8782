# SPDX-License-Identifier: BSD-2-Clause
"""A node that never had the volume, and whose configured server is down, asks Ganeti's other nodes."""

import pytest
from driver import REAL_DIR, Driver, LibraryError
from testbed import Client, Cluster, Volume
from testbed.faults import glusterd_down, refusing_address

NODES = "/var/lib/ganeti/ssconf_node_primary_ips"


@pytest.fixture
def known_nodes(cluster: Cluster, client: Client) -> None:
    """What Ganeti writes on each node; a line of nonsense does no harm."""
    lines = [f"{node.name}.example.com {node.address.ipv4}\n" for node in cluster.nodes]
    client.write_file(NODES, "".join([*lines, "nonsense\n", "node9 no-address\n"]))


@pytest.mark.usefixtures("known_nodes")
def test_the_nodes_of_the_cluster_stand_in_for_a_dead_server(
    cluster: Cluster, client: Client, volume: Volume, driver: Driver
) -> None:
    with glusterd_down(cluster, cluster.node(1)):
        driver("mount", f"node1:/{volume.name}")
        assert driver("check")
        assert client.fuse_client(REAL_DIR)


@pytest.mark.usefixtures("known_nodes")
def test_a_volume_of_the_same_name_on_other_servers_is_not_taken(
    cluster: Cluster, client: Client, volume: Volume, driver: Driver
) -> None:
    """The server asked for has no brick of the volume that Ganeti's nodes serve by that name."""
    with refusing_address(cluster) as address:
        with pytest.raises(LibraryError, match="nothing listens.* has no brick on any server") as error:
            driver("mount", f"{address.ipv4}:/{volume.name}")
    assert error.value.code == "MOUNT_FAILED"
    assert client.fuse_mounts() == [] and client.fuse_clients() == []


@pytest.mark.usefixtures("known_nodes")
def test_a_server_that_answers_is_the_only_one_asked(
    client: Client, volume: Volume, driver: Driver
) -> None:
    driver("mount", f"node1:/{volume.name}")
    (row,) = client.fuse_mounts()
    assert row.source == f"node1:/{volume.name}"
