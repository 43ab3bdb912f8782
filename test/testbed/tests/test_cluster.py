# SPDX-License-Identifier: BSD-2-Clause
"""What a cluster without faults is."""

import os
import socket
import subprocess

import pytest
from testbed import (
    Client,
    Cluster,
    CommandError,
    ConditionTimeout,
    GlusterError,
    Process,
    Volume,
    await_condition,
)


def test_a_client_mounts_the_volume_by_plain_mount(client: Client, volume: Volume) -> None:
    client.run(["mkdir", "-p", "/run/plain"])
    client.run(["mount", "-t", "glusterfs", "node1:/gv0", "/run/plain"])
    client.run(["sh", "-c", "echo text >/run/plain/file"])
    [mount] = client.fuse_mounts()
    assert (mount.target, mount.source) == ("/run/plain", "node1:/gv0")
    assert client.run(["cat", "/run/plain/file"]).stdout == "text\n"
    client.unmount("/run/plain")


def test_a_file_is_on_the_brick_of_every_node(
    client: Client, volume: Volume, target: str
) -> None:
    client.run(["touch", f"{target}/on-every-brick"])
    for brick in volume.bricks:
        assert brick.node.path(f"{brick.path}/on-every-brick").exists()


def test_two_clients_see_each_other_s_files(cluster: Cluster, target: str) -> None:
    other = cluster.add_client()
    other.mount("node2:/gv0", target)
    cluster.client.run(["touch", f"{target}/shared"])
    assert other.run(["ls", f"{target}/shared"]).stdout == f"{target}/shared\n"
    other.unmount(target)
    assert not other.leftovers(settle=5)


def test_leftovers_name_what_a_test_left(client: Client, target: str) -> None:
    child = client.popen(["sleep", "100"])
    await_condition(lambda: child.process.name == "sleep", "sleep runs")
    leftovers = client.leftovers()
    assert [mount.target for mount in leftovers.mounts] == [target]
    assert [item.target for item in leftovers.fuse_clients] == [target]
    assert [item.pid for item in leftovers.processes] == [child.process.pid]
    child.end()


def test_clean_up_empties_a_client_and_says_of_what(client: Client, volume: Volume) -> None:
    client.mount(volume.source, "/run/left")
    child = client.popen(["sh", "-c", "cd /run/left; exec sleep 100"])
    await_condition(lambda: child.process.name == "sleep", "sleep runs")
    assert client.clean_up(settle=0)
    assert not client.leftovers()


def test_processes_are_found_by_their_pids_on_the_host(cluster: Cluster, volume: Volume) -> None:
    node = cluster.node(1)
    [brick] = node.bricks("gv0")
    for process in (brick, node.glusterd()):
        assert process.namespace_pids[0] == process.pid
        assert len(process.namespace_pids) == 3
        os.kill(process.pid, 0)
    assert node.bricks("another") == []


def test_nothing_of_a_machine_is_visible_on_the_host(client: Client, volume: Volume) -> None:
    client.run(["touch", "/etc/ganeti/only-here", "/var/lib/only-here", "/run/only-here"])
    for path in ("/etc/ganeti/only-here", "/var/lib/only-here", "/run/only-here"):
        assert not os.path.exists(path)
    with open("/proc/self/mountinfo", encoding="utf-8") as table:
        assert "testbed" not in table.read()
    assert "node1" not in subprocess.run(["ip", "link"], capture_output=True, text=True).stdout
    assert client.run(["hostname"]).stdout == "client1\n" != socket.gethostname()


def test_names_resolve_and_unknown_ones_fail_at_once(client: Client, volume: Volume) -> None:
    assert client.run(["getent", "ahostsv4", "node3"]).stdout.startswith("198.51.100.13 ")
    assert client.run(["getent", "hosts", "node3-v6"]).stdout.startswith("2001:db8:100::13 ")
    result = client.run(["getent", "hosts", "unknown.example.org"], check=False, timeout=4)
    assert result.returncode == 2


def test_a_command_that_fails_says_what_it_wrote(client: Client) -> None:
    with pytest.raises(CommandError, match="no reason"):
        client.run(["sh", "-c", "echo no reason >&2; exit 3"])
    result = client.run(["sh", "-c", "exit 3"], check=False)
    assert result.returncode == 3


def test_a_command_has_a_clean_environment_and_the_input_given(client: Client) -> None:
    result = client.run(["sh", "-c", "env; cat"], env={"A": "b"}, input="text")
    assert "A=b\n" in result.stdout and result.stdout.endswith("text")
    assert "PYTEST_CURRENT_TEST" not in result.stdout


def test_a_command_that_takes_too_long_is_killed(client: Client) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        client.run(["sh", "-c", "sleep 100 & wait"], timeout=0.3)
    await_condition(lambda: not client.leftovers(), "no sleep is left")


def test_a_signal_reaches_the_command_itself(client: Client) -> None:
    command = client.popen(["sleep", "100"])
    await_condition(lambda: command.process.name == "sleep", "sleep runs")
    command.terminate()
    assert command.wait(10) == -15


@pytest.mark.parametrize("end", ["killed", "ended"])
def test_a_stopped_command_can_be_brought_to_its_end(client: Client, end: str) -> None:
    command = client.popen(["sleep", "100"])
    await_condition(lambda: command.process.name == "sleep", "sleep runs")
    entered = Process.find(command.pid)
    assert entered is not None
    command.process.stop()
    await_condition(lambda: entered.state == "T", "nsenter has stopped itself")
    if end == "killed":
        command.kill()
        assert command.wait(10) == -9
    else:
        assert command.end() == -9


def test_a_condition_that_does_not_come_true_names_itself() -> None:
    with pytest.raises(ConditionTimeout, match="pigs fly"):
        await_condition(lambda: False, "pigs fly", timeout=0.1)


def test_gluster_s_refusal_is_an_error_though_its_exit_status_is_not(cluster: Cluster) -> None:
    with pytest.raises(GlusterError, match="absent"):
        cluster.gluster("volume", "info", "absent")


def test_volumes_of_each_kind_are_created_and_deleted(cluster: Cluster) -> None:
    for name, kind, text in (
        ("arbiter", {"replica": 3, "arbiter": 1}, "Replicate"),
        ("distribute", {"distribute": 2}, "Distribute"),
        ("disperse", {"disperse": 3, "redundancy": 1}, "Disperse"),
    ):
        volume = cluster.create_volume(name, **kind, start=name == "disperse")
        info = cluster.gluster("volume", "info", name)
        assert info.findtext(".//typeStr") == text
        assert volume.status() == ("Started" if name == "disperse" else "Created")
        cluster.delete_volume(name)
        assert not any(brick.node.path(brick.path).exists() for brick in volume.bricks)


def test_a_recycled_pid_is_another_process() -> None:
    here = Process.find(os.getpid())
    assert here is not None and here.running
    assert not Process(here.pid, here.start_time + 1).running
