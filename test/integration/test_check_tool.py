# SPDX-License-Identifier: BSD-2-Clause
"""gluster-mount-check on real nodes: its formats, its exit status, and that it ends in time."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from driver import REAL_DIR, STORAGE_DIR, built
from test_tool import tool
from testbed import Client, Volume
from testbed.faults import kill_fuse_client, stopped

CHECK = built("tools/gluster-mount-check")
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "data/schema/check.schema.json").read_text())
FULL = ["-w", "0:", "-c", "0:"]  # a testbed's file systems are as full as they are


@pytest.fixture(autouse=True)
def unmounted(client: Client) -> Iterator[None]:
    """What a test has mounted by the other program is given back."""
    yield
    tool(client, "umount")


def check(client: Client, *words: str) -> subprocess.CompletedProcess[str]:
    return client.run([CHECK, *FULL, *words], check=False)


def ask(client: Client, *words: str) -> dict[str, Any]:
    """The document of a check, whatever its verdict."""
    result = check(client, "--format", "json", *words)
    document: dict[str, Any] = json.loads(result.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    severities = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}
    assert result.returncode == severities[document["data"]["severity"]]
    return document["data"]


def codes(document: dict[str, Any]) -> list[str]:
    return [finding["code"] for finding in document["findings"]]


def test_a_mounted_volume_is_told_in_each_format(client: Client, volume: Volume) -> None:
    tool(client, "mount", "--volume", volume.source)
    document = ask(client)
    assert (document["storage_dir"], document["volume"]) == (STORAGE_DIR, volume.source)
    assert document["measured"]["answer_seconds"] > 0
    assert not any(code.startswith("MOUNT_") for code in codes(document))
    line = check(client, "--format", "plugin").stdout
    assert re.fullmatch(r"GLUSTER [A-Z]+ - [^|]+ \| [^|]+\n", line)
    assert re.search(r" answer_time=0\.\d{6}s;", line)
    assert f"     volume: {volume.source}\n" in check(client, "--format", "text").stdout
    metrics = check(client, "--format", "prometheus").stdout
    lint = subprocess.run(
        ["/usr/bin/promtool", "check", "metrics"], input=metrics, capture_output=True, text=True, check=False
    )
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def test_a_dead_mount_is_critical_in_each_format(client: Client, volume: Volume) -> None:
    tool(client, "mount", "--volume", volume.source)
    kill_fuse_client(client, REAL_DIR)
    document = ask(client)
    assert "MOUNT_DEAD" in codes(document)
    assert document["state"] == "dead"
    result = check(client)
    assert (result.returncode, result.stdout.count("\n")) == (2, 1)
    assert "MOUNT_DEAD: " in result.stdout and "free=U" in result.stdout
    assert "ERROR:ENODEGLUSTERSTORAGEPATHUNUSABLE:node:" in check(client, "--error-codes").stdout
    text = check(client, "--format", "text").stdout
    assert "\nCRITICAL MOUNT_DEAD: " in text and "\n       cure: " in text
    assert check(client, "--exit-ok").returncode == 0
    assert check(client, "-I", "MOUNT_DEAD").returncode != 2
    metrics = check(client, "--format", "prometheus").stdout
    assert 'code="MOUNT_DEAD",severity="CRITICAL",muted="false"} 1\n' in metrics
    assert "ganeti_gluster_filesystem_avail_bytes NaN\n" in metrics


def test_a_check_ends_in_time_though_the_client_is_stopped(client: Client, volume: Volume) -> None:
    tool(client, "mount", "--volume", volume.source)
    with stopped(client.fuse_client(REAL_DIR)):
        for _ in range(3):
            document = ask(client, "-t", "2")
            assert "MOUNT_HUNG" in codes(document)
            assert document["measured"]["free_bytes"] is None


def test_an_output_file_is_replaced_by_what_a_collector_reads(client: Client, volume: Volume) -> None:
    tool(client, "mount", "--volume", volume.source)
    file = "/run/gluster.prom"
    client.write_file(file, "old\n")
    os.chmod(client.path(file), 0o600)
    try:
        result = check(client, "--output", file, "--exit-ok")
        assert (result.returncode, result.stdout) == (0, "")
        path = Path(client.path(file))
        assert path.read_text().startswith("# HELP ganeti_gluster_")
        assert path.stat().st_mode & 0o7777 == 0o644
        assert [name for name in os.listdir(path.parent) if "gluster.prom" in name] == ["gluster.prom"]
    finally:
        os.unlink(client.path(file))


def test_a_volume_that_is_named_is_compared(client: Client, gv0: Volume) -> None:
    tool(client, "mount", "--volume", gv0.source)
    assert "WRONG_VOLUME" not in codes(ask(client, "--volume", gv0.name))
    document = ask(client, "--volume", "elsewhere", "--server", "192.0.2.1", "-t", "3")
    assert "WRONG_VOLUME" in codes(document)


def test_colours_are_for_terminals(client: Client) -> None:
    assert "\x1b[" not in check(client, "--format", "text").stdout
    assert "\x1b[" in check(client, "--format", "text", "--color", "always").stdout
