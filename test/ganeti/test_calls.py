# SPDX-License-Identifier: BSD-2-Clause
"""Each request of Ganeti's about a disk on Gluster comes to our class, none to Ganeti's own."""

import ast
import json
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from cleanliness import assert_clean
from instances import Instances
from testbed import GanetiCluster, GanetiNode

_DEFAULTS = "/etc/default/ganeti"
_LOG = "/var/log/ganeti/node-daemon.log"
# A request of the node daemon, by the process that serves it, and a call that came to our class.
_REQUEST = re.compile(r" pid=(\d+) \S+ DEBUG Handling request \S+ POST /(\w+) .* body=(.*) at 0x")
_CALL = re.compile(r" pid=(\d+) \S+ DEBUG ganeti-gluster: (\w+) (\S+)$", re.MULTILINE)
_DISK = re.compile(r"ganeti/[0-9a-f-]{36}\.\d+")

# What each request does with each disk that it names.
_METHODS: dict[str, list[str]] = {
    "blockdev_assemble": ["Assemble", "Open"],
    "blockdev_close": ["Close"],
    "blockdev_create": ["Create", "Assemble", "Open", "SetInfo"],
    "blockdev_find": ["GetSyncStatus"],
    "blockdev_getdimensions": ["GetActualDimensions", "GetActualSize"],
    "blockdev_grow": ["Grow"],
    "blockdev_remove": ["Remove"],
    "blockdev_setinfo": ["SetInfo"],
    "blockdev_shutdown": ["Shutdown"],
    "instance_os_add": ["Open"],
    "instance_reboot": ["Open"],
    "instance_start": ["Open"],
    # They name the disks of an instance and do nothing with them.
    "hooks_runner": [],
    "instance_shutdown": [],
}
# (node, request, method): how often.
Calls = Counter[tuple[str, str, str]]


@pytest.fixture
def talkative(ganeti: GanetiCluster) -> Iterator[GanetiCluster]:
    """The cluster with node daemons that log each request, and a new log."""

    def start(words: str) -> None:
        for node in ganeti.nodes:
            node.write_file(_DEFAULTS, f'NODED_ARGS="{words}"\n')
            node.restart_noded()
            node.write_file(_LOG, "")

    before = [node.path(_DEFAULTS).read_text() for node in ganeti.nodes]
    start("-d")
    yield ganeti
    start("")
    for node, text in zip(ganeti.nodes, before):
        node.write_file(_DEFAULTS, text)


def disks_of(request: str, body: str) -> set[str]:
    """The disks on Gluster that a request is about."""
    arguments = json.loads(ast.literal_eval(body))
    if request == "blockdev_assemble":
        disk, _instance, as_primary, _number = arguments
        arguments = disk if as_primary else []
    return set(_DISK.findall(json.dumps(arguments)))


def wanted_and_made(nodes: list[GanetiNode]) -> tuple[Calls, Calls]:
    """The calls that the requests in the nodes' logs must lead to, and those that our class saw."""
    wanted, made = Calls(), Calls()
    for node in nodes:
        log = node.noded_log()
        requests = {}
        for pid, request, body in _REQUEST.findall(log):
            requests[pid] = request
            disks = disks_of(request, body)
            for method in _METHODS[request] if disks else []:
                wanted[node.name, request, method] += len(disks)
        made.update((node.name, requests[pid], method) for pid, method, _ in _CALL.findall(log))
    return wanted, made


def test_each_request_about_a_disk_comes_to_our_class(
    talkative: GanetiCluster, instances: Instances, name: str
) -> None:
    nodes, gnt = talkative.nodes, talkative.master.gnt
    disks = ["-t", "gluster", "--disk=0:size=4m", "--disk=1:size=4m"]
    instances.add(name, node=nodes[1], disks=disks)
    for words in (
        ["info", name],
        ["grow-disk", name, "1", "4m"],
        ["stop", name],
        ["activate-disks", name],
        ["deactivate-disks", name],
        ["modify", "--disk=add:size=4m", name],
        ["modify", "--disk=2:remove", name],
        ["reinstall", "-f", name],
        ["start", name],
        ["failover", "-f", name],
        ["reboot", name],
    ):
        gnt("instance", *words)
    gnt("cluster", "repair-disk-sizes")
    instances.remove([name])
    wanted, made = wanted_and_made(nodes)
    assert made == wanted
    # Nothing of the table went untried.
    assert {method for _, _, method in made} == {one for all in _METHODS.values() for one in all}
    assert {node for node, _, _ in made} == {node.name for node in nodes}
    # Ganeti's own class would have run a command.
    assert not [node for node in nodes if "RunCmd mount" in node.noded_log()]
    assert_clean(talkative)
