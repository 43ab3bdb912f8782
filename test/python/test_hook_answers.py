# SPDX-License-Identifier: BSD-2-Clause
"""What the cluster-verify hook does with a `ganeti-gluster` that does not answer as it should."""

import json
import os
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

HOOK = Path(__file__).resolve().parents[2] / "data/hooks/gluster-mount"
SEAM = {"name": "container._STORAGE_TYPES", "state": "in place", "detail": "changed"}
TREE = {"version": "3.0", "in_force": True, "backend": "ours", "error": None, "seams": [SEAM]}
# What the hook reads of `ganeti-gluster status --json` on a node where all is well.
WELL: dict[str, Any] = {
    "storage_dir": "/var/run/ganeti/gluster",
    "state": "not_mounted",
    "mount": None,
    "stray_files": [],
    "holds": [],
    "ganeti": [TREE],
    "node_daemon": {"pid": 1, "ganeti_gluster": "yes"},
    "next": "restart it",
}


@pytest.fixture
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The hook, which finds programs in a folder of the test."""
    module = ModuleType("hook")
    SourceFileLoader("hook", str(HOOK)).exec_module(module)
    monkeypatch.setattr(module, "PATH", f"{tmp_path}:/usr/bin")
    return module


def program(folder: Path, line: str) -> None:
    path = folder / "ganeti-gluster"
    path.write_text(f"#!/bin/sh\n{line}\n")
    os.chmod(path, 0o755)


def test_a_hook_without_the_program_fails(
    hook: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert hook.main() == 1
    assert "No such file or directory: 'ganeti-gluster'" in capsys.readouterr().out


def test_what_is_no_answer_is_shown(
    hook: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program(tmp_path, "echo no library >&2; exit 127")
    assert hook.main() == 1
    assert "exit status 127: no library\n" in capsys.readouterr().out


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
    ("change", "said"),
    [
        ({}, ""),
        ({"node_daemon": None}, ""),
        ({"node_daemon": {"pid": 1, "ganeti_gluster": "no"}}, "node daemon: does not use"),
        ({"node_daemon": {"pid": 1, "ganeti_gluster": "replaced"}}, "gluster; restart it\n"),
        ({"ganeti": [{**TREE, "error": "no library"}]}, "Ganeti 3.0: no library\n"),
        ({"ganeti": [{**TREE, "error": "no library", "in_force": False}]}, ""),
        ({"ganeti": [{**TREE, "seams": [{**SEAM, "state": "left alone"}]}]}, "left alone: changed"),
    ],
)
def test_a_node_daemon_that_does_not_use_the_library_fails(
    hook: ModuleType,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, Any],
    said: str,
) -> None:
    (tmp_path / "status").write_text(json.dumps({**WELL, **change}))
    program(tmp_path, f"cat '{tmp_path}/status'")
    assert hook.main() == (1 if said else 0)
    shown = capsys.readouterr().out
    assert said in shown and bool(said) == bool(shown)
