# SPDX-License-Identifier: BSD-2-Clause
"""Nothing outlives its owner, whatever way that ends."""

import glob
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from testbed import Cluster, Process, await_condition

TEST_FOLDER = str(Path(__file__).resolve().parents[2])
COMMAND = str(Path(__file__).resolve().parents[1] / "testbed")

# Ends with a request inside a stopped FUSE client and a forked child that lives on.
OWNER = """
import json, os, time
from testbed import Cluster
from testbed.faults import request_in_flight, stopped
with Cluster(nodes=1) as cluster:
    volume = cluster.create_volume()
    client = cluster.client
    process = client.mount(volume.source, "/run/gluster-mount")
    child = os.fork()
    if child:
        with stopped(process), request_in_flight(client, "/run/gluster-mount"):
            inits = [machine.init.pid for machine in [*cluster.nodes, client]]
            print(json.dumps([child, *inits, cluster.hub.init.pid]), flush=True)
            time.sleep(1000)
    os.close(1)
    time.sleep(1000)
"""

# Ends with a stopped program in a machine; nsenter, before it, has stopped itself likewise.
OWNER_OF_STOPPED = """
import time
from testbed import Cluster, Process, await_condition
with Cluster(nodes=1) as cluster:
    command = cluster.client.popen(["sleep", "1000"])
    await_condition(lambda: command.process.name == "sleep", "the program runs")
    command.process.stop()
    entered = Process.find(command.pid)
    await_condition(lambda: entered.state == "T", "nsenter has stopped itself")
    print(command.pid, flush=True)
    time.sleep(1000)
"""


@contextmanager
def start_owner(program: str, scratch: Path) -> Iterator["subprocess.Popen[str]"]:
    """A process that makes a cluster below `scratch`; killed at the end at the latest."""
    environment = {**os.environ, "PYTHONPATH": TEST_FOLDER, "TMPDIR": str(scratch)}
    with subprocess.Popen(
        [sys.executable, "-B", "-c", program],
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    ) as owner:
        try:
            yield owner
        finally:
            owner.kill()


def network_namespaces() -> set[str]:
    found = set()
    for link in glob.glob("/proc/[0-9]*/ns/net"):
        try:
            found.add(os.readlink(link))
        except OSError:
            continue
    return found


def traces_of(folder: Path) -> list[str]:
    """Processes, loop devices, mounts and files that belong to a scratch folder."""
    traces = [str(path) for path in folder.iterdir()]
    for path in glob.glob("/sys/block/loop*/loop/backing_file"):
        try:
            if Path(path).read_text().startswith(str(folder)):
                traces.append(path)
        except OSError:
            continue
    for path in glob.glob("/proc/[0-9]*/mountinfo"):
        try:
            if str(folder) in Path(path).read_text():
                traces.append(path)
        except OSError:
            continue
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            if str(folder) in Path(path).read_text():
                traces.append(path)
        except OSError:
            continue
    return traces


def test_sigkill_of_the_owner_leaves_nothing(tmp_path: Path) -> None:
    with start_owner(OWNER, tmp_path) as owner:
        assert owner.stdout is not None
        child, *inits = json.loads(owner.stdout.readline())
        namespaces = {os.readlink(f"/proc/{init}/ns/net") for init in inits}
        assert namespaces < network_namespaces() and traces_of(tmp_path)
        owner.kill()
        owner.wait()
        try:
            await_condition(lambda: not traces_of(tmp_path), "nothing is left")
            assert not namespaces & network_namespaces()
        finally:
            os.kill(child, signal.SIGKILL)


def test_sigkill_of_the_owner_of_a_stopped_program_leaves_nothing(tmp_path: Path) -> None:
    with start_owner(OWNER_OF_STOPPED, tmp_path) as owner:
        assert owner.stdout is not None
        entered = Process.find(int(owner.stdout.readline()))
        assert entered is not None and traces_of(tmp_path)
        owner.kill()
        owner.wait()
        await_condition(lambda: not traces_of(tmp_path), "nothing is left")
        await_condition(lambda: not entered.running, "nsenter has ended")


def test_sigkill_in_the_middle_of_bringing_up_leaves_nothing(tmp_path: Path) -> None:
    with start_owner("from testbed import Cluster\nCluster().up()\n", tmp_path) as owner:
        await_condition(lambda: glob.glob(f"{tmp_path}/*/node1/log"), "node1 is being made")
        owner.kill()
        owner.wait()
        await_condition(lambda: not traces_of(tmp_path), "nothing is left")


def test_an_owner_that_forgets_down_leaves_nothing(tmp_path: Path) -> None:
    with start_owner("from testbed import Cluster\nCluster(1).up()\n", tmp_path) as owner:
        assert owner.wait(60) == 0
        await_condition(lambda: not traces_of(tmp_path), "nothing is left")


def test_a_cluster_comes_up_twice_in_a_row_in_the_same_folder(tmp_path: Path) -> None:
    for _ in range(2):
        with Cluster(1, 0, scratch=tmp_path) as cluster:
            cluster.create_volume()
            assert traces_of(tmp_path)
        assert traces_of(tmp_path) == []


def test_glusterd_can_serve_ipv6(tmp_path: Path) -> None:
    with Cluster(2, 1, scratch=tmp_path, family="inet6") as cluster:
        volume = cluster.create_volume(replica=2)
        option = "xlator-option=transport.address-family=inet6"
        cluster.client.mount(volume.source, "/run/v6", option)
        cluster.client.await_answer("/run/v6")


def test_the_command_keeps_a_cluster_up_until_down(tmp_path: Path) -> None:
    folder = tmp_path / "state"

    def testbed(*words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run([COMMAND, *words], capture_output=True, text=True, timeout=60)

    up = testbed("up", str(folder), "--nodes", "1", "--volume", "gv0")
    assert (up.returncode, up.stderr) == (0, "")
    try:
        assert "gv0 node1:/gv0 1/1 bricks online" in testbed("status", str(folder)).stdout
        hostname = testbed("exec", str(folder), "client1", "--", "hostname")
        assert hostname.stdout == "client1\n"
        assert testbed("exec", str(folder), "node1", "--", "sh", "-c", "exit 7").returncode == 7
    finally:
        down = testbed("down", str(folder))
    assert (down.returncode, down.stderr) == (0, "")
    assert traces_of(tmp_path) == []
    assert testbed("status", str(folder)).returncode == 1
