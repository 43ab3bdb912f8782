# SPDX-License-Identifier: BSD-2-Clause
"""Faults of the network and of servers."""

import subprocess

import pytest
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import (
    absent_address,
    blackhole,
    blackholed_address,
    dead_dns,
    link_down,
    mute_server,
    refusing_address,
    request_in_flight,
)

CONNECT = "exec 3<>/dev/tcp/{}/24007"


def connect(client: Client, address: str) -> "subprocess.CompletedProcess[str]":
    return client.run(["bash", "-c", CONNECT.format(address)], check=False, timeout=1)


def test_a_cut_link_is_silent_until_it_is_mended(cluster: Cluster, client: Client) -> None:
    node = cluster.node(2)
    with link_down(cluster, node):
        with pytest.raises(subprocess.TimeoutExpired):
            connect(client, node.address.ipv4)
    for address in (node.address.ipv4, node.address.ipv6):
        await_condition(lambda: "fail" not in connect(client, address).stderr, "link mended")
    assert connect(client, node.address.ipv4).returncode == 0
    cluster.await_pool()


def test_a_blackholed_node_is_silent_until_it_is_let_out(
    cluster: Cluster, client: Client
) -> None:
    node = cluster.node(3)
    with blackhole(node):
        with pytest.raises(subprocess.TimeoutExpired):
            connect(client, node.address.ipv4)
    assert connect(client, node.address.ipv4).returncode == 0
    cluster.await_pool()


def test_a_blackholed_client_has_a_request_in_flight(
    client: Client, volume: Volume, target: str
) -> None:
    with blackhole(client):
        with request_in_flight(client, target) as command:
            assert "fuse" in command.process.kernel_stack
    client.await_answer(target)


def test_an_address_refuses_connections(cluster: Cluster, client: Client) -> None:
    with refusing_address(cluster) as address:
        assert "Connection refused" in connect(client, address.ipv4).stderr
        assert "Connection refused" in connect(client, address.ipv6).stderr


def test_a_blackholed_address_counts_what_it_swallows(cluster: Cluster, client: Client) -> None:
    with blackholed_address(cluster) as hole:
        for address in (hole.address.ipv4, hole.address.ipv6):
            before = hole.packets()
            with pytest.raises(subprocess.TimeoutExpired):
                connect(client, address)
            assert hole.packets() > before


def test_nobody_has_the_absent_address(cluster: Cluster, client: Client) -> None:
    connecting = ["bash", "-c", CONNECT.format(absent_address().ipv4)]
    attempt = client.popen(connecting, stderr=subprocess.DEVNULL)
    try:
        neighbours = ["ip", "-4", "neighbour", "show", absent_address().ipv4]
        await_condition(lambda: "INCOMPLETE" in client.run(neighbours).stdout, "ARP unanswered")
    finally:
        attempt.end()


def test_a_mount_from_a_mute_server_does_not_end(cluster: Cluster, client: Client) -> None:
    with mute_server(cluster) as server:
        before = server.accepted()
        client.run(["mkdir", "-p", "/run/mute"])
        source = f"{server.address.ipv4}:/gv0"
        mount = client.popen(["mount", "-t", "glusterfs", source, "/run/mute"])
        try:
            await_condition(lambda: server.accepted() > before, "the server accepted")
            assert mount.poll() is None
        finally:
            mount.end()
            client.clean_up(settle=0)


def test_a_name_is_asked_of_a_dead_name_server(cluster: Cluster, client: Client) -> None:
    before = client.path("/etc/resolv.conf").read_text()
    with dead_dns(cluster, client) as hole:
        assert hole.address.ipv4 in client.path("/etc/resolv.conf").read_text()
        with pytest.raises(subprocess.TimeoutExpired):
            client.run(["getent", "hosts", "unknown.example.org"], timeout=1)
        assert client.run(["getent", "ahostsv4", "node1"], timeout=2).returncode == 0
    assert client.path("/etc/resolv.conf").read_text() == before
