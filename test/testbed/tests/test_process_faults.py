# SPDX-License-Identifier: BSD-2-Clause
"""Faults of daemons and of the mounts that need them."""

from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import (
    bricks_down,
    glusterd_down,
    kill_fuse_client,
    request_in_flight,
    stopped,
    without_bricks,
    without_quorum,
)


def test_a_stopped_fuse_client_does_not_answer_until_it_goes_on(
    client: Client, target: str
) -> None:
    process = client.fuse_client(target)
    with stopped(process):
        assert process.state == "T"
        assert not client.answers(target, timeout=0.5)
    client.await_answer(target)


def test_a_request_in_flight_is_blocked_in_the_kernel(client: Client, target: str) -> None:
    with stopped(client.fuse_client(target)):
        with request_in_flight(client, target) as command:
            assert command.poll() is None
            assert "fuse" in command.process.kernel_stack
            process = command.process
    process.await_end()


def test_a_killed_fuse_client_leaves_its_row(client: Client, target: str) -> None:
    process = kill_fuse_client(client, target)
    assert not process.running
    assert [mount.target for mount in client.fuse_mounts()] == [target]
    assert client.fuse_clients() == []
    client.run(["umount", "--no-canonicalize", target])


def test_a_stopped_brick_keeps_a_request_of_its_volume_back(
    client: Client, volume: Volume, target: str
) -> None:
    brick = volume.bricks[0].process()
    assert brick is not None
    with stopped(brick):
        with request_in_flight(client, target, ["touch", f"{target}/kept-back"]):
            pass
    client.await_answer(target)


def test_one_brick_of_three_may_be_down(client: Client, volume: Volume, target: str) -> None:
    with bricks_down(volume, volume.bricks[:1]):
        assert volume.bricks[0].process() is None
        client.run(["touch", f"{target}/without-the-first"])
    volume.await_healed()
    first = volume.bricks[0]
    assert first.node.path(f"{first.path}/without-the-first").exists()


def test_without_quorum_the_client_lives_and_the_volume_does_not_answer(
    client: Client, volume: Volume, target: str
) -> None:
    with without_quorum(volume):
        assert [brick.process() is not None for brick in volume.bricks] == [True, False, False]
        await_condition(lambda: not client.answers(target), "the client notices")
        assert client.fuse_client(target).running
    client.await_answer(target)


def test_without_bricks_the_client_lives_and_the_volume_does_not_answer(
    client: Client, volume: Volume, target: str
) -> None:
    with without_bricks(volume):
        assert not any(brick.process() for brick in volume.bricks)
        await_condition(lambda: not client.answers(target), "the client notices")
        assert client.fuse_client(target).running
    client.await_answer(target)


def test_glusterd_may_be_down_while_its_brick_serves(
    cluster: Cluster, client: Client, volume: Volume, target: str
) -> None:
    node = cluster.node(1)
    with glusterd_down(cluster, node):
        assert node.processes_named("glusterd") == []
        assert node.bricks("gv0") and client.answers(target)
        mount = ["mount", "-t", "glusterfs", "node1:/gv0", "/mnt"]
        assert client.run(mount, check=False).returncode != 0
    assert node.glusterd_answers()
