# SPDX-License-Identifier: BSD-2-Clause
"""Creating and growing by the tool: preallocation, its progress, and what a signal does to it."""

import fcntl
import json
import os
import pty
import struct
import subprocess
import termios
from collections.abc import Sequence

import pytest
from driver import STORAGE_DIR
from images import MIB, disks_on_bricks
from test_tool import FILE, TOOL, ask, refusal, tool
from testbed import Client, Volume, await_condition
from tool_disks import allocated, free


def test_preallocated_space_is_taken_on_every_brick(client: Client, gv0: Volume, disk: str) -> None:
    for method in ("falloc", "full"):
        words = ["--preallocation", method]
        made = ask(client, "disk", "create", disk, "--size", "100M", *words)
        assert (made["size_bytes"], made["preallocation"]) == (100 * MIB, method)
        assert made["allocated_bytes"] >= 100 * MIB
        assert min(allocated(gv0, disk)) >= 100 and len(allocated(gv0, disk)) == 3
        assert "to 170M\n" in tool(client, "disk", "grow", disk, "70M", *words).stdout
        assert min(allocated(gv0, disk)) >= 170
        assert ask(client, "disk", "rm", "-f", disk)["removed"]
    tool(client, "disk", "create", disk, "--size", "100M")
    assert max(allocated(gv0, disk)) == 0
    tool(client, "disk", "rm", "-f", disk)


def test_the_settings_rule_unless_an_option_does(client: Client, gv0: Volume, disk: str) -> None:
    rules = 'preallocation = "falloc"\novercommit = "refuse"\n'
    client.write_file(FILE, f'default_volume = "{gv0.source}"\n[volume.gv0]\n{rules}')
    create = ["disk", "create", disk, "--size"]
    assert "2M, preallocated\n" in tool(client, *create, "2").stdout
    assert min(allocated(gv0, disk)) >= 2
    tool(client, "disk", "rm", "-f", disk)
    sparse = ["--preallocation", "off"]
    assert "2M\n" in tool(client, *create, "2", *sparse).stdout
    assert max(allocated(gv0, disk)) == 0
    # As large as the volume, and so larger than what is free.
    whole_mib = ask(client, "disk", "info", disk)["volume_space"]["size_bytes"] // MIB
    grow = ["disk", "grow", disk, str(whole_mib - 2)]
    for words in ([], ["--dry-run"], sparse, [*sparse, "--dry-run"]):
        assert refusal(client, *grow, *words)[0] == "ENOSPC"
    warned = tool(client, *grow, "--dry-run", *sparse, "--overcommit", "warn")
    assert "warning: " in warned.stderr and "would grow" in warned.stdout
    assert tool(client, *grow, "--dry-run", *sparse, "--overcommit", "allow").stderr == ""
    assert ask(client, "disk", "info", disk)["size_bytes"] == 2 * MIB
    tool(client, "disk", "rm", "-f", disk)


def interrupted(
    client: Client, call: str, name: str, words: Sequence[str], default: str = "default"
) -> subprocess.CompletedProcess[str]:
    """Runs a disk command that gets a signal at its second system call `call`.

    Whatever those who run the tests do with the signal, the command begins with it as told.
    """
    command = ["env", f"--{default}-signal={name}", TOOL, "disk", *words]
    inject = f"inject={call}:signal={name}:when=2"
    return client.run(["strace", "-o/dev/null", "-e", inject, "--", *command], check=False)


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP"])
@pytest.mark.parametrize(("method", "call"), [("falloc", "fallocate"), ("full", "pwrite64")])
def test_a_cancelled_command_gives_back_what_it_took(
    client: Client, gv0: Volume, disk: str, name: str, method: str, call: str
) -> None:
    def cancelled(*words: str) -> str:
        result = interrupted(client, call, name, [*words, "--preallocation", method])
        assert (result.returncode, result.stdout) == (1, "")
        assert len(result.stderr.splitlines()) == 1
        return result.stderr

    before = free(gv0)
    said = cancelled("create", disk, "--size", "160M")
    assert f"cannot create the image: cancelled by SIG{name} after " in said
    assert disk not in disks_on_bricks(gv0)
    tool(client, "disk", "create", disk, "--size", "8M")
    said = cancelled("grow", disk, "160M")
    assert f"cannot grow the image: cancelled by SIG{name} after " in said
    assert ask(client, "disk", "info", disk)["size_bytes"] == 8 * MIB
    await_condition(lambda: max(allocated(gv0, disk)) == 0, "the image is as small as before")
    await_condition(lambda: free(gv0) >= before - 8, "the space is free again")
    tool(client, "disk", "rm", "-f", disk)


def test_a_signal_that_was_ignored_cancels_nothing(
    client: Client, gv0: Volume, disk: str
) -> None:
    create = ["create", disk, "--size", "160M", "--preallocation", "falloc"]
    assert interrupted(client, "fallocate", "HUP", create, default="ignore").returncode == 0
    assert min(allocated(gv0, disk)) >= 160
    tool(client, "disk", "rm", "-f", disk)


def test_progress_is_one_line_that_goes_and_fits_the_terminal(
    client: Client, gv0: Volume, disk: str
) -> None:
    columns = 60
    create = ["disk", "create", disk, "--size", "160M", "--preallocation", "full"]
    ours, theirs = pty.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    command = client.popen([TOOL, *create], stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    try:
        assert command.stdout is not None
        assert command.stdout.read() == f"created {STORAGE_DIR}/{disk}, 160M, preallocated\n"
        assert command.wait(timeout=20) == 0
        shown = os.read(ours, 1 << 16).decode().split("\r")
    finally:
        command.end()
        os.close(ours)
    texts = [text for text in shown if text.strip()]
    assert texts[-1].startswith("[####") and texts[-1].endswith("]  100%  160M of 160M")
    assert max(map(len, shown)) < columns
    assert shown[-2].strip() == "" and len(shown[-2]) == len(texts[-1]) and shown[-1] == ""
    tool(client, "disk", "rm", "-f", disk)


def test_progress_for_machines_is_an_object_a_line(
    client: Client, gv0: Volume, disk: str
) -> None:
    create = ["disk", "create", disk, "--size", "160M", "--preallocation", "full"]
    assert tool(client, *create).stderr == ""  # no terminal: nothing
    tool(client, "disk", "rm", "-f", disk)
    lines = tool(client, *create, "--json").stderr.splitlines()
    steps = [json.loads(line)["progress"] for line in lines]
    assert steps[-1] == {"done_bytes": 160 * MIB, "total_bytes": 160 * MIB}
    assert steps[0]["done_bytes"] < 160 * MIB
    tool(client, "disk", "rm", "-f", disk)
