# SPDX-License-Identifier: BSD-2-Clause
"""Disks served by NBD: what clients are offered, and that what they read is what is on the volume."""

import hashlib
import json
import signal
import stat
from collections.abc import Callable, Iterator

import nbd
import pytest
from driver import REAL_DIR
from images import MIB, on_bricks
from nbd_server import LOST, Server, content, extents
from test_tool import ask, refusal, tool
from testbed import Client, Cluster, Volume
from tool_disks import allocated
from volume_kinds import KINDS, Kind

SIZE = 32
pytestmark = pytest.mark.usefixtures("worker")


@pytest.fixture
def servers() -> Iterator[list[Server]]:
    """Those that a test has made."""
    made: list[Server] = []
    yield made
    end_all(made)


def end_all(servers: list[Server]) -> None:
    while servers:
        servers.pop().command.end()


@pytest.fixture
def serve(client: Client, servers: list[Server]) -> Callable[..., Server]:
    """Serves disks, as many as a test wants."""

    def make(source: str, disk: str, *words: str) -> Server:
        servers.append(Server(client, source, disk, *words))
        return servers[-1]

    return make


@pytest.fixture
def served(
    client: Client, volume: Volume, disk: str, servers: list[Server]
) -> Iterator[str]:
    """A sparse disk of SIZE MiB."""
    tool(client, "disk", "create", disk, "--size", str(SIZE), "--volume", volume.source)
    yield disk
    end_all(servers)
    tool(client, "disk", "rm", "-f", disk, "--volume", volume.source)


@pytest.fixture
def server(serve: Callable[..., Server], volume: Volume, served: str) -> Server:
    return serve(volume.source, served)


def on_volume(client: Client, volume: Volume, disk: str) -> bytes:
    """The image as the mount has it."""
    tool(client, "mount", "--volume", volume.source)
    data = client.path(f"{REAL_DIR}/{disk}").read_bytes()
    tool(client, "umount")
    return data


def test_a_client_is_offered_all_that_nbd_has(client: Client, server: Server, served: str) -> None:
    assert server.said == f"serving {served} of node1:/gv0, 32M, at {server.uri}\n"
    assert server.uri == f"nbd+unix:///?socket={server.socket}"
    (export,) = json.loads(server.run("nbdinfo", "--json", "URI"))["exports"]
    assert export["export-size"] == SIZE * MIB
    offered = ("flush", "fua", "trim", "zero", "fast_zero", "multi_conn")
    assert [name for name in offered if not export[f"can_{name}"]] == []
    assert export["contexts"] == ["base:allocation"] and not export["is_read_only"]
    sizes = [export[f"block_size_{name}"] for name in ("minimum", "preferred", "maximum")]
    assert sizes == [1, 4096, 32 * MIB]
    assert stat.S_IMODE(server.path().stat().st_mode) == 0o600
    assert stat.S_IMODE(server.path().parent.stat().st_mode) == 0o700
    assert client.fuse_mounts() == []
    assert server.command.process.children() == []  # what looked at the disk has ended
    handle = server.connect()
    refused = refusal(client, "disk", "rm", "-f", served)
    assert refused[0] == "EBUSY" and "it is in use on this node" in refused[1]
    server.command.send_signal(signal.SIGTERM)
    handle.shutdown()
    assert server.command.wait(timeout=LOST) == 0


def test_what_is_copied_both_ways_is_what_the_volume_has(
    client: Client, volume: Volume, server: Server, served: str
) -> None:
    data = bytes(4 * MIB) + content(8) + bytes(11 * MIB) + content(9, seed=2)
    source, target = (client.path(f"/run/{name}.img") for name in ("source", "target"))
    source.write_bytes(data)
    server.run("nbdcopy", "--flush", "/run/source.img", "URI")
    assert hashlib.sha256(on_volume(client, volume, served)).digest() == hashlib.sha256(data).digest()
    server.run("nbdcopy", "URI", "/run/target.img")
    assert target.read_bytes() == data
    server.run("qemu-img", "compare", "-f", "raw", "-F", "raw", "/run/source.img", "URI")
    for path in (source, target):
        path.unlink()


def test_qemu_takes_the_uri_and_the_blockdev_form(server: Server) -> None:
    write, read = ("-c", "write -P 0x5a 4097 70001"), ("-c", "read -P 0x5a 4097 70001")
    server.run("qemu-io", "-f", "raw", *write, "-c", "flush", "URI")
    blockdev = f"driver=nbd,server.type=unix,server.path={server.socket}"
    assert "Pattern verification failed" not in server.run("qemu-io", "--image-opts", *read, blockdev)
    found = json.loads(server.run("qemu-img", "info", "--output=json", "URI"))
    assert found["virtual-size"] == SIZE * MIB


