# SPDX-License-Identifier: BSD-2-Clause
"""systemd takes the units that are installed, and the check's one is shut in."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCES = Path(__file__).resolve().parents[2] / "data/systemd"
BUILT = Path(os.environ["GANETI_GLUSTER_BUILD"]) / "data/systemd"
NAMES = [path.name.removesuffix(".in") for path in SOURCES.iterdir()]
UNITS = sorted(name for name in NAMES if name.endswith((".service", ".timer")))
# All that a service of systemd may be told of its surroundings that gives it a mount namespace, by its beginning.
NAMESPACES = ("Protect", "Private", "ReadOnly", "ReadWrite", "Inaccessible", "Bind", "Root", "Mount")


def settings(unit: str, key: str) -> list[str]:
    """The values of a key, in their order."""
    lines = (BUILT / unit).read_text(encoding="ascii").splitlines()
    return [line.split("=", 1)[1] for line in lines if line.startswith(f"{key}=")]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with our units and those of the system, and with programs that are there but do nothing."""
    folder = tmp_path / "lib/systemd/system"
    folder.parent.mkdir(parents=True)
    shutil.copytree("/lib/systemd/system", folder, symlinks=True)
    for unit in UNITS:
        source = BUILT / unit if (BUILT / unit).exists() else SOURCES / unit
        shutil.copy(source, folder)
    for drop_in in SOURCES.glob("*.d"):
        shutil.copytree(drop_in, folder / drop_in.name)
    for unit in UNITS:
        if unit.endswith(".service"):
            for command in settings(unit, "ExecStart") + settings(unit, "ExecStop"):
                program = tmp_path / command.split()[0].lstrip("/")
                program.parent.mkdir(parents=True, exist_ok=True)
                program.write_text("#!/bin/sh\n")
                program.chmod(0o755)
    return tmp_path


@pytest.mark.parametrize("unit", [unit.replace("@", "@x") for unit in UNITS])
def test_systemd_finds_nothing_to_complain_of(root: Path, unit: str) -> None:
    words = ["systemd-analyze", "verify", "--man=no", f"--root={root}", unit]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    # It succeeds whatever it complains of in a unit that it can load.
    said = [line for line in result.stderr.splitlines() if "ganeti" in line]
    assert (result.returncode, said) == (0, [])


def test_the_check_is_shut_in(root: Path) -> None:
    unit = root / "lib/systemd/system/ganeti-gluster-check.service"
    words = ["systemd-analyze", "security", "--offline=true", "--threshold=30", "--no-pager", str(unit)]
    result = subprocess.run(words, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("unit", ["ganeti-gluster-repair.service", "ganeti-gluster-nbd@.service"])
def test_what_mounts_has_no_mount_namespace_of_its_own(unit: str) -> None:
    lines = (BUILT / unit).read_text(encoding="ascii").splitlines()
    assert [line for line in lines if line.startswith(NAMESPACES)] == []
