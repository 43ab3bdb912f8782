# SPDX-License-Identifier: BSD-2-Clause
"""Rules of nftables that drop packets and count them."""

import json
from collections.abc import Callable
from subprocess import CompletedProcess

Runner = Callable[..., "CompletedProcess[str]"]


def dropped_packets(run: Runner, table: str) -> int:
    """How many packets the rules of a table have dropped."""
    listing = json.loads(run(["nft", "-j", "list", "table", "inet", table]).stdout)
    rules = [item["rule"] for item in listing["nftables"] if "rule" in item]
    return sum(
        expression["counter"]["packets"]
        for rule in rules
        for expression in rule["expr"]
        if "counter" in expression
    )


def send_datagram(run: Runner, ipv4: str) -> None:
    """Sends a datagram to the discard port; whether that succeeds is of no interest."""
    run(["bash", "-c", f"echo >/dev/udp/{ipv4}/9 || true"])
