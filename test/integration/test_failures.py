# SPDX-License-Identifier: BSD-2-Clause
"""What failures say: each made for real, its message compared with test/data/errors.golden.

With UPDATE_GOLDEN=1 in the environment the file is rewritten; read it aloud before it is accepted.
"""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from driver import Driver, LibraryError, built
from failure_bed import Bed, helper
from failures import FAILURES
from gfapi_failures import GFAPI_FAILURES
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import mute_server
from worker_program import worker_path

GOLDEN = Path(__file__).parents[1] / "data" / "errors.golden"
SETTINGS = '[all]\nprobe_timeout = "500ms"\nmount_timeout = "4s"\nlock_timeout = "500ms"\n'
ALL_FAILURES = FAILURES | GFAPI_FAILURES
CLIENT_LOG = "/var/log/glusterfs/run-ganeti-gluster.log"

VARIABLE_PARTS = [
    (re.escape(built("test/integration/driver")), "driver"),
    (re.escape(worker_path()), "<worker>"),
    (r"(\bpid|\bprocess|-CONT|-KILL) \d+", r"\1 <pid>"),
    (r"\b198\.51\.100\.2\d\d\b", "<address>"),
    (r"Software caused connection abort|Transport endpoint is not connected", "<not connected>"),
    (r"\b\d+ ms ago", "<n> ms ago"),
    (r"\bfor \d+ s\b", "for <n> s"),
    (r"\bvolume has, \d+ MiB", "volume has, <n> MiB"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<uuid>"),
]


@pytest.fixture
def bed(
    cluster: Cluster,
    client: Client,
    volume: Volume,
    other_volume: Volume,
    drivers: Callable[..., Driver],
) -> Iterator[Bed]:
    client.write_file("/etc/ganeti/gluster.toml", SETTINGS)
    with ExitStack() as stack:
        yield Bed(cluster, client, volume, other_volume, drivers, stack)


def clients_started(client: Client) -> int:
    """How many FUSE clients have ever written that they run."""
    return client.path(CLIENT_LOG).read_text().count("Started running")


def read_golden() -> dict[str, list[str]]:
    """Code and message by the name of the failure."""
    entries = GOLDEN.read_text().split("\n\n") if GOLDEN.exists() else []
    return {lines[0]: lines[1:] for entry in entries if (lines := entry.strip().split("\n"))[0]}


def write_golden(name: str, lines: list[str]) -> None:
    entries = read_golden() | {name: lines}
    texts = ["\n".join([key, *entries[key]]) for key in ALL_FAILURES if key in entries]
    GOLDEN.write_text("\n\n".join(texts) + "\n")


@pytest.mark.parametrize("name", ALL_FAILURES)
def test_the_message_is_the_one_that_was_accepted(bed: Bed, name: str) -> None:
    error = ALL_FAILURES[name](bed)
    message = error.message
    for pattern, placeholder in VARIABLE_PARTS:
        message = re.sub(pattern, placeholder, message)
    assert "\n" not in message
    if os.environ.get("UPDATE_GOLDEN") == "1":
        write_golden(name, [error.code, message])
    assert [error.code, message] == read_golden().get(name)


def test_the_golden_file_has_no_message_that_nothing_makes() -> None:
    assert list(read_golden()) == list(ALL_FAILURES)


@pytest.mark.parametrize("status", [0, 1])
def test_a_missing_subdir_is_an_error_whatever_the_helper_says(bed: Bed, status: int) -> None:
    with helper(bed.client, f'/run/real-helper "$@"\nexit {status}'):
        error = bed.error("mount", "node1:/gv0/nosuch")
    assert error.code == ("MOUNT_FAILED" if status else "HELPER_LIED")
    assert "the volume gv0 has no directory nosuch" in error.message
    assert bed.client.fuse_mounts() == []
    assert bed.client.fuse_clients() == []


def test_a_mount_that_works_is_no_error_whatever_the_helper_says(bed: Bed) -> None:
    with helper(bed.client, '/run/real-helper "$@"\nexit 1'):
        assert bed.mounted()("check")


def test_a_failure_is_remembered_for_those_who_waited(bed: Bed) -> None:
    bed.client.write_file("/etc/ganeti/gluster.toml", '[all]\nmount_timeout = "2s"\n')
    with mute_server(bed.cluster) as server:
        source = f"{server.address.ipv4}:/gv0"
        first, *others = (bed.drivers() for _ in range(6))
        first.send("mount", source)
        await_condition(bed.client.fuse_mounts, "the first one mounts")
        for driver in others:
            driver.send("mount", source)
        clients = bed.client.fuse_clients()
        with pytest.raises(LibraryError) as error:
            first.answer()
        started = clients_started(bed.client)
        for driver in others:
            with pytest.raises(LibraryError) as again:
                driver.answer()
            assert "another process tried" in again.value.message
            assert again.value.code == error.value.code
        assert clients_started(bed.client) == started
        assert not any(client.process.running for client in clients)


def test_the_log_of_an_older_client_is_not_quoted(bed: Bed) -> None:
    old = "[2026-01-01 00:00:00.000000 +0000] E [MSGID: 1] [old.c:1:old] 0-old: an older cause"
    bed.run(f"mkdir -p /var/log/glusterfs && echo '{old}' >> {CLIENT_LOG}")
    assert "know no volume nosuch" in bed.error("mount", "node1:/nosuch").message
    message = bed.error("mount", "node1:/gv0/nosuch").message
    assert "has no directory" in message
    assert "nosuch;" not in message.replace("has no directory nosuch;", "")
    assert "older" not in message
