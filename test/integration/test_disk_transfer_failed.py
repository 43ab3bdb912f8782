# SPDX-License-Identifier: BSD-2-Clause
"""Content that cannot be moved as a whole: nothing of it counts as a success, nothing is created."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from driver import REAL_DIR
from images import disks_on_bricks, sizes
from test_tool import tool
from testbed import Client, Volume, await_condition
from testbed.faults import without_quorum
from tool_disks import allocated, by_hand, mounted
from transfers import (  # noqa: F401
    MIB,
    SIZE,
    Moved,
    folder,
    moved,
    put_in,
    shell,
    taken_out,
    two,
    words,
)
from volume_kinds import little_space


def test_an_input_of_another_length_is_an_error_and_the_image_keeps_its_size(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    for length in (0, 5, SIZE - 1):
        said = put_in(client, folder, two[0], b"x" * length)
        assert f"the input ended after {length} bytes of {SIZE}; " in said
    for data in (bytes(SIZE + 1), os.urandom(SIZE + 1)):
        assert f"the input is longer than {SIZE} bytes" in put_in(client, folder, two[0], data)
    assert sizes(gv0, two[0]) == [(SIZE, 0o600)] * 3
    assert put_in(client, folder, two[0], b"x" * SIZE) == ""
    assert put_in(client, folder, two[0], b"y" * MIB, "--size", "1") == ""
    assert "longer" in put_in(client, folder, two[0], b"y" * 2 * MIB, "--size", "1")
    assert taken_out(client, folder, two[0], "--size=2M") == b"y" * MIB + b"x" * MIB
    assert taken_out(client, folder, two[0])[MIB:] == b"x" * (SIZE - MIB)
    result = shell(client, f"{words('export', two[0], '--size=25M')} > /run/files/out")
    assert result.returncode == 1 and "25 MiB are wanted" in result.stderr
    assert (folder / "out").read_bytes() == b""
    assert "wanted" in put_in(client, folder, two[0], bytes(25 * MIB), "--size=25M")


def test_a_disk_that_is_not_there_or_not_complete_is_refused_and_nothing_is_created(
    client: Client, gv0: Volume, folder: Path, disk: str
) -> None:
    before = disks_on_bricks(gv0)
    for verb in ("import", "export"):
        result = shell(client, f"yes | {words(verb, disk)} > /run/files/out")
        assert result.returncode == 1 and "there is no such image" in result.stderr
    assert disks_on_bricks(gv0) == before
    with mounted(client, gv0):
        by_hand(client, disk, 3, mode="0200")
    for verb in ("import", "export"):
        result = shell(client, f"yes | {words(verb, disk)} > /run/files/out")
        assert result.returncode == 1 and "its creation was never completed" in result.stderr
    assert max(allocated(gv0, disk)) == 0
    assert (folder / "out").read_bytes() == b""
    tool(client, "disk", "rm", "-f", disk)


def test_streams_that_cannot_carry_an_image_are_refused(
    client: Client, gv0: Volume, disk: str
) -> None:
    for verb, redirection in (("import", "<&-"), ("export", ">&-")):
        result = shell(client, f"{words(verb, disk)} {redirection}")
        assert result.returncode == 2 and "it is closed" in result.stderr
    for verb in ("import", "export"):
        result = client.run(["script", "-qec", words(verb, disk), "/dev/null"], check=False)
        assert result.returncode == 2 and "it is a terminal" in result.stdout
    result = shell(client, f"{words('export', disk, '--json')} | cat")
    assert result.stdout == "" and "standard output is for the image" in result.stderr


def test_a_pipe_whose_exporter_is_killed_fails_without_pipefail(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    source, target = two
    assert put_in(client, folder, source, os.urandom(SIZE)) == ""
    killed = "strace -qq -o /dev/null -e inject=write:signal=KILL:when=8"
    result = shell(client, f"{killed} {words('export', source)} | {words('import', target)}")
    assert result.returncode == 1
    found = re.search(rf"the input ended after (\d+) bytes of {SIZE};", result.stderr)
    assert found and 0 < int(found[1]) < SIZE
    assert sizes(gv0, target) == [(SIZE, 0o600)] * 3


def test_an_export_whose_reader_goes_away_fails(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    assert put_in(client, folder, two[0], os.urandom(SIZE)) == ""
    for disk in two:  # one with data, one that is nothing but a hole
        export = words("export", disk)
        result = shell(client, f"{{ {export}; echo status $? >&2; }} | head -c {MIB} > /dev/null")
        assert result.returncode == 0 and "status 1\n" in result.stderr
        assert "standard output: cannot write the content of the image: Broken pipe" in result.stderr


def test_bricks_that_fill_up_in_the_middle_are_an_error(
    gv0: Volume, two: tuple[str, str], moved: Callable[[str], Moved]
) -> None:
    importer = moved("import")
    importer.give(os.urandom(8 * MIB))
    with little_space(gv0.bricks, 4 * MIB):
        importer.give(os.urandom(SIZE - 8 * MIB))
        said = importer.failure()
    assert "a brick has no space left" in said
    assert "what the image contains after the failed import is undefined" in said
    assert sizes(gv0, two[0]) == [(SIZE, 0o600)] * 3


@pytest.mark.parametrize("verb", ["import", "export"])
def test_a_quorum_that_is_lost_in_the_middle_is_an_error(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str],
    moved: Callable[[str], Moved], verb: str,
) -> None:
    assert put_in(client, folder, two[0], os.urandom(SIZE)) == ""
    with mounted(client, gv0):
        command = moved(verb)
        if verb == "import":
            command.give(os.urandom(8 * MIB))
        else:
            command.take()
        with without_quorum(gv0):
            await_condition(lambda: not client.answers(REAL_DIR), "the client has noticed")
            if verb == "import":
                command.give(os.urandom(SIZE - 8 * MIB))
            assert "error: " in command.failure()
        client.await_answer(REAL_DIR)
        gv0.await_healed()


@pytest.mark.parametrize("verb", ["import", "export"])
def test_a_signal_cancels_what_waits_for_the_other_end_of_its_pipe(
    client: Client, folder: Path, two: tuple[str, str], moved: Callable[[str], Moved], verb: str
) -> None:
    for name in ("INT", "TERM", "HUP"):
        command = moved(verb)
        if verb == "import":
            command.give(os.urandom(MIB))
        else:
            command.take()
        command.command.send_signal(signal.Signals[f"SIG{name}"])
        assert f"cannot {verb} the image: cancelled by SIG{name} after " in command.failure()
