# SPDX-License-Identifier: BSD-2-Clause
"""Volfile servers that do not serve, each at an address of its own."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..cluster import Cluster
from ..commands import CLEAN_ENVIRONMENT, Command, CommandError
from ..hub import Hub
from ..network import ABSENT, BRIDGE, Addresses, add_address, delete_address
from ..waiting import await_condition
from .packets import dropped_packets, send_datagram

_PORT = 24007
_PROGRAM = Path(__file__).resolve().parent / "mute_program.py"


@contextmanager
def _address_on_bridge(cluster: Cluster) -> Iterator[Addresses]:
    address = cluster.take_fault_address()
    cluster.hub.run(["ip", "-batch", "-"], input=add_address(address, BRIDGE))
    try:
        yield address
    finally:
        cluster.hub.run(["ip", "-batch", "-"], input=delete_address(address, BRIDGE))


def _connect(hub: Hub, address: str, port: int = _PORT) -> str:
    """Tries to connect; returns why that failed, or ""."""
    try:
        hub.run(["bash", "-c", f"exec 3<>/dev/tcp/{address}/{port}"])
    except CommandError as error:
        return error.stderr
    return ""


@contextmanager
def refusing_address(cluster: Cluster) -> Iterator[Addresses]:
    """An address of a host that is up, with nothing listening."""
    with _address_on_bridge(cluster) as address:
        for text in (address.ipv4, address.ipv6):
            if "Connection refused" not in _connect(cluster.hub, text):
                raise AssertionError(f"{text} does not refuse connections")
        yield address


def absent_address() -> Addresses:
    """An address of no host: nobody answers ARP or neighbour discovery."""
    return ABSENT


class BlackholedAddress:
    """An address whose packets are dropped and counted."""

    def __init__(self, hub: Hub, address: Addresses) -> None:
        self._hub = hub
        self.address = address
        self.table = "blackhole_" + address.ipv4.rpartition(".")[2]

    def packets(self) -> int:
        """How many packets have been dropped so far."""
        return dropped_packets(self._hub.run, self.table)


@contextmanager
def blackholed_address(cluster: Cluster) -> Iterator[BlackholedAddress]:
    """An address that answers ARP and then drops every packet: connecting takes very long."""
    with _address_on_bridge(cluster) as address:
        hole = BlackholedAddress(cluster.hub, address)
        rules = f"""
table inet {hole.table} {{
    chain incoming {{
        type filter hook input priority -10
        ip daddr {address.ipv4} counter drop
        ip6 daddr {address.ipv6} meta l4proto != ipv6-icmp counter drop
    }}
}}
"""
        cluster.hub.run(["nft", "-f", "-"], input=rules)
        try:
            send_datagram(cluster.hub.run, address.ipv4)
            if not hole.packets():
                raise AssertionError(f"packets still reach {address.ipv4}")
            yield hole
        finally:
            cluster.hub.run(["nft", "delete", "table", "inet", hole.table])


class MuteServer:
    """A server that accepts connections and never answers."""

    def __init__(self, address: Addresses, record: Path) -> None:
        self.address = address
        self._record = record

    def accepted(self) -> int:
        """How many connections it has accepted so far, the one that proved it included."""
        return self._record.read_text().count("\n")


@contextmanager
def mute_server(cluster: Cluster, port: int = _PORT) -> Iterator[MuteServer]:
    """A server that accepts on `port` and never answers: a client of it waits without limit."""
    with _address_on_bridge(cluster) as address:
        record = cluster.scratch / f"mute-{address.ipv4}"
        with open(record, "w", encoding="ascii") as output:
            program = Command(
                cluster.hub.enter(),
                [sys.executable, "-IS", str(_PROGRAM), str(port), address.ipv4, address.ipv6],
                stdin=subprocess.DEVNULL,
                stdout=output,
                env=CLEAN_ENVIRONMENT,
            )
        server = MuteServer(address, record)
        try:
            await_condition(
                lambda: not _connect(cluster.hub, address.ipv4, port), "the mute server listens"
            )
            await_condition(server.accepted, "the mute server accepts")
            yield server
        finally:
            program.end()
            record.unlink()

