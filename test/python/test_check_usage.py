# SPDX-License-Identifier: BSD-2-Clause
"""gluster-mount-check's command line: whatever says nothing of the node exits with 3."""

import subprocess
from pathlib import Path

import pytest
from check_program import PROGRAM, run_check

MANUAL = Path(__file__).resolve().parents[2] / "man/gluster-mount-check.8.scd.in"


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["-V"], ["--version"], ["explain", "--help"]], ids=" ".join)
def test_help_and_version_are_unknown_to_a_monitoring_system(arguments: list[str]) -> None:
    result = run_check(*arguments)
    assert result.returncode == 3
    assert "gluster-mount-check" in result.stdout
    assert result.stderr == ""
    assert max(len(line) for line in result.stdout.splitlines()) <= 80


@pytest.mark.parametrize(
    "arguments",
    [
        ["--nonsense"],
        ["-q"],
        ["word"],
        ["-t", "0"],
        ["-t", "-1"],
        ["-t", "soon"],
        ["-t", "4000"],
        ["-t"],
        ["-w", "5:1"],
        ["-w", "x"],
        ["-w", ""],
        ["-c=-5:5"],
        ["--port", "24007"],
        ["--port", "0", "--volume", "gv0", "--server", "a"],
        ["--server", "a"],
        ["--subdir", "a"],
        ["--volume", ""],
        ["--volume", "gv0", "--server", ""],
        ["--volume", "a b", "--server", "node1"],
        ["--volume", "gv0", "--server", "a", "b"],
        ["--mount-point", "relative"],
        ["--format", "xml"],
        ["--format", "json", "--error-codes"],
        ["--color", "sometimes"],
        ["--color"],
        ["-I", "NO_SUCH"],
        ["-I"],
    ],
    ids=" ".join,
)
def test_a_mistake_is_unknown_in_one_line_on_standard_output(arguments: list[str]) -> None:
    result = run_check(*arguments)
    assert result.returncode == 3
    assert result.stdout.startswith("GLUSTER UNKNOWN - ")
    assert result.stdout.count("\n") == 1
    assert "|" not in result.stdout


@pytest.mark.parametrize("arguments", [["explain", "NO_SUCH"], ["explain", "A", "B"], ["explain", "-x"]], ids=" ".join)
def test_a_mistake_in_a_command_is_unknown_as_well(arguments: list[str]) -> None:
    result = run_check(*arguments)
    assert (result.returncode, result.stdout) == (3, "")
    assert result.stderr.startswith("gluster-mount-check: error: ")
    assert "See: gluster-mount-check explain --help\n" in result.stderr


@pytest.mark.parametrize("arguments", [["-w", "20"], ["-c", "0:10"], ["-w", "~:20"]], ids=" ".join)
def test_a_range_that_means_the_opposite_is_refused_with_a_hint(arguments: list[str]) -> None:
    result = run_check(*arguments)
    assert result.returncode == 3
    assert f"write {arguments[0][:2]} 20:" in result.stdout


def test_an_unknown_code_is_refused_with_where_they_are_told() -> None:
    assert "there is no finding 'NO_SUCH'; all there are: gluster-mount-check explain" in run_check("-I", "NO_SUCH").stdout


def test_each_finding_is_explained() -> None:
    text = run_check("explain").stdout
    codes = [line for line in text.splitlines() if line and not line.startswith("\t")]
    assert len(codes) > 30
    assert codes == sorted(set(codes))
    for code in codes:
        one = run_check("explain", code)
        assert one.returncode == 0
        assert one.stdout.startswith(f"{code}\n\t")
        assert one.stdout in text


def test_the_manual_has_an_entry_for_each_finding() -> None:
    """It is made of what the program explains: here by the way that leads there, the build checks the rest."""
    page = PROGRAM.parents[1] / "man/gluster-mount-check.8"
    shown = subprocess.run(["man", "-l", page], env={"LC_ALL": "C", "MANWIDTH": "500", "PATH": "/usr/bin:/bin"},
                           capture_output=True, text=True, check=True).stdout
    text = " ".join(shown.split())
    for block in run_check("explain").stdout.split("\n\n\n"):
        assert " ".join(block.split()) in text


def test_the_manual_has_each_option() -> None:
    manual = MANUAL.read_text()
    for line in run_check("--help").stdout.splitlines():
        for word in line.split()[0].split(",") if line.startswith("  -") else []:
            option = word.split("{")[0]  # what a flag stands for follows in braces
            assert f"*{option}*" in manual or f"*{option}[" in manual or f"*{option}*[" in manual, word


def test_no_place_to_print_to_is_unknown() -> None:
    with Path("/dev/full").open("w") as full:
        result = subprocess.run([PROGRAM, "explain"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert result.returncode == 3
    assert "cannot write" in result.stderr
