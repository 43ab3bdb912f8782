# SPDX-License-Identifier: BSD-2-Clause
"""A machine that the network does not reach."""

from collections.abc import Iterator
from contextlib import contextmanager

from ..cluster import Cluster
from ..machine import Machine
from ..network import HUB
from ..waiting import await_condition
from .packets import dropped_packets, send_datagram

_TABLE = "testbed_blackhole"
_RULES = f"""
table inet {_TABLE} {{
    chain incoming {{
        type filter hook input priority -10
        iifname eth0 counter drop
    }}
    chain outgoing {{
        type filter hook output priority -10
        oifname eth0 counter drop
    }}
}}
"""


def _carrier(machine: Machine) -> str:
    return machine.path("/sys/class/net/eth0/carrier").read_text().strip()


@contextmanager
def link_down(cluster: Cluster, machine: Machine) -> Iterator[None]:
    """The machine's cable is cut.

    At the bridge's end: eth0 keeps its addresses, as it does when a real cable is cut.
    """
    cluster.hub.run(["ip", "link", "set", machine.name, "down"])
    try:
        await_condition(lambda: _carrier(machine) == "0", f"{machine.name} has no carrier")
        yield
    finally:
        cluster.hub.run(["ip", "link", "set", machine.name, "up"])
        await_condition(lambda: _carrier(machine) == "1", f"{machine.name} has a carrier")


@contextmanager
def blackhole(machine: Machine) -> Iterator[None]:
    """Everything that the machine sends and receives is dropped without a word.

    ARP still works, so that a peer sees silence and not an unreachable host.
    """
    machine.run(["nft", "-f", "-"], input=_RULES)
    try:
        send_datagram(machine.run, HUB.ipv4)
        if not dropped_packets(machine.run, _TABLE):
            raise AssertionError(f"packets still leave {machine.name}")
        yield
    finally:
        machine.run(["nft", "delete", "table", "inet", _TABLE])
