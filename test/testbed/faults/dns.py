# SPDX-License-Identifier: BSD-2-Clause
"""A name server that does not answer."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from ..cluster import Cluster
from ..machine import Machine
from ..waiting import await_condition
from .server import BlackholedAddress, blackholed_address

_RESOLV_CONF = "/etc/resolv.conf"


@contextmanager
def dead_dns(cluster: Cluster, machine: Machine) -> Iterator[BlackholedAddress]:
    """The machine's only name server is silent: a name not in /etc/hosts resolves very slowly.

    Proven by a question that got lost; `packets` of the value counts more of them.
    """
    before = machine.path(_RESOLV_CONF).read_text()
    with blackholed_address(cluster) as hole:
        machine.write_file(_RESOLV_CONF, f"nameserver {hole.address.ipv4}\n")
        try:
            start = hole.packets()
            question = machine.popen(
                ["getent", "hosts", "unknown.example.org"], stdout=subprocess.DEVNULL
            )
            try:
                await_condition(lambda: hole.packets() > start, "a question to DNS got lost")
            finally:
                question.end()
            yield hole
        finally:
            machine.write_file(_RESOLV_CONF, before)
