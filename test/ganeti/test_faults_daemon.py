# SPDX-License-Identifier: BSD-2-Clause
"""The node daemon or one of its requests is killed, or waits for a mount that hangs."""

import signal
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from cleanliness import REAL_DIR, assert_clean, files, remains
from instances import Instances
from testbed import GanetiNode, GanetiCluster, Process, await_condition
from testbed.faults import request_in_flight, stopped


@contextmanager
def request_interrupted(
    node: GanetiNode, call: str, path: str, number: signal.Signals
) -> Iterator[None]:
    """The next request on a node that makes a system call on a file gets a signal for it.

    Killed, it does not make that call; stopped, it has made it. Proven by strace's record.
    """
    record = f"/run/interrupted-{uuid.uuid4()}"
    name = number.name.removeprefix("SIG")
    daemon = str(node.noded().namespace_pids[-1])
    argv = ["strace", "-f", "-p", daemon, "-o", record, "-P", path, "-e", f"trace={call}"]
    inject = f"inject={call}:signal={name}:when=1"
    tracer = node.popen([*argv, "-e", inject], stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None and "attached" in tracer.stderr.readline()
        yield
        text = node.path(record).read_text(errors="replace")
        assert f"killed by {number.name}" in text or f"stopped by {number.name}" in text
    finally:
        tracer.end()
        node.path(record).unlink()


def requests(node: GanetiNode, daemon: Process) -> list[Process]:
    """What a node daemon forked, also one that is no more."""
    return [one for one in node.processes() if one.argv == daemon.argv and one != daemon]


def test_a_request_killed_in_the_middle_leaves_nothing_that_stands_in_the_way(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node = ganeti.master
    instances.add(name)
    first = instances.paths(name)[0]
    second = first.removesuffix(".0") + ".1"
    image = f"{REAL_DIR}/{second}"
    # The last step of a creation makes the image one that counts.
    with request_interrupted(node, "fchmod", image, signal.SIGKILL):
        words = ("modify", "--disk", "add:size=16m", name)
        failed = ganeti.master.gnt("instance", *words, check=False)
    assert failed.returncode != 0 and "Can't create block device" in failed.stderr
    assert remains(ganeti) == [f"image without an instance: {second}"]
    ganeti.master.gnt("instance", *words)
    assert instances.paths(name) == [first, second]
    ganeti.master.gnt("instance", "stop", name)
    assert_clean(ganeti)
    # A start, which mounts: killed after it has noted that the disk is used.
    with request_interrupted(node, "symlink", image, signal.SIGKILL):
        failed = ganeti.master.gnt("instance", "start", name, check=False)
    assert failed.returncode != 0
    ganeti.master.gnt("instance", "start", name)
    assert instances.status(name) == "running"
    # And the removal of one disk of two, which Ganeti tries again.
    with request_interrupted(node, "unlinkat", image, signal.SIGKILL):
        ganeti.master.gnt("instance", "remove", "-f", name, check=False)
    assert_clean(ganeti)


def test_requests_survive_their_node_daemon(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node = ganeti.master
    instances.add(name)
    mounts = node.fuse_mounts()
    first = instances.paths(name)[0]
    second = first.removesuffix(".0") + ".1"
    daemon = node.noded()
    with request_interrupted(node, "ftruncate", f"{REAL_DIR}/{second}", signal.SIGSTOP):
        job = node.submit("instance", "modify", "--disk", "add:size=16m", name)
        (request,) = await_condition(
            lambda: [one for one in requests(node, daemon) if one.state in ("T", "t")],
            "a request is stopped",
        )
    node.kill_noded()
    assert node.start_noded() != daemon
    # The new daemon works while the old one's request has yet to end.
    node.gnt("instance", "info", name)
    request.resume()
    node.gnt("job", "wait", job)
    assert instances.paths(name) == [first, second]
    node.restart_noded()
    assert instances.status(name) == "running" and node.fuse_mounts() == mounts
    instances.remove([name])
    assert_clean(ganeti)


def test_a_hung_client_takes_neither_the_daemon_nor_other_templates_along(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node, other = ganeti.nodes
    node.write_file("/etc/ganeti/gluster.toml", '[all]\nprobe_timeout = "500ms"\n')
    instances.add(name)
    client = node.fuse_client(REAL_DIR)
    daemon = node.noded()
    pid = client.namespace_pids[-1]
    cause = f"its client, glusterfs with pid {pid}, is stopped; let it go on with: kill -CONT {pid}"
    with stopped(client), request_in_flight(node, REAL_DIR):
        for words in (("info", name), ("grow-disk", name, "0", "16m")):
            failed = ganeti.master.gnt("instance", *words, check=False)
            assert failed.returncode != 0 and cause in failed.stdout + failed.stderr
        storage = ganeti.master.gnt("node", "list-storage", "--storage-type=gluster").stdout
        assert cause in storage and f"\n{other.full_name} gluster" in storage
        instances.add("other.example.com", disks=("-t", "file", "-s", "16m"))
        assert instances.status("other.example.com") == "running"
        ganeti.master.gnt("instance", "stop", name)
        assert node.noded() == daemon and requests(node, daemon) == []
    ganeti.master.gnt("instance", "start", name)
    assert node.fuse_client(REAL_DIR) == client
    node.path("/etc/ganeti/gluster.toml").unlink()
    instances.remove([name, "other.example.com"])
    assert len(files(ganeti.volume)) == 0
    assert_clean(ganeti)