def test_holes_are_told_from_data(server: Server) -> None:
    handle = server.connect()
    assert extents(handle) == [(SIZE * MIB, True)]
    # Not flushed: what is on its way to the bricks is data as well.
    handle.pwrite(content(1), 4 * MIB)
    assert extents(handle) == [(4 * MIB, True), (MIB, False), ((SIZE - 5) * MIB, True)]
    handle.pwrite(b"end", SIZE * MIB - 3)
    found = extents(handle)
    assert found[:2] == [(4 * MIB, True), (MIB, False)] and not found[-1][1]


def test_trim_gives_space_back_and_zero_gives_none_unless_it_may(
    volume: Volume, server: Server, served: str
) -> None:
    handle = server.connect()
    handle.pwrite(content(16), 0)
    handle.flush()
    assert allocated(volume, served) == [16, 16, 16]
    handle.zero(4 * MIB, 0, nbd.CMD_FLAG_NO_HOLE)
    handle.flush()
    assert allocated(volume, served) == [16, 16, 16]
    handle.zero(4 * MIB, 4 * MIB)
    handle.trim(4 * MIB, 8 * MIB)
    handle.zero(3333, 13 * MIB + 1111, nbd.CMD_FLAG_FUA)
    handle.flush()
    assert allocated(volume, served) == [8, 8, 8]
    expected = bytearray(content(16))
    expected[: 12 * MIB] = bytes(12 * MIB)
    expected[13 * MIB + 1111 : 13 * MIB + 4444] = bytes(3333)
    assert handle.pread(16 * MIB, 0) == expected


def test_a_larger_image_is_seen_by_the_next_client(
    client: Client, volume: Volume, server: Server, served: str
) -> None:
    first = server.connect()
    assert ask(client, "disk", "grow", served, "5M", "--volume", volume.source)["size_bytes"] == 37 * MIB
    assert first.get_size() == SIZE * MIB
    second = server.connect()
    assert second.get_size() == 37 * MIB
    second.pwrite(b"x" * 4096, 37 * MIB - 4096, nbd.CMD_FLAG_FUA)
    assert [status.st_size for status in on_bricks(volume, served)] == [37 * MIB] * 3
    assert first.pread(4096, 0) == bytes(4096)


def test_a_read_only_server_refuses_to_write(serve: Callable[..., Server], volume: Volume, served: str) -> None:
    server = serve(volume.source, served, "--read-only")
    assert ", read-only, at " in server.said
    handle = server.connect()
    assert handle.is_read_only() and handle.pread(4096, 0) == bytes(4096)
    handle.set_strict_mode(0)
    with pytest.raises(nbd.Error) as refused:
        handle.pwrite(b"x" * 512, 0)
    assert refused.value.errno == "EPERM"


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.name in ("disperse", "shard")], ids=lambda k: k.name)
def test_images_on_volumes_of_other_kinds_are_served_as_well(
    client: Client, cluster: Cluster, serve: Callable[..., Server], disk: str, kind: Kind
) -> None:
    volume = cluster.create_volume(kind.name, **kind.layout)
    try:
        tool(client, "disk", "create", disk, "--size", str(SIZE), "--volume", volume.source)
        server = serve(volume.source, disk)
        handle = server.connect()
        expected = bytearray(SIZE * MIB)
        for offset, length in ((3, 5), (4 * MIB - 7, 9 * MIB), (31 * MIB + 1, MIB - 1)):
            piece = content(9)[:length]
            handle.pwrite(piece, offset)
            expected[offset : offset + length] = piece
        for erase, offset in ((handle.zero, 5 * MIB + 5), (handle.trim, 6 * MIB)):
            erase(MIB, offset)
        handle.zero(MIB, 9 * MIB + 9, nbd.CMD_FLAG_NO_HOLE)
        for offset in (5 * MIB + 5, 6 * MIB, 9 * MIB + 9):
            expected[offset : offset + MIB] = bytes(MIB)
        handle.flush()
        assert handle.pread(16 * MIB, 0) + handle.pread(16 * MIB, 16 * MIB) == expected
        at = 0
        for length, is_hole in extents(handle):
            assert not is_hole or not any(expected[at : at + length])
            at += length
        assert at == SIZE * MIB
        tool(client, "disk", "grow", disk, "4M", "--volume", volume.source)
        handle.shutdown()
        assert server.connect().get_size() == 36 * MIB
        assert server.end() == 0
        assert on_volume(client, volume, disk) == expected + bytes(4 * MIB)
        tool(client, "disk", "rm", "-f", disk, "--volume", volume.source)
    finally:
        cluster.delete_volume(kind.name)
