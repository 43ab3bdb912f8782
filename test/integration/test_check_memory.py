# SPDX-License-Identifier: BSD-2-Clause
"""What a node keeps of its checks: since when, mutes, the last verdict for everybody, the journal."""

import json
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from conftest import STATE_DIR
from driver import REAL_DIR, STORAGE_DIR
from test_check_tool import CHECK, ask, check, codes
from test_tool import tool
from testbed import Client, Volume
from testbed.faults import kill_fuse_client

JOURNAL = "/run/systemd/journal"
VERDICTS = "/run/ganeti-gluster-check"
SETPRIV = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@pytest.fixture(autouse=True)
def verdicts_removed(client: Client) -> Iterator[None]:
    yield
    client.run(["rm", "-rf", VERDICTS])


@pytest.fixture
def dead(client: Client, volume: Volume) -> str:
    """The code of a finding that is there: the mount is dead."""
    tool(client, "mount", "--volume", volume.source)
    kill_fuse_client(client, REAL_DIR)
    return "MOUNT_DEAD"


def command(client: Client, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    result = client.run([CHECK, *words], check=False)
    assert result.returncode == status, result
    return result


def found(client: Client, code: str) -> dict[str, Any] | None:
    """The finding with a code, from a check of now."""
    return next((entry for entry in ask(client)["findings"] if entry["code"] == code), None)


def last(client: Client, *words: str) -> subprocess.CompletedProcess[str]:
    """The last verdict, as somebody without any right reads it."""
    return client.run([*SETPRIV, CHECK, "--last", *words], check=False)


@contextmanager
def journal(client: Client) -> Iterator[socket.socket]:
    """A socket in the place of the journal's."""
    client.run(["mkdir", "-p", JOURNAL])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as listener:
        try:
            listener.bind(str(client.path(f"{JOURNAL}/socket")))
            yield listener
        finally:
            client.run(["rm", "-rf", JOURNAL.rpartition("/")[0]])


def entries(listener: socket.socket) -> list[dict[str, str]]:
    """What was written to the journal since it was looked at last."""
    result = []
    with suppress(BlockingIOError):
        while True:
            lines = listener.recv(1 << 16).decode().splitlines()
            result.append(dict(line.split("=", 1) for line in lines))
    return result


def changes(listener: socket.socket) -> list[tuple[str, str]]:
    return [
        (entry["GANETI_GLUSTER_TRANSITION"], entry["GANETI_GLUSTER_FINDING"])
        for entry in entries(listener)
    ]


def test_a_finding_keeps_its_time_and_counts_again_when_it_comes_back(
    client: Client, volume: Volume, dead: str
) -> None:
    first, second = found(client, dead), found(client, dead)
    assert first and second
    assert (second["since_seconds"], second["times_last_day"]) == (first["since_seconds"], 1)
    tool(client, "mount", "--volume", volume.source)
    assert found(client, dead) is None
    kill_fuse_client(client, REAL_DIR)
    again = found(client, dead)
    assert again and again["times_last_day"] == 2
    tool(client, "umount")


def test_a_muted_finding_is_shown_and_does_not_count(client: Client, dead: str) -> None:
    assert check(client).returncode == 2
    said = command(client, "mute", dead, "4h").stdout
    assert said == "MOUNT_DEAD is muted for 4h 0m, unless it clears or gets worse\n"
    client.run(["rm", "-rf", STATE_DIR, VERDICTS])  # as a boot does
    finding = found(client, dead)
    assert finding and finding["mute"]["set_by"] == "root"
    assert check(client).returncode != 2
    assert "MOUNT_DEAD" in command(client, "mutes").stdout
    (mute,) = json.loads(command(client, "mutes", "--format", "json").stdout)["mutes"]
    assert (mute["code"], mute["sticky"], mute["severity"]) == (dead, False, "CRITICAL")
    assert command(client, "unmute", dead).stdout == "MOUNT_DEAD counts again\n"
    assert command(client, "unmute", dead).stdout == "MOUNT_DEAD was not muted\n"
    assert command(client, "mutes").stdout == "nothing is muted\n"
    assert check(client).returncode == 2
    tool(client, "umount")


def test_a_mute_ends_with_its_finding_unless_it_is_sticky(
    client: Client, volume: Volume, dead: str
) -> None:
    check(client)
    command(client, "mute", dead)
    command(client, "mute", "SERVERS_DOWN", "1d", "--sticky")
    tool(client, "mount", "--volume", volume.source)
    check(client)
    kill_fuse_client(client, REAL_DIR)
    finding = found(client, dead)
    assert finding and finding["mute"] is None
    (mute,) = json.loads(command(client, "mutes", "--format", "json").stdout)["mutes"]
    assert mute["code"] == "SERVERS_DOWN"
    tool(client, "umount")


def test_mistakes_in_mutes_are_refused(client: Client) -> None:
    for words, why in (
        (("mute", "MOUNT_DEAF", "--sticky"), "perhaps MOUNT_DEAD was meant"),
        (("mute", "MOUNT_DEAD"), "the last check did not find it"),
        (("mute", "MOUNT_DEAD", "soon"), "'soon' is no time"),
        (("mute",), "CODE"),
        (("unmute", "NOTHING"), "there is no finding with this code"),
    ):
        result = command(client, *words, status=3)
        assert (result.stdout, why in result.stderr) == ("", True), result
    assert "run this as root" in client.run([*SETPRIV, CHECK, "mutes"], check=False).stderr


def test_everybody_reads_the_last_verdict_without_a_look_at_the_node(
    client: Client, dead: str
) -> None:
    result = last(client, "--format", "plugin")
    assert (result.returncode, result.stderr) == (3, "")
    assert "VERDICT_STALE: no check of " in result.stdout
    assert dead in codes(ask(client))
    tool(client, "umount")  # what was dead is not there any more
    result = last(client, "--format", "json")
    document = json.loads(result.stdout)["data"]
    assert (result.returncode, result.stderr) == (2, "")
    assert (dead in codes(document), document["storage_dir"]) == (True, STORAGE_DIR)
    assert "MOUNT_DEAD: " in last(client, "--format", "plugin").stdout
    assert 'code="MOUNT_DEAD",severity="CRITICAL",muted="false"} 1' in (
        last(client, "--format", "prometheus").stdout
    )


def test_a_verdict_that_is_too_old_is_unknown(client: Client, dead: str) -> None:
    check(client)
    tool(client, "umount")
    path = next(client.path(VERDICTS).iterdir())
    document = json.loads(path.read_text())
    document["timestamp"] -= 3600 * 10**9
    path.write_text(json.dumps(document))
    result = last(client, "--format", "plugin")
    assert (result.returncode, "more than 300 s; it said CRITICAL" in result.stdout) == (3, True)
    assert last(client, "--max-age", "2h").returncode == 2


def test_the_journal_is_told_of_changes_alone(client: Client, volume: Volume, dead: str) -> None:
    with journal(client) as listener:
        check(client)
        (entry,) = [e for e in entries(listener) if e["GANETI_GLUSTER_FINDING"] == dead]
        assert (entry["PRIORITY"], entry["GANETI_GLUSTER_SEVERITY"]) == ("2", "CRITICAL")
        assert entry["MESSAGE"].startswith(f"MOUNT_DEAD appeared on {STORAGE_DIR}: ")
        assert len(entry["MESSAGE_ID"]) == 32
        check(client)
        assert entries(listener) == []
        tool(client, "mount", "--volume", volume.source)
        check(client)
        assert ("cleared", dead) in changes(listener)
        tool(client, "umount")


def test_a_journal_that_takes_nothing_stops_no_check(client: Client, dead: str) -> None:
    with journal(client) as listener:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as sender:
            with suppress(BlockingIOError):
                while True:
                    sender.sendto(b"MESSAGE=full\n", listener.getsockname())
        result = check(client)
        assert (result.returncode, "journal: cannot tell of " in result.stderr) == (2, True)
    tool(client, "umount")


def test_no_journal_is_no_error(client: Client, dead: str) -> None:
    result = check(client)
    assert (result.returncode, result.stderr) == (2, "")
    tool(client, "umount")
