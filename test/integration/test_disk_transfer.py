# SPDX-License-Identifier: BSD-2-Clause
"""Content that is moved into images and out of them, as files and through Ganeti's pipes."""

import os
import pty
import re
import shlex
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from driver import REAL_DIR
from images import disks_on_bricks, new_disk, on_bricks, sizes
from test_tool import FILE, TOOL, ask, refusal, tool
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import without_quorum
from tool_disks import allocated, by_hand, mounted
from volume_kinds import KINDS, Kind, await_files, files_on_bricks, little_space

MIB = 1 << 20
SIZE = 24 * MIB


def content() -> bytes:
    """SIZE bytes with data at both ends and over the limit of a shard, and holes in between."""
    data = bytearray(SIZE)
    for offset, length in ((0, 3 * MIB), (12 * MIB - 70_000, 140_000), (SIZE - 5, 5)):
        data[offset : offset + length] = os.urandom(length)
    return bytes(data)


@pytest.fixture
def folder(client: Client) -> Iterator[Path]:
    """A folder of the client machine for files that are moved, as the host opens it."""
    client.run(["mkdir", "/run/files"])
    yield client.path("/run/files")
    client.run(["rm", "-r", "/run/files"])


@pytest.fixture
def two(client: Client, gv0: Volume) -> Iterator[tuple[str, str]]:
    """Two images of SIZE."""
    names = (new_disk(), new_disk())
    for name in names:
        tool(client, "disk", "create", name, "--size", str(SIZE // MIB))
    yield names
    for name in names:
        tool(client, "disk", "rm", name)


def shell(client: Client, line: str) -> subprocess.CompletedProcess[str]:
    """Runs a line as Ganeti's RunCmd does."""
    return client.run(["/bin/sh", "-c", line], check=False)


def words(verb: str, disk: str, *more: str) -> str:
    return shlex.join([TOOL, "disk", verb, disk, *more])


def put_in(client: Client, folder: Path, disk: str, data: bytes, *more: str) -> str:
    """Imports, and returns what it says of a failure; empty: it went well."""
    (folder / "in").write_bytes(data)
    result = shell(client, f"{words('import', disk, *more)} < /run/files/in")
    assert (result.returncode != 0) == ("error: " in result.stderr), result
    return result.stderr


def taken_out(client: Client, folder: Path, disk: str, *more: str) -> bytes:
    """What an export through a pipe writes."""
    result = shell(client, f"{words('export', disk, *more)} | cat > /run/files/out")
    assert (result.returncode, result.stderr) == (0, "")
    return (folder / "out").read_bytes()


@pytest.fixture(params=KINDS, ids=lambda kind: kind.name)
def of_each_kind(
    request: pytest.FixtureRequest, client: Client, cluster: Cluster, gv0: Volume
) -> Iterator[Volume]:
    """The default volume is one of each kind."""
    kind: Kind = request.param
    if not kind.layout:
        yield gv0
        return
    made = cluster.create_volume(kind.name, **kind.layout)
    client.write_file(FILE, f'default_volume = "{made.source}"\n')
    yield made
    cluster.delete_volume(kind.name)


def test_content_stays_the_same_and_sparse_on_every_kind_of_volume(
    client: Client, of_each_kind: Volume, folder: Path
) -> None:
    volume = of_each_kind
    before = files_on_bricks(volume)
    first, second = new_disk(), new_disk()
    data = content()
    for name in (first, second):
        tool(client, "disk", "create", name, "--size", str(SIZE // MIB))
    assert put_in(client, folder, first, data) == ""
    # Over data that other content has to take the place of.
    assert put_in(client, folder, second, os.urandom(SIZE)) == ""
    result = shell(client, f"{words('export', first)} | {words('import', second)}")
    assert (result.returncode, result.stderr) == (0, "")
    for name in (first, second):
        assert taken_out(client, folder, name) == data
        # What a client remembers of the space may be a second old; it is mounted anew here.
        assert ask(client, "disk", "info", name)["allocated_bytes"] < 6 * MIB
    # A brick has several names for one file.
    held = {(brick, status.st_ino): status.st_blocks
            for (brick, _), status in files_on_bricks(volume).items()}
    assert sum(held.values()) * 512 < len(volume.bricks) * 8 * MIB
    for name in (first, second):
        tool(client, "disk", "rm", name)
    await_files(volume, before)


def test_an_export_to_a_file_is_sparse_and_one_over_old_content_is_whole(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    data = content()
    assert put_in(client, folder, two[0], data) == ""
    export = words("export", two[0])
    assert shell(client, f"{export} > /run/files/new").returncode == 0
    assert (folder / "new").read_bytes() == data
    assert (folder / "new").stat().st_blocks * 512 < 6 * MIB
    (folder / "old").write_bytes(b"x" * (SIZE + 9))
    assert shell(client, f"{export} 1<> /run/files/old").returncode == 0
    assert (folder / "old").read_bytes() == data + b"x" * 9
    (folder / "more").write_bytes(b"x" * 9)
    assert shell(client, f"{export} >> /run/files/more").returncode == 0
    assert (folder / "more").read_bytes() == b"x" * 9 + data
    # Its end is a hole, of which nothing was written.
    assert put_in(client, folder, two[0], bytes(SIZE)) == ""
    assert shell(client, f"{export} > /run/files/new").returncode == 0
    assert (folder / "new").read_bytes() == bytes(SIZE)


def test_nothing_of_what_is_moved_stays_in_the_memory_of_the_node(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    with mounted(client, gv0):
        for verb in ("import", "export"):
            if verb == "import":
                assert put_in(client, folder, two[0], os.urandom(SIZE)) == ""
            else:
                taken_out(client, folder, two[0])
            cached = client.run(["fincore", "-nb", "-oRES", f"{REAL_DIR}/{two[0]}"]).stdout
            assert int(cached) < MIB, verb


def test_space_stays_taken_where_the_settings_preallocate(
    client: Client, gv0: Volume, folder: Path
) -> None:
    disk = new_disk()
    for method in ("falloc", "full"):
        settings = f'[volume.gv0]\npreallocation = "{method}"\n'
        client.write_file(FILE, f'default_volume = "{gv0.source}"\n{settings}')
        tool(client, "disk", "create", disk, "--size", "24")
        for data in (os.urandom(SIZE), content()):
            assert put_in(client, folder, disk, data) == ""
            assert taken_out(client, folder, disk) == data
            assert min(allocated(gv0, disk)) >= 24
        tool(client, "disk", "rm", disk)


def test_an_image_of_an_odd_size_is_moved_whole(
    client: Client, gv0: Volume, folder: Path, disk: str
) -> None:
    data = os.urandom(5 * MIB + 777)
    with mounted(client, gv0):
        by_hand(client, disk, 1)
        client.run(["truncate", "-s", str(len(data)), f"{REAL_DIR}/{disk}"])
        assert put_in(client, folder, disk, data) == ""
        assert taken_out(client, folder, disk) == data
    tool(client, "disk", "rm", disk)


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
    tool(client, "disk", "rm", disk)


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


def test_json_tells_how_much_was_imported(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    (folder / "in").write_bytes(bytes(SIZE))
    result = shell(client, f"{words('import', two[0], '--json')} < /run/files/in")
    assert f'"imported_bytes": {SIZE}\n' in result.stdout
    assert f'{{"progress": {{"done_bytes": {SIZE}, "total_bytes": {SIZE}}}}}' in result.stderr
    assert refusal(client, "disk", "import", two[0])[0] == "ENODATA"


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


class Moved:
    """A command that moves content through a pipe which the test holds."""

    def __init__(self, client: Client, verb: str, disk: str) -> None:
        self.command = client.popen(
            [TOOL, "disk", verb, disk],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def give(self, data: bytes) -> None:
        """Returns when all but what fits into a pipe has been taken, or the command is gone."""
        assert self.command.stdin is not None
        with suppress(BrokenPipeError):
            self.command.stdin.buffer.write(data)
            self.command.stdin.flush()

    def take(self) -> None:
        """The command has got so far that it writes."""
        assert self.command.stdout is not None
        assert len(self.command.stdout.buffer.read(MIB)) == MIB

    def failure(self) -> str:
        """What the command says when it has failed."""
        command = self.command
        assert command.stdin and command.stdout and command.stderr
        with suppress(BrokenPipeError):
            command.stdin.close()
        command.stdout.buffer.read()
        said = command.stderr.read()
        assert command.wait(timeout=60) == 1, said
        return said


@pytest.fixture
def moved(client: Client, two: tuple[str, str]) -> Iterator[Callable[[str], Moved]]:
    """Starts commands on the first of the two images, and ends them."""
    made: list[Moved] = []

    def start(verb: str) -> Moved:
        made.append(Moved(client, verb, two[0]))
        return made[-1]

    yield start
    for command in made:
        command.command.end()


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


def test_progress_is_shown_on_a_terminal_and_goes(
    client: Client, two: tuple[str, str]
) -> None:
    ours, theirs = pty.openpty()
    pipe = f"{words('export', two[0])} | cat > /dev/null"
    command = client.popen(["/bin/sh", "-c", pipe], stderr=theirs)
    os.close(theirs)
    try:
        assert command.wait(timeout=60) == 0
        shown = os.read(ours, 1 << 16).decode().split("\r")
    finally:
        command.end()
        os.close(ours)
    assert "100%  24M of 24M" in shown[-3] and shown[-2].strip() == ""
