# SPDX-License-Identifier: BSD-2-Clause
"""Full bricks, races and kills at chosen moments."""

import contextlib
import subprocess
import sys

import pytest
from testbed import Client, CommandError, Volume
from testbed.faults import (
    Barrier,
    SyscallPoint,
    full_brick,
    killed_at_syscall,
    stopped_after_syscall,
    syscall_points,
)


def test_a_full_brick_refuses_data_until_it_has_room(
    client: Client, volume: Volume, target: str
) -> None:
    write = ["dd", "if=/dev/zero", f"of={target}/data", "bs=1M", "count=4", "conv=fsync"]
    with contextlib.ExitStack() as faults:
        for brick in volume.bricks:
            faults.enter_context(full_brick(brick))
        with pytest.raises(CommandError, match="No space left"):
            client.run(write)
    client.run(write)
    volume.await_healed()


def test_a_barrier_lets_all_processes_go_after_the_last_has_come(client: Client) -> None:
    with Barrier() as barrier:
        first = barrier.add(client, ["touch", "/run/barrier-passed"])
        barrier.add(client, ["sh", "-c", "exit 5"])
        assert first.poll() is None
        assert not client.path("/run/barrier-passed").exists()
        assert [result.returncode for result in barrier.release()] == [0, 5]
    assert client.path("/run/barrier-passed").exists()


def test_a_barrier_that_is_never_released_leaves_no_process(client: Client) -> None:
    with Barrier() as barrier:
        process = barrier.add(client, ["touch", "/run/never"]).process
    process.await_end()
    assert not client.path("/run/never").exists()


def test_a_process_is_killed_before_the_call_chosen(client: Client) -> None:
    argv = ["sh", "-c", "mkdir /run/one; mkdir /run/two; rmdir /run/one /run/two"]
    points = syscall_points(client, argv, "mkdir,rmdir")
    assert points[0] == SyscallPoint("mkdir", 1)
    assert SyscallPoint("rmdir", 2) in points
    killed = killed_at_syscall(client, ["mkdir", "/run/three"], SyscallPoint("mkdir", 1))
    assert killed.returncode == -9
    assert not client.path("/run/three").exists()


def test_a_run_can_be_killed_at_each_of_its_calls(client: Client) -> None:
    argv = ["touch", "/run/touched"]
    for point in syscall_points(client, argv):
        assert killed_at_syscall(client, argv, point).returncode == -9


def test_a_point_that_the_run_does_not_reach_is_an_error(client: Client) -> None:
    with pytest.raises(AssertionError, match="did not come to"):
        killed_at_syscall(client, ["true"], SyscallPoint("fsync", 1))


_THREE_FOLDERS = "import os, sys; sys.stdin.read(); [os.mkdir('/run/' + name) for name in 'abc']"


@pytest.mark.parametrize(
    "occurrence, paths", [(2, []), (1, ["/run/b"])], ids=["any_path", "chosen_path"]
)
def test_a_command_is_stopped_after_the_call_chosen_and_goes_on(
    client: Client, occurrence: int, paths: list[str]
) -> None:
    command = client.popen([sys.executable, "-c", _THREE_FOLDERS], stdin=subprocess.PIPE)
    assert command.stdin is not None
    point = SyscallPoint("mkdir", occurrence)
    with stopped_after_syscall(client, command, point, command.stdin.close, paths):
        assert client.run(["sh", "-c", "cd /run; ls -d ?"]).stdout.split() == ["a", "b"]
        assert command.process.thread_states() <= {"t", "T"}
    assert command.wait(20) == 0
    client.run(["rmdir", "/run/a", "/run/b", "/run/c"])
