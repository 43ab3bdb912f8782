# SPDX-License-Identifier: BSD-2-Clause
"""What checks leave behind: nothing, however many there are."""

import pytest
from check_findings import CHECK, SETTINGS
from driver import REAL_DIR
from failure_bed import Bed
from test_check_findings import bed, check  # noqa: F401
from testbed import Client, Cluster, await_condition, watched_mounts
from testbed.faults import blackhole, blackholed_address, mute_server, stopped

RUNS = 30


def log_sizes(cluster: Cluster, client: Client) -> dict[str, int]:
    """All that any part of GlusterFS has written, on the client and on the servers."""
    machines = [client, *cluster.nodes]
    return {
        f"{machine.name}:{file.relative_to(machine.path('/'))}": file.stat().st_size
        for machine in machines
        for file in machine.path("/var/log/glusterfs").rglob("*.log")
    }


def sizes_at_rest(cluster: Cluster, client: Client) -> dict[str, int]:
    """The same, once all is said: a volume that was just started goes on writing for some seconds."""
    seen: dict[str, int] = {}

    def at_rest() -> bool:
        before = dict(seen)
        seen.update(log_sizes(cluster, client))
        return seen == before

    await_condition(at_rest, "GlusterFS writes nothing by itself", timeout=60, interval=5)
    return seen


def checking(client: Client) -> int:
    return len(client.processes_named("gluster-mount-check"))


@pytest.mark.parametrize("mounted", [True, False])
def test_checks_of_a_healthy_node_write_no_line_to_any_log_of_gluster(
    bed: Bed, cluster: Cluster, mounted: bool
) -> None:
    if mounted:
        bed.mounted()
    assert check(bed.client)["findings"] == []
    before = sizes_at_rest(cluster, bed.client)
    assert len(before) > 4
    with watched_mounts(bed.client) as watch:
        for _ in range(RUNS):
            assert check(bed.client)["severity"] == "OK"
        assert watch.changes() == []
    assert log_sizes(cluster, bed.client) == before
    assert checking(bed.client) == 0


def test_checks_of_a_hung_mount_leave_one_process_in_all(bed: Bed) -> None:
    bed.mounted()
    with stopped(bed.client.fuse_client(REAL_DIR)):
        for _ in range(RUNS):
            result = bed.client.run([CHECK, "-t", "1"], check=False)
            assert result.returncode == 2 and "MOUNT_HUNG" in result.stdout
            assert checking(bed.client) <= 1
    await_condition(lambda: checking(bed.client) == 0, "the probe has its answer")


def test_checks_of_a_mount_whose_servers_are_silent_leave_one_process_in_all(bed: Bed) -> None:
    bed.mounted()
    with blackhole(bed.client):
        await_condition(
            lambda: "MOUNT_HUNG" in bed.client.run([CHECK, "-t", "1"], check=False).stdout, "it hangs"
        )
        for _ in range(RUNS):
            assert bed.client.run([CHECK, "-t", "1"], check=False).returncode == 2
            assert checking(bed.client) <= 1
    bed.client.await_answer(REAL_DIR)
    await_condition(lambda: checking(bed.client) == 0, "the probe has its answer")


def test_servers_that_are_mute_or_swallow_packets_are_told_and_nothing_is_left(bed: Bed) -> None:
    with mute_server(bed.cluster) as mute, blackholed_address(bed.cluster) as silent:
        servers = f"{mute.address.ipv4},{silent.address.ipv4}"
        bed.client.write_file(SETTINGS, f'default_volume = "{servers}:/gv0"\n')
        report = check(bed.client, "-t", "6")
        (found,) = report["findings"]
        assert found["code"] == "SERVERS_DOWN"
        assert "does not answer" in found["evidence"] and "no answer from" in found["evidence"]
    assert checking(bed.client) == 0
