# SPDX-License-Identifier: BSD-2-Clause
"""The changes of data/upstream, made in a copy of the installed Ganeti 3.0."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

CHANGE_GANETI = Path(__file__).resolve().parents[2] / "data/upstream/change-ganeti"
PROGRAM = Path(__file__).with_name("changed_ganeti.py")
INSTALLED = Path("/usr/share/ganeti/3.0/ganeti")
CHANGES = {
    "use-ganeti-gluster": ["storage/bdev.py", "storage/container.py", "cmdlib/instance_storage.py"],
    "export-needs-long-sleep": ["cmdlib/backup.py"],
}


@pytest.fixture
def ganeti(tmp_path: Path) -> Path:
    """A copy of Ganeti's modules."""
    ignored = shutil.ignore_patterns("__pycache__")
    return Path(shutil.copytree(INSTALLED, tmp_path / "ganeti", ignore=ignored))


def change(*words: str | Path, status: int = 0) -> str:
    """What change-ganeti prints."""
    result = subprocess.run(
        [sys.executable, CHANGE_GANETI, *words], capture_output=True, text=True, check=False
    )
    assert result.returncode == status, result
    return result.stdout + result.stderr


def changed(ganeti: Path) -> list[str]:
    """Modules that are not as they are installed, or that are new."""
    found = [path.relative_to(ganeti) for path in ganeti.rglob("*") if path.is_file()]
    return sorted(
        str(path)
        for path in found
        if not (INSTALLED / path).exists()
        or (INSTALLED / path).read_bytes() != (ganeti / path).read_bytes()
    )


def ask(ganeti: Path, question: str) -> Any:
    """What changed_ganeti.py answers with this Ganeti and the bindings of the build."""
    build = Path(os.environ["GANETI_GLUSTER_BUILD"])
    path = f"{ganeti.parent}:{build / 'bindings'}"
    result = subprocess.run(
        [sys.executable, "-B", PROGRAM, question],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_made_once_and_taken_back_to_the_byte(ganeti: Path, name: str) -> None:
    assert change("--check", name, ganeti, status=1) == "not made\n"
    said = change(name, ganeti).splitlines()
    assert said == [f"changed {ganeti / module}" for module in CHANGES[name]]
    assert changed(ganeti) == sorted(CHANGES[name])
    assert change("--check", name, ganeti) == "made\n"
    assert change(name, ganeti) == ""
    modes = {(ganeti / module).stat().st_mode for module in CHANGES[name]}
    assert modes == {(INSTALLED / module).stat().st_mode for module in CHANGES[name]}
    change("--undo", name, ganeti)
    assert changed(ganeti) == []
    assert change("--undo", name, ganeti) == ""


def test_a_change_made_in_part_is_told_and_completed(ganeti: Path) -> None:
    change("use-ganeti-gluster", ganeti)
    shutil.copy(INSTALLED / "storage/bdev.py", ganeti / "storage/bdev.py")
    assert change("--check", "use-ganeti-gluster", ganeti, status=1) == "made in part\n"
    assert change("use-ganeti-gluster", ganeti) == f"changed {ganeti / 'storage/bdev.py'}\n"
    change("--undo", "use-ganeti-gluster", ganeti)
    assert changed(ganeti) == []


@pytest.mark.parametrize("twice", [False, True])
def test_nothing_is_changed_if_one_place_is_not_as_expected(ganeti: Path, twice: bool) -> None:
    module = ganeti / "storage/container.py"
    text = module.read_text()
    row = next(line for line in text.splitlines(keepends=True) if "ST_GLUSTER" in line)
    module.write_text(text.replace(row, row * 2 if twice else ""))
    said = change("use-ganeti-gluster", ganeti, status=1)
    times = "found 2 times" if twice else "found nowhere"
    assert f"storage/container.py: {times} what matches" in said and "nothing is changed" in said
    assert changed(ganeti) == ["storage/container.py"]


def test_a_ganeti_without_the_module_is_refused(ganeti: Path) -> None:
    said = change("blockdev-lists", ganeti, status=1)
    assert said.endswith("kvm_utils.py: No such file or directory\n")
    assert changed(ganeti) == []


def test_ganeti_takes_our_classes_whichever_is_loaded_first(ganeti: Path) -> None:
    stock = ["ganeti.storage.gluster", "ganeti.storage.container"]
    ours = ["ganeti_gluster.backend", "ganeti_gluster.reporting"]
    assert ask(ganeti, "classes") == stock
    change("use-ganeti-gluster", ganeti)
    assert ask(ganeti, "classes") == ours
    assert ask(ganeti, "classes_first") == ours


def test_the_master_asks_for_no_folder_of_gluster_disks(ganeti: Path) -> None:
    before = ask(ganeti, "folders")
    assert before == {"file": ["/srv/disks/instance1"], "gluster": ["ganeti"]}
    change("use-ganeti-gluster", ganeti)
    assert ask(ganeti, "folders") == {**before, "gluster": []}


def test_an_export_that_would_leave_the_instance_down_is_refused_first(ganeti: Path) -> None:
    before = ask(ganeti, "exports")
    assert set(before.values()) == {""}
    change("export-needs-long-sleep", ganeti)
    after = ask(ganeti, "exports")
    refused = {case for case, why in after.items() if why}
    assert refused == {"running", "live"}
    assert "'instance1'" in after["running"] and "--long-sleep" in after["running"]
