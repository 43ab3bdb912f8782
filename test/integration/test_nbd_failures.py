# SPDX-License-Identifier: BSD-2-Clause
"""Disks served by NBD where something breaks: an error or what is right, never a wrong answer."""

import os
import socket
import subprocess
import threading
from collections.abc import Callable

import nbd
import pytest
from images import MIB
from nbd_server import Server, content
from test_nbd import SIZE, on_volume, serve, served, server, servers  # noqa: F401
from test_tool import FILE, TOOL, refusal, tool
from testbed import Client, Cluster, Volume, await_condition
from testbed.faults import bricks_down, mute_server, without_quorum

HALF = SIZE // 2
pytestmark = pytest.mark.usefixtures("worker")


def write_all(handle: nbd.NBD, data: bytes, start: int) -> None:
    for offset in range(0, len(data), MIB):
        handle.pwrite(data[offset : offset + MIB], start + offset)


def test_what_one_client_flushed_of_all_clients_writes_outlives_a_killed_server(
    client: Client, volume: Volume, serve: Callable[..., Server], server: Server, served: str  # noqa: F811
) -> None:
    handles = server.connect(), server.connect()
    parts = content(HALF), content(HALF, seed=2)
    writers = [
        threading.Thread(target=write_all, args=(handles[i], parts[i], i * HALF * MIB))
        for i in range(2)
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    handles[0].flush()
    server.kill()
    for handle in handles:
        with pytest.raises(nbd.Error):
            handle.pread(512, 0)
    assert on_volume(client, volume, served) == parts[0] + parts[1]
    # The socket is still there; the next server takes its place.
    assert server.path().is_socket()
    assert serve(volume.source, served).connect().pread(HALF * MIB, 0) == parts[0]


def test_a_socket_in_use_or_of_something_else_is_refused(
    client: Client, volume: Volume, server: Server, served: str  # noqa: F811
) -> None:
    words = ("disk", "serve", served, "--volume", volume.source)
    code, message = refusal(client, *words)
    assert code == "EADDRINUSE" and f"{server.socket}: cannot listen on the socket: " in message
    assert server.connect().pread(512, 0) == bytes(512)
    client.write_file("/run/occupied", "precious\n")
    assert refusal(client, *words, "--socket", "/run/occupied")[0] == "EEXIST"
    assert client.path("/run/occupied").read_text() == "precious\n"
    client.run(["mkdir", "-m", "777", "/run/open-to-all"])
    code, message = refusal(client, *words, "--socket", "/run/open-to-all/socket")
    assert code == "EPERM" and "other users may replace what is in /run/open-to-all" in message
    assert refusal(client, *words, "--socket", "/run/" + "x" * 103)[0] == "ENAMETOOLONG"
    client.run(["rm", "-r", "/run/open-to-all", "/run/occupied"])


def test_what_is_no_complete_image_is_never_served(
    client: Client, volume: Volume, served: str, disk: str  # noqa: F811
) -> None:
    words = ("disk", "serve", served, "--volume", volume.source)
    bricks = [brick.node.path(f"{brick.path}/{served}") for brick in volume.bricks]
    for path in bricks:
        path.chmod(0o200)
    assert refusal(client, *words)[0] == "UNFINISHED_IMAGE"
    for path in bricks:
        path.chmod(0o600)
    missing = disk[:-1] + "7"
    assert refusal(client, "disk", "serve", missing, "--volume", volume.source)[0] == "ENOENT"
    assert refusal(client, "disk", "serve", "../x", "--volume", volume.source, status=2)[0] == "INVALID_DISK"
    assert not client.path("/run/ganeti-gluster/nbd").exists()
    volume.stop()
    try:
        assert refusal(client, *words)[0] == "CONNECT_FAILED"
    finally:
        volume.start()


def test_a_brick_that_goes_in_the_middle_of_writing_changes_nothing(
    client: Client, volume: Volume, server: Server, served: str  # noqa: F811
) -> None:
    handle = server.connect()
    data = content(SIZE)
    write_all(handle, data[: HALF * MIB], 0)
    with bricks_down(volume, volume.bricks[:1]):
        write_all(handle, data[HALF * MIB :], HALF * MIB)
        handle.flush()
        assert handle.pread(HALF * MIB, 0) == data[: HALF * MIB]
        assert handle.pread(HALF * MIB, HALF * MIB) == data[HALF * MIB :]
    handle.shutdown()
    assert server.end() == 0
    for brick in volume.bricks:
        path = brick.node.path(f"{brick.path}/{served}")
        await_condition(lambda path=path: path.read_bytes() == data, f"{brick} has all", timeout=60)
    volume.await_healed()


def test_without_quorum_flushing_fails_until_what_was_written_is_on_disk(
    client: Client, volume: Volume, server: Server, served: str  # noqa: F811
) -> None:
    handle = server.connect()
    old, new = content(1), content(1, seed=2)
    handle.pwrite(old, 0)
    handle.flush()
    written = False
    with without_quorum(volume):
        try:
            handle.pwrite(new, 0)
            written = True
        except nbd.Error as error:
            assert error.errno == "EIO"
        with pytest.raises(nbd.Error) as failed:
            handle.flush()
        assert failed.value.errno == "EIO"
        with pytest.raises(nbd.Error):
            server.connect()

    def flushed() -> bool:
        try:
            handle.flush()
        except nbd.Error:
            return False
        return True

    await_condition(flushed, "the volume takes writes again", timeout=60)
    found = handle.pread(MIB, 0)
    assert found == new if written else found in (old, new)
    volume.await_healed()
    server.kill()
    assert on_volume(client, volume, served)[:MIB] == found


def test_a_mute_server_in_front_of_one_that_answers_is_passed_over(
    client: Client, cluster: Cluster, volume: Volume, serve: Callable[..., Server], served: str  # noqa: F811
) -> None:
    with mute_server(cluster) as mute:
        server = serve(f"{mute.address.ipv4},node2:/{volume.name}", served)
        assert server.connect().get_size() == SIZE * MIB


def test_systemd_is_told_once_clients_are_answered(
    client: Client, volume: Volume, served: str  # noqa: F811
) -> None:
    notify = "/run/notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
        told.bind(str(client.path(notify)))
        told.settimeout(30)
        words = ["disk", "serve", served, "--volume", volume.source]
        command = client.popen(["env", f"NOTIFY_SOCKET={notify}", TOOL, *words], stdout=subprocess.DEVNULL)
        try:
            assert told.recv(100) == b"READY=1"
        finally:
            command.end()
    client.path(notify).unlink()


def test_systemd_takes_the_unit_and_the_disk_from_its_name(
    client: Client, volume: Volume, served: str  # noqa: F811
) -> None:
    name = "ganeti-gluster-nbd@.service"
    unit = client.path(f"/run/{name}")
    built = os.path.join(os.environ["GANETI_GLUSTER_BUILD"], "data/systemd", name)
    text = open(built, encoding="ascii").read()
    (command,) = [line.split("=", 1)[1] for line in text.splitlines() if line.startswith("ExecStart=")]
    program = client.path(command.split()[0])
    program.parent.mkdir(parents=True, exist_ok=True)
    program.symlink_to(TOOL)
    unit.write_text(text)
    escaped = client.run(["systemd-escape", served]).stdout.strip()
    instance = unit.with_name(f"ganeti-gluster-nbd@{escaped}.service")
    instance.symlink_to(name)
    client.run(["systemd-analyze", "verify", "--man=no", f"/run/{name}"])
    # systemd itself does not run here: what it makes of %I is what systemd-escape says.
    assert client.run(["systemd-escape", "--unescape", escaped]).stdout.strip() == served
    client.write_file(FILE, f'default_volume = "{volume.source}"\n')
    argv = command.replace("%I", served).split()
    started = client.popen(argv, stdout=subprocess.PIPE)
    try:
        assert started.stdout is not None and "serving " in started.stdout.readline()
    finally:
        started.end()
    for path in (program, unit, instance):
        path.unlink()
