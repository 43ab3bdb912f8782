# SPDX-License-Identifier: BSD-2-Clause
"""Disks stay whole while others write them: Ganeti's wipe, and a volume that loses its quorum."""

import json
import subprocess
from collections.abc import Callable

import pytest
from driver import REAL_DIR, Driver
from storage_disk import IMAGE_MIB, MIB, Disk, brick_files, image_path
from testbed import Client, Volume, await_condition
from testbed.faults import without_quorum

# Writes a letter over the whole image, tells so, and what fsync answers once it is told to call it.
WRITER = """
import json, os, sys
file = os.open(sys.argv[1], os.O_RDWR)
def write(letter):
    os.pwrite(file, letter * int(sys.argv[2]), 0)
def errno_of(function, *arguments):
    try:
        function(*arguments)
    except OSError as error:
        return error.errno
    return 0
for line in sys.stdin:
    word = line.strip()
    answer = errno_of(os.fsync, file) if word == "fsync" else errno_of(write, word.encode())
    print(json.dumps(answer), flush=True)
"""


def content(client: Client, disk: str) -> dict[str, int]:
    """How many bytes of each value the image has."""
    script = "import collections, json, sys; data = open(sys.argv[1], 'rb').read(); " \
        "print(json.dumps({chr(k): v for k, v in collections.Counter(data).items()}))"
    result = client.run(["/usr/bin/python3", "-IS", "-c", script, image_path(disk)])
    found: dict[str, int] = json.loads(result.stdout)
    return found


def wipe_chunk(client: Client, disk: str, offset: int, count: int) -> None:
    """One step of Ganeti's wipe, in MiB: without notrunc, so that it cuts the image first."""
    words = ["if=/dev/zero", f"seek={offset}", "bs=1M", "oflag=direct", f"of={image_path(disk)}"]
    client.run(["dd", *words, f"count={count}"])


@pytest.mark.parametrize("chunk", [1, 3, 4])
def test_an_image_is_usable_between_and_after_the_steps_of_a_wipe(
    client: Client, volume: Volume, drivers: Callable[..., Driver], image: str, chunk: int
) -> None:
    driver = drivers()
    user = Disk(driver, volume, image)
    user("assemble")
    client.run(
        ["/usr/bin/python3", "-IS", "-c", WRITER, image_path(image), str(IMAGE_MIB * MIB)],
        input="x\nfsync\n",
    )
    assert content(client, image) == {"x": IMAGE_MIB * MIB}
    label = user("label")
    client.run(["truncate", "-s", "0", image_path(image)])  # as the first step begins
    wiped = 0
    while True:
        request = Disk(drivers(), volume, image)
        assert (request("attach"), request("state")) == (True, "attached")
        assert request("size") == wiped * MIB
        assert (user("size"), user("attach")) == (wiped * MIB, True)
        assert request.outcome("create", IMAGE_MIB) == "EEXIST"
        assert request("open") and request("set-info", "text")
        request.driver.end()
        if wiped == IMAGE_MIB:
            break
        count = min(chunk, IMAGE_MIB - wiped)
        wipe_chunk(client, image, wiped, count)
        wiped += count
    assert content(client, image) == {"\0": IMAGE_MIB * MIB}
    assert [file.stat().st_size for file in brick_files(volume, image)] == [IMAGE_MIB * MIB] * 3
    assert user("label") == label | {"info": "text"}
    user("grow", 1)
    assert user("size") == (IMAGE_MIB + 1) * MIB


def test_a_disk_that_lost_its_quorum_before_fsync_is_whole_again_with_its_bricks(
    client: Client, volume: Volume, driver: Driver, image: str
) -> None:
    storage = Disk(driver, volume, image)
    storage("open")
    words = ["/usr/bin/python3", "-IS", "-c", WRITER, image_path(image), str(IMAGE_MIB * MIB)]
    writer = client.popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def tell(word: str) -> int:
        assert writer.stdin and writer.stdout
        writer.stdin.write(f"{word}\n")
        writer.stdin.flush()
        return int(writer.stdout.readline())

    try:
        assert (tell("a"), tell("fsync")) == (0, 0)
        assert tell("b") == 0
        with without_quorum(volume):
            await_condition(lambda: not client.answers(REAL_DIR), "the client has noticed")
            tell("b")  # may be told as done
            assert tell("fsync") != 0
            # MOUNT_LOST is what the first call to notice says.
            await_condition(lambda: storage.outcome("size") == "UNREACHABLE", "it is known")
            rename = f"rename {image[:-1]}8"
            calls = ("grow 1", rename, "space", "size", "remove", "size")
            for call in (*calls, "attach", *calls):
                assert (call, storage.outcome(call)) == (call, "UNREACHABLE")
            assert set(driver("holds")) == {image}
        client.await_answer(REAL_DIR)
    finally:
        writer.end()
    volume.await_healed()
    again = Disk(driver, volume, image)
    assert (again("attach"), again("size")) == (True, IMAGE_MIB * MIB)
    assert storage("attach") is True
    found = content(client, image)
    assert sum(found.values()) == IMAGE_MIB * MIB
    assert set(found) <= {"a", "b"}
    client.run(words, input="c\nfsync\n")
    assert content(client, image) == {"c": IMAGE_MIB * MIB}
    assert (again("info")["links"], again("label")["size_mib"]) == (1, IMAGE_MIB)
    assert len({file.read_bytes() for file in brick_files(volume, image)}) == 1
