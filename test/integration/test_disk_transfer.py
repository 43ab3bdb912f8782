# SPDX-License-Identifier: BSD-2-Clause
"""Content that is moved into images and out of them, as files and through Ganeti's pipes."""

import os
import pty
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import REAL_DIR
from images import new_disk
from test_tool import FILE, ask, refusal, tool
from testbed import Client, Cluster, Volume
from tool_disks import allocated, by_hand, mounted
from transfers import MIB, SIZE, folder, put_in, shell, taken_out, two, words  # noqa: F401
from volume_kinds import KINDS, Kind, await_files, files_on_bricks


def content() -> bytes:
    """SIZE bytes with data at both ends and over the limit of a shard, and holes in between."""
    data = bytearray(SIZE)
    for offset, length in ((0, 3 * MIB), (12 * MIB - 70_000, 140_000), (SIZE - 5, 5)):
        data[offset : offset + length] = os.urandom(length)
    return bytes(data)


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
        tool(client, "disk", "rm", "-f", name)
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
        tool(client, "disk", "rm", "-f", disk)


def test_an_image_of_an_odd_size_is_moved_whole(
    client: Client, gv0: Volume, folder: Path, disk: str
) -> None:
    data = os.urandom(5 * MIB + 777)
    with mounted(client, gv0):
        by_hand(client, disk, 1)
        client.run(["truncate", "-s", str(len(data)), f"{REAL_DIR}/{disk}"])
        assert put_in(client, folder, disk, data) == ""
        assert taken_out(client, folder, disk) == data
    tool(client, "disk", "rm", "-f", disk)


def test_json_tells_how_much_was_imported(
    client: Client, gv0: Volume, folder: Path, two: tuple[str, str]
) -> None:
    (folder / "in").write_bytes(bytes(SIZE))
    result = shell(client, f"{words('import', two[0], '--json')} < /run/files/in")
    assert f'"imported_bytes": {SIZE}\n' in result.stdout
    assert f'{{"progress": {{"done_bytes": {SIZE}, "total_bytes": {SIZE}}}}}' in result.stderr
    assert refusal(client, "disk", "import", two[0])[0] == "ENODATA"


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
