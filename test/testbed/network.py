# SPDX-License-Identifier: BSD-2-Clause
"""Addresses of the testbed, from the ranges reserved for documentation (RFC 5737, RFC 3849)."""

from dataclasses import dataclass

BRIDGE = "br0"


@dataclass(frozen=True)
class Addresses:
    """What one machine is reached by."""

    ipv4: str
    ipv6: str


def addresses(number: int) -> Addresses:
    """The addresses of host `number` (1 to 254) of the testbed's networks."""
    if not 1 <= number <= 254:
        raise ValueError(f"no address for host number {number}")
    return Addresses(f"198.51.100.{number}", f"2001:db8:100::{number}")


HUB = addresses(1)
# The address of a Ganeti cluster, which its master takes.
GANETI = addresses(10)
FIRST_NODE = 11
FIRST_CLIENT = 101
# Addresses that the faults of the network take for themselves, on the bridge.
FIRST_FAULT = 201
# No machine ever has this one: nobody answers ARP or neighbour discovery for it.
ABSENT = addresses(254)


def add_address(address: Addresses, device: str) -> str:
    """Input for `ip -batch`: both addresses, usable at once (no duplicate detection)."""
    return (
        f"addr add {address.ipv4}/24 dev {device}\n"
        f"addr add {address.ipv6}/64 dev {device} nodad\n"
    )


def delete_address(address: Addresses, device: str) -> str:
    """Input for `ip -batch` that undoes add_address."""
    return f"addr del {address.ipv4}/24 dev {device}\naddr del {address.ipv6}/64 dev {device}\n"


# Snooping off: neighbour discovery must not wait for a querier that does not exist.
BRIDGE_SETUP = (
    "link set lo up\n"
    f"link add {BRIDGE} type bridge forward_delay 0 mcast_snooping 0\n"
    f"link set {BRIDGE} up\n" + add_address(HUB, BRIDGE)
)


def link_to_bridge(name: str, pid: int) -> str:
    """Input for `ip -batch` in the hub: a cable from the bridge to the namespace of `pid`."""
    return (
        f"link add {name} type veth peer name eth0 netns {pid}\n"
        f"link set {name} master {BRIDGE} up\n"
    )


def machine_setup(address: Addresses) -> str:
    """Input for `ip -batch` in a machine that has its eth0."""
    return "link set lo up\nlink set eth0 up\n" + add_address(address, "eth0")


def hosts_file(machines: dict[str, Addresses], family: str) -> str:
    """/etc/hosts: NAME has the cluster's address family, NAME-v4 and NAME-v6 have their own."""
    lines = ["127.0.0.1 localhost", "::1 localhost ip6-localhost"]
    for name, address in machines.items():
        main = address.ipv6 if family == "inet6" else address.ipv4
        lines.append(f"{main} {name}.example.com {name}")
        lines.append(f"{address.ipv4} {name}-v4")
        lines.append(f"{address.ipv6} {name}-v6")
    return "\n".join(lines) + "\n"
