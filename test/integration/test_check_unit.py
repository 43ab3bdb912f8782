# SPDX-License-Identifier: BSD-2-Clause
"""The check can do its work within what its unit leaves it.

systemd does not run here. What its settings allow is read from the unit: capabilities are taken away for real, and
what the check asks of the kernel is compared with the lists.
"""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from driver import Driver, built
from testbed import Client, Volume

UNIT = Path(built("data/systemd/ganeti-gluster-check.service"))
CHECK = [built("tools/gluster-mount-check"), "--format", "json"]
TRACE = "/run/trace"


def words(key: str) -> list[list[str]]:
    """The words of each line of the unit that sets a key."""
    lines = UNIT.read_text(encoding="ascii").splitlines()
    return [line.split("=", 1)[1].split() for line in lines if line.startswith(f"{key}=")]


def system_calls(group: str) -> set[str]:
    """Those of a group that systemd knows by name."""
    ask = ["systemd-analyze", "syscall-filter", "--no-pager", group]
    shown = subprocess.run(ask, stdout=subprocess.PIPE, text=True, check=True).stdout
    names = [line.split()[0] for line in shown.splitlines() if re.match(r"\s+[@_a-z]", line)]
    return set().union(*(system_calls(name) if name.startswith("@") else {name} for name in names))


def allowed_calls() -> set[str]:
    allowed, refused = words("SystemCallFilter")
    calls = set().union(*(system_calls(name) if name.startswith("@") else {name} for name in allowed))
    return calls - set().union(*(system_calls(group.lstrip("~")) for group in refused))


def verdict(client: Client, *prefix: str) -> dict[str, Any]:
    """What the check finds, and which of its looks could judge."""
    data = json.loads(client.run([*prefix, *CHECK], check=False).stdout)["data"]
    return {
        "findings": [finding["code"] for finding in data["findings"]],
        "probes": {probe["name"]: (probe["success"], probe["detail"]) for probe in data["probes"]},
    }


@pytest.fixture
def used(client: Client, volume: Volume, driver: Driver, disk: str) -> Iterator[str]:
    """A disk of gv0 that a process uses."""
    driver("mount", volume.source)
    driver("hold", disk)
    driver("release")
    yield disk
    client.run([built("tools/ganeti-gluster"), "umount", "--drop-hold", disk])


def test_the_check_sees_as_much_within_its_unit_as_without(client: Client, used: str) -> None:
    [capabilities] = words("CapabilityBoundingSet")
    bounds = ",".join(["-all", *(name.lower().replace("cap_", "+") for name in capabilities)])
    # PrivateTmp and its like: a mount namespace that is not the node daemon's.
    shut_in = ["unshare", "-m", "setpriv", f"--bounding-set={bounds}", "--no-new-privs"]
    strace = ["strace", "-f", "-qq", "-o", TRACE]
    assert verdict(client, *shut_in, *strace) == verdict(client)

    trace = client.path(TRACE).read_text(encoding="utf-8", errors="replace")
    client.run(["rm", TRACE])
    calls = set(re.findall(r"^\d+ +(\w+)\(", trace, re.MULTILINE))
    assert "setns" in calls and calls - allowed_calls() == set()
    [families] = words("RestrictAddressFamilies")
    assert set(re.findall(r"^\d+ +socket\((AF_\w+)", trace, re.MULTILINE)) - set(families) == set()
    assert words("RestrictNamespaces") == [["mnt"]]
    assert set(re.findall(r"CLONE_NEW\w+", trace)) == {"CLONE_NEWNS"}
