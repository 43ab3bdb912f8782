# SPDX-License-Identifier: BSD-2-Clause
"""Each finding of gluster-mount-check, provoked for real, told with evidence and cure.

What they say is compared with test/data/findings.golden; with UPDATE_GOLDEN=1 in the environment that file is
rewritten; read it aloud before it is accepted.
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from check_findings import CHECK, FINDINGS, SETTINGS
from check_node_findings import NODE_FINDINGS
from driver import Driver, built
from failure_bed import Bed
from testbed import Client, Cluster, Volume

ALL_FINDINGS = FINDINGS | NODE_FINDINGS
GOLDEN = Path(__file__).parents[1] / "data" / "findings.golden"
# Made where Ganeti is switched over, or by a broken program.
ELSEWHERE = {"BACKEND_OUTDATED", "DAEMON_OUTDATED", "CHECK_FAILED", "VERDICT_STALE"}
SCHEMA = json.loads((Path(__file__).parents[2] / "data/schema/check.schema.json").read_text())
STATUS = {"OK": 0, "WARNING": 1, "CRITICAL": 2, "UNKNOWN": 3}

VARIABLE_PARTS = [
    (re.escape(built("test/integration/driver")), "driver"),
    (r"\bganeti/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.0", "ganeti/<uuid>.0"),
    (r"(\bpid|\bprocess|-CONT|-KILL|\bkill|/proc/) ?\d+", r"\1 <pid>"),
    (r"\b198\.51\.100\.\d+\b", "<address>"),
    (r"Software caused connection abort|Transport endpoint is not connected", "<not connected>"),
    (r"\b\d+ s\b", "<n> s"),
    (r"\b\d+ ms\b", "<n> ms"),
    (r"\b\d+\.\d %", "<n> %"),
]


@pytest.fixture
def bed(
    cluster: Cluster,
    client: Client,
    volume: Volume,
    other_volume: Volume,
    drivers: Callable[..., Driver],
) -> Iterator[Bed]:
    text = 'default_volume = "node1:/gv0"\n[all]\nprobe_timeout = "1s"\nmount_timeout = "8s"\nlock_timeout = "1s"\n'
    client.write_file(SETTINGS, text)
    client.write_file("/var/lib/ganeti/ssconf_enabled_disk_templates", "plain\n")
    with ExitStack() as stack:
        yield Bed(cluster, client, volume, other_volume, drivers, stack)


def check(client: Client, *options: str) -> dict[str, Any]:
    """The report of a check, whose exit status must say the same."""
    result = client.run([CHECK, "--format", "json", *options], check=False)
    document = json.loads(result.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    report: dict[str, Any] = document["data"]
    assert result.returncode == STATUS[report["severity"]], result
    return report


def read_golden() -> dict[str, list[str]]:
    entries = GOLDEN.read_text().split("\n\n") if GOLDEN.exists() else []
    return {lines[0]: lines[1:] for entry in entries if (lines := entry.strip().split("\n"))[0]}


def told(report: dict[str, Any], code: str) -> list[str]:
    """What a report says of one finding, and which others it has; on lines without what varies."""
    findings = {finding["code"]: finding for finding in report["findings"]}
    found = findings[code]
    others = ", ".join(sorted(findings.keys() - {code}))
    lines = [
        f"{found['severity']}, found by {found['probe']}" + (f", with {others}" if others else ""),
        found["evidence"],
        found["cure"],
        "endangers: " + (", ".join(found["instances"]) or "nobody"),
    ]
    for pattern, placeholder in VARIABLE_PARTS:
        lines = [re.sub(pattern, placeholder, line) for line in lines]
    return lines


@pytest.mark.parametrize("code", ALL_FINDINGS)
def test_the_finding_is_told_as_it_was_accepted(bed: Bed, code: str) -> None:
    options = ALL_FINDINGS[code](bed)
    lines = told(check(bed.client, *options), code)
    if os.environ.get("UPDATE_GOLDEN") == "1":
        entries = read_golden() | {code: lines}
        texts = ["\n".join([key, *entries[key]]) for key in sorted(entries)]
        GOLDEN.write_text("\n\n".join(texts) + "\n")
    assert lines == read_golden().get(code)


def test_a_node_without_a_fault_has_no_findings(bed: Bed) -> None:
    assert check(bed.client)["findings"] == []
    driver = bed.mounted()
    report = check(bed.client, "--write")
    assert report["findings"] == [] and report["state"] == "well"
    assert all(probe["success"] for probe in report["probes"])
    assert report["measured"]["servers_up"] == report["measured"]["servers"] == 3
    driver.end()


def test_every_code_is_made_by_a_test(client: Client) -> None:
    explained = client.run([CHECK, "explain"]).stdout
    codes = set(re.findall(r"^([A-Z_]+)$", explained, re.MULTILINE))
    assert codes == ALL_FINDINGS.keys() | ELSEWHERE
    assert read_golden().keys() == ALL_FINDINGS.keys()
