# SPDX-License-Identifier: BSD-2-Clause
"""Completion of both tools in bash, without a network."""

import os
import subprocess
from pathlib import Path

import pytest

COMPLETIONS = Path(__file__).resolve().parents[2] / "data/completion"
TOOLS = Path(os.environ["GANETI_GLUSTER_BUILD"]) / "tools"

COMPLETE = r"""
source /usr/share/bash-completion/bash_completion
source "$1"
shift
COMP_WORDS=("$@")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
COMP_LINE="${COMP_WORDS[*]}"
COMP_POINT=${#COMP_LINE}
"_${1//-/_}" "$1" "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
printf '%s\n' "${COMPREPLY[@]}"
"""


def complete(*words: str) -> list[str]:
    """What may stand in the place of the last word."""
    result = subprocess.run(
        ["unshare", "--net", "bash", "-c", COMPLETE, "bash", COMPLETIONS / words[0], *words],
        env={"PATH": f"{TOOLS}:/usr/sbin:/usr/bin:/sbin:/bin"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert result.stderr == ""
    return result.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["gluster-mount-check", "--for"], ["--format"]),
        (["gluster-mount-check", "--format", ""], ["plugin", "text", "json", "prometheus"]),
        (["gluster-mount-check", "--color", "a"], ["auto", "always"]),
        (["gluster-mount-check", "-I", "MOUNT_D"], ["MOUNT_DEAD"]),
        (["gluster-mount-check", "exp"], ["explain"]),
        (["gluster-mount-check", "explain", "SERVERS"], ["SERVERS_DOWN"]),
        (["gluster-mount-check", "explain", "--h"], ["--help"]),
        (["ganeti-gluster", "st"], ["status"]),
        (["ganeti-gluster", "disk", "lib"], ["libvirt"]),
        (["ganeti-gluster", "disk", "grow", "--dry"], ["--dry-run"]),
        (["ganeti-gluster", "--units", ""], ["h", "m", "g", "t"]),
    ],
    ids=" ".join,
)
def test_words_are_completed(words: list[str], expected: list[str]) -> None:
    assert complete(*words) == expected


@pytest.mark.parametrize("tool", ["gluster-mount-check", "ganeti-gluster"])
def test_all_commands_and_options_are_offered(tool: str) -> None:
    text = subprocess.run([TOOLS / tool, "--help"], capture_output=True, text=True, check=False).stdout
    commands = complete(tool, "")
    assert len(commands) > 0
    assert all(f"\n  {command} " in text for command in commands)
    options = complete(tool, "-")
    assert "--help" in options
    assert all(option in text for option in options)
