# SPDX-License-Identifier: BSD-2-Clause
"""The node daemon or one of its requests is killed, or waits for a mount that hangs."""

import signal
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from cleanliness import REAL_DIR, STATE_DIR, assert_clean, files, remains
from instances import Instances
from testbed import GanetiCluster, GanetiNode, Process, await_condition
from testbed.faults import request_in_flight, stopped

# For so many seconds after a good answer of a mount nobody asks again.
GOOD_FOR = 3


@contextmanager
def request_interrupted(
    node: GanetiNode, call: str, path: str, number: signal.Signals
) -> Iterator[None]:
    """The next request on a node that makes a system call on a file gets a signal for it.

    `path` is as the kernel or as the call spells it. Killed, the request does not make that call;
    stopped, it has made it. Proven by strace's record, which is awaited at the end.
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
        done = f" by {number.name}"
        await_condition(
            lambda: done in node.path(record).read_text(errors="replace"), f"{call} on {path}"
        )
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
    # A start: the volume is mounted when the request looks at the image.
    with request_interrupted(node, "statx", image, signal.SIGKILL):
        failed = ganeti.master.gnt("instance", "start", name, check=False)
    assert failed.returncode != 0
    ganeti.master.gnt("instance", "start", name)
    assert instances.status(name) == "running"
    # And a removal.
    with request_interrupted(node, "unlinkat", second.rpartition("/")[2], signal.SIGKILL):
        failed = ganeti.master.gnt("instance", "remove", "-f", name, check=False)
    assert failed.returncode != 0 and "Can't remove instance's disks" in failed.stderr
    instances.remove([name])
    assert_clean(ganeti)


def test_a_request_survives_its_node_daemon_and_instances_do_not_notice(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node = ganeti.node(2)
    instances.add(name, node=node)
    mounts = node.fuse_mounts()
    first = instances.paths(name)[0]
    second = first.removesuffix(".0") + ".1"
    daemon = node.noded()
    with request_interrupted(node, "ftruncate", f"{REAL_DIR}/{second}", signal.SIGSTOP):
        job = ganeti.master.submit("instance", "modify", "--disk", "add:size=16m", name)
    (request,) = await_condition(
        lambda: [one for one in requests(node, daemon) if one.state == "T"], "a stopped request"
    )
    node.kill_noded()
    request.resume()
    # It has the daemon's pid file locked: no new one starts before its end.
    request.await_end()
    node.start_noded()
    ganeti.master.gnt("job", "wait", job)
    assert instances.paths(name) == [first, second]
    assert instances.status(name) == "running" and node.fuse_mounts() == mounts
    instances.remove([name])
    assert_clean(ganeti)


@pytest.fixture
def impatient(ganeti: GanetiCluster) -> Iterator[GanetiNode]:
    """A node that does not wait long for a mount."""
    settings = "/etc/ganeti/gluster.toml"
    ganeti.master.write_file(settings, '[all]\nprobe_timeout = "500ms"\n')
    yield ganeti.master
    ganeti.master.path(settings).unlink()


def test_a_hung_client_takes_neither_the_daemon_nor_other_templates_along(
    ganeti: GanetiCluster, impatient: GanetiNode, instances: Instances, name: str
) -> None:
    node = impatient
    instances.add(name)
    client = node.fuse_client(REAL_DIR)
    daemon = node.noded()
    pid = client.namespace_pids[-1]
    cause = f"its client, glusterfs with pid {pid}, is stopped; let it go on with: kill -CONT {pid}"
    record = node.path(f"{STATE_DIR}/-run-ganeti-gluster/mount")
    with stopped(client), request_in_flight(node, REAL_DIR):
        await_condition(
            lambda: time.time() - record.stat().st_mtime > GOOD_FOR,
            "the last good answer is too old to count",
        )
        for words in (("info", name), ("grow-disk", name, "0", "16m")):
            failed = ganeti.master.gnt("instance", *words, check=False)
            assert failed.returncode != 0 and cause in failed.stdout + failed.stderr
        storage = ganeti.master.gnt("node", "list-storage", "--storage-type=gluster").stdout
        assert f"Can't get storage data from node {node.full_name}: " in storage
        assert cause in storage
        instances.add("other.example.com", disks=("-t", "file", "-s", "16m"))
        assert instances.status("other.example.com") == "running"
        ganeti.master.gnt("instance", "stop", name)
        assert node.noded() == daemon and requests(node, daemon) == []
    ganeti.master.gnt("instance", "start", name)
    assert node.fuse_client(REAL_DIR) == client
    instances.remove([name, "other.example.com"])
    assert len(files(ganeti.volume)) == 0
    assert_clean(ganeti)
