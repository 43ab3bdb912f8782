# SPDX-License-Identifier: BSD-2-Clause
"""What the cluster-verify hook makes of the answers of our programs."""

import json
import os
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HOOK = Path(__file__).resolve().parents[2] / "data/hooks/cluster-verify-post.d/50-ganeti-gluster"
FINDING: dict[str, Any] = {
    "code": "MOUNT_DEAD",
    "evidence": "process 5 is gone",
    "cure": "gluster-mount-check --repair",
    "mute": None,
}
PROBE: dict[str, Any] = {"name": "servers", "success": False, "detail": "no rights"}
LEFT_ALONE = {"name": "backend.InstanceOsAdd", "state": "left alone", "detail": "it takes other arguments"}
SEAMS = [{"name": "backend.BlockdevWipe", "state": "in place", "detail": None}, LEFT_ALONE]


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The hook, which finds programs in a folder of the test."""
    module = ModuleType("hook")
    SourceFileLoader("hook", str(HOOK)).exec_module(module)
    monkeypatch.setattr(module, "PATH", f"{tmp_path}:/usr/bin")
    return module


def program(folder: Path, line: str, name: str = "gluster-mount-check") -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{line}\n")
    os.chmod(path, 0o755)


def answer(folder: Path, findings: list[dict[str, Any]], probes: list[dict[str, Any]]) -> None:
    text = json.dumps({"format_version": 1, "data": {"findings": findings, "probes": probes}})
    (folder / "answer").write_text(text)
    program(folder, f"cat '{folder}/answer'")
    program(folder, "echo '{\"ganeti\": []}'", "ganeti-gluster")


def test_a_hook_without_the_programs_fails(
    hook: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hook.main() == 1
    said = capsys.readouterr().out
    assert "No such file or directory: 'gluster-mount-check'" in said
    assert "No such file or directory: 'ganeti-gluster'" in said


@pytest.mark.parametrize("said", ["GLUSTER UNKNOWN - no library", '{"error": 1}', "[]", ""])
def test_what_is_no_answer_is_shown(
    hook: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], said: str
) -> None:
    program(tmp_path, f"echo '{said}'; exit 3")
    assert hook.main() == 1
    shown = capsys.readouterr().out
    line = "cannot tell how Gluster is: gluster-mount-check --format json: exit status 3: "
    assert shown.startswith(f"{line}{said}\n")


def test_a_program_that_never_answers_is_given_up(
    hook: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(hook, "LIMIT_SECONDS", 0.2)
    program(tmp_path, "exec sleep infinity")
    assert hook.main() == 1
    assert "no answer within 0.2 seconds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("findings", "probes", "said"),
    [
        ([], [], ""),
        ([], [{**PROBE, "success": True}], ""),
        ([FINDING], [], "MOUNT_DEAD: process 5 is gone; gluster-mount-check --repair\n"),
        ([{**FINDING, "cure": ""}], [], "MOUNT_DEAD: process 5 is gone\n"),
        ([{**FINDING, "mute": {"until_seconds": 0}}], [], ""),
        ([{**FINDING, "code": "VOLUME_UNKNOWN"}], [PROBE], ""),
        ([{**FINDING, "code": "VOLUME_UNKNOWN"}, FINDING], [], "MOUNT_DEAD: "),
        ([], [PROBE], "cannot judge servers: no rights\n"),
        ([{**FINDING, "mute": {"until_seconds": 0}}], [PROBE], "cannot judge servers: no rights\n"),
    ],
)
def test_what_counts_fails_the_verification(
    hook: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    findings: list[dict[str, Any]],
    probes: list[dict[str, Any]],
    said: str,
) -> None:
    answer(tmp_path, findings, probes)
    assert hook.main() == (1 if said else 0)
    shown = capsys.readouterr().out
    assert shown.startswith(said) and bool(said) == bool(shown)


@pytest.mark.parametrize(("count", "last"), [(20, "MOUNT_DEAD: "), (21, "2 more: "), (30, "11 more: ")])
def test_a_very_ill_node_is_told_in_twenty_lines(
    hook: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], count: int, last: str
) -> None:
    answer(tmp_path, [FINDING] * count, [])
    assert hook.main() == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 20 and lines[-1].startswith(last)


@pytest.mark.parametrize(("in_force", "said"), [(True, True), (False, False)])
def test_a_function_of_ganeti_that_is_left_alone_fails_the_verification(
    hook: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str], in_force: bool, said: bool
) -> None:
    answer(tmp_path, [], [])
    status = {"ganeti": [{"version": "3.0", "in_force": in_force, "seams": SEAMS}]}
    program(tmp_path, f"echo '{json.dumps(status)}'", "ganeti-gluster")
    assert hook.main() == said
    line = "Ganeti 3.0: backend.InstanceOsAdd: left alone: it takes other arguments\n"
    assert capsys.readouterr().out == (line if said else "")
