# SPDX-License-Identifier: BSD-2-Clause
"""What administrators and scripts get from the disk commands, on images that are known."""

import fcntl
import json
import os
import pty
import signal
import struct
import subprocess
import termios
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver
from images import LABEL, MIB, disks_on_bricks, on_bricks
from storage_disk import Disk
from test_tool import FILE, LINKS, TOOL, ask, refusal, tool
from testbed import Client, Cluster, Volume, await_condition

UUID = "8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11"
FOLDER = f"{REAL_DIR}/ganeti"
HOSTILE = "instance = \x1b[2Jevil\x9b31m\ninfo = \x1b]0;owned\x07: a\tb\n"


@pytest.fixture
def disks(cluster: Cluster) -> Iterator[Volume]:
    """A volume that nobody has used yet."""
    yield cluster.create_volume("disks", replica=3)
    cluster.delete_volume("disks")


@pytest.fixture
def gv0(client: Client, volume: Volume) -> Volume:
    """The shared volume, as the default one of the settings."""
    client.write_file(FILE, f'default_volume = "{volume.source}"\n')
    return volume


@contextmanager
def mounted(client: Client, volume: Volume) -> Iterator[None]:
    tool(client, "mount", "--volume", volume.source)
    yield
    tool(client, "umount")


def allocated(volume: Volume, disk: str) -> list[int]:
    """MiB that the image takes on each brick."""
    return [status.st_blocks * 512 // MIB for status in on_bricks(volume, disk)]


def free(volume: Volume) -> int:
    """MiB that are free on the fullest brick."""
    paths = [brick.node.path(brick.path) for brick in volume.bricks]
    return min(status.f_bavail * status.f_bsize for status in map(os.statvfs, paths)) // MIB


def by_hand(client: Client, disk: str, mib: int, label: str = "", mode: str = "0600") -> None:
    """An image that the library did not make, while the volume is mounted."""
    path = f"{REAL_DIR}/{disk}"
    client.run(["truncate", "-s", f"{mib}M", path])
    client.run(["chmod", mode, path])
    if label:
        os.setxattr(client.path(path), LABEL, label.encode("latin-1"))


@pytest.fixture
def known(
    client: Client, disks: Volume, drivers: Callable[..., Driver]
) -> Iterator[dict[str, str]]:
    """The default volume has one disk of each kind, by the index of each; it stays mounted."""
    client.write_file("/var/lib/ganeti/ssconf_cluster_name", "cluster.example.com\n")
    client.write_file(FILE, f'default_volume = "{disks.source}"\n')
    names = {index: f"ganeti/{UUID}.{index}" for index in ("0", "2", "3", "4", "10")}
    tool(client, "disk", "create", names["0"], "--size", "1.5M")
    tool(client, "disk", "create", names["10"], "--size", "64M", "--preallocation", "falloc")
    labelled = Disk(drivers(), disks, names["0"])
    labelled("set-info", "originstname+web1.example.com")
    labelled.drop()
    with mounted(client, disks):
        by_hand(client, names["2"], 300)
        by_hand(client, names["3"], 5, mode="0200")
        by_hand(client, names["4"], 7, label=HOSTILE)
        client.run(["touch", f"{FOLDER}/{UUID}.01", f"{FOLDER}/lost+found"])
        yield names


def test_preallocated_space_is_taken_on_every_brick(client: Client, gv0: Volume, disk: str) -> None:
    for method in ("falloc", "full"):
        words = ["--preallocation", method]
        made = ask(client, "disk", "create", disk, "--size", "100M", *words)
        assert (made["size_bytes"], made["preallocation"]) == (100 * MIB, method)
        assert made["allocated_bytes"] >= 100 * MIB
        assert min(allocated(gv0, disk)) >= 100 and len(allocated(gv0, disk)) == 3
        assert "to 170M\n" in tool(client, "disk", "grow", disk, "70M", *words).stdout
        assert min(allocated(gv0, disk)) >= 170
        assert ask(client, "disk", "rm", disk)["removed"]
    tool(client, "disk", "create", disk, "--size", "100M")
    assert max(allocated(gv0, disk)) == 0
    tool(client, "disk", "rm", disk)


def test_the_settings_rule_unless_an_option_does(client: Client, gv0: Volume, disk: str) -> None:
    rules = 'preallocation = "falloc"\novercommit = "refuse"\n'
    client.write_file(FILE, f'default_volume = "{gv0.source}"\n[volume.gv0]\n{rules}')
    create = ["disk", "create", disk, "--size"]
    assert "2M, preallocated\n" in tool(client, *create, "2").stdout
    assert min(allocated(gv0, disk)) >= 2
    tool(client, "disk", "rm", disk)
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
    tool(client, "disk", "rm", disk)


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
    tool(client, "disk", "rm", disk)


def test_a_signal_that_was_ignored_cancels_nothing(
    client: Client, gv0: Volume, disk: str
) -> None:
    create = ["create", disk, "--size", "160M", "--preallocation", "falloc"]
    assert interrupted(client, "fallocate", "HUP", create, default="ignore").returncode == 0
    assert min(allocated(gv0, disk)) >= 160
    tool(client, "disk", "rm", disk)


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
    tool(client, "disk", "rm", disk)


def test_progress_for_machines_is_an_object_a_line(
    client: Client, gv0: Volume, disk: str
) -> None:
    create = ["disk", "create", disk, "--size", "160M", "--preallocation", "full"]
    assert tool(client, *create).stderr == ""  # no terminal: nothing
    tool(client, "disk", "rm", disk)
    lines = tool(client, *create, "--json").stderr.splitlines()
    steps = [json.loads(line)["progress"] for line in lines]
    assert steps[-1] == {"done_bytes": 160 * MIB, "total_bytes": 160 * MIB}
    assert steps[0]["done_bytes"] < 160 * MIB
    tool(client, "disk", "rm", disk)


def test_disks_are_listed_as_a_table(client: Client, known: dict[str, str]) -> None:
    result = tool(client, "disk", "ls")
    assert result.stdout.splitlines() == [
        "DISK                                           SIZE ALLOCATED STATE      INSTANCE",
        f"{known['0']}    2M        0M complete   web1.example.com",
        f"{known['2']}  300M        0M complete   -",
        f"{known['3']}    5M        0M unfinished -",
        f"{known['4']}    7M        0M complete    [2Jevil?31m",
        f"{known['10']}  64M       64M complete   -",
    ]
    assert result.stderr == (
        f"ganeti-gluster: warning: {STORAGE_DIR}/ganeti: "
        "not listed, as no disk can have such a name: 2\n"
    )


def test_disks_are_listed_for_scripts(client: Client, known: dict[str, str]) -> None:
    def lines(*words: str) -> list[str]:
        return tool(client, "disk", "ls", *words).stdout.splitlines()

    sizes = ["--separator", ":", "-o", "size,disk"]
    assert lines(*sizes)[:3] == ["SIZE:DISK", f"2:{known['0']}", f"300:{known['2']}"]
    assert lines(*sizes, "--units", "h", "--no-headers")[1] == f"300M:{known['2']}"
    assert lines("--units", "g", "-o", "size", "--no-headers") == ["0.0", "0.3", "0.0", "0.0", "0.1"]
    assert lines("-o", "+links", "--separator", "|", "--no-headers")[0] == (
        f"{known['0']}|2|0|complete|web1.example.com|1"
    )
    every = "path,cluster,uuid,info,created"
    said = lines("-o", every, "--separator", ",", "--no-headers")
    created = ask(client, "disk", "info", known["0"])["label"]["created"]
    info = "originstname+web1.example.com"
    assert said[0] == f"{STORAGE_DIR}/{known['0']},cluster.example.com,-,{info},{created}"
    assert said[2] == f"{STORAGE_DIR}/{known['3']},-,-,-,-"
    # The label's reader makes blanks of what ASCII calls control characters.
    assert said[3] == f"{STORAGE_DIR}/{known['4']},-,-, ]0;owned : a b,-"


def test_disks_are_listed_as_json(client: Client, known: dict[str, str], disks: Volume) -> None:
    answer = ask(client, "disk", "ls", "-o", "disk,size,allocated,state,instance,created,links")
    rows = {row["disk"]: row for row in answer.pop("disks")}
    assert answer == {"volume": disks.source, "storage_dir": STORAGE_DIR, "other_names": 2}
    assert list(rows) == [known[index] for index in ("0", "2", "3", "4", "10")]
    assert rows[known["2"]].pop("allocated_bytes") < MIB
    assert rows[known["2"]] == {
        "disk": known["2"],
        "size_bytes": 300 * MIB,
        "state": "complete",
        "instance": None,
        "created": None,
        "links": 1,
    }
    assert rows[known["10"]]["allocated_bytes"] >= 64 * MIB
    assert rows[known["3"]]["state"] == "unfinished"
    assert rows[known["4"]]["instance"] == " [2Jevil\ufffd31m"
    assert tool(client, "disk", "ls", "--json").stdout.isascii()


def test_only_what_is_shown_is_read(client: Client, known: dict[str, str]) -> None:
    def reads(fields: str) -> tuple[int, int]:
        """How many images were looked at, and how many labels read."""
        trace = "/run/strace-ls"
        words = ["strace", "-o", trace, "-e", "trace=openat2,getxattr", "--", TOOL]
        client.run([*words, "disk", "ls", "-o", fields])
        lines = client.path(trace).read_text().splitlines()
        client.path(trace).unlink()
        looks = {line.split('"')[1] for line in lines if f'"ganeti/{UUID}' in line}
        return len(looks), sum(LABEL in line for line in lines)

    complete = len(known) - 1
    assert reads("disk,path") == (0, 0)
    assert reads("disk,size,allocated,state,links") == (len(known), 0)
    assert reads("instance") == (len(known), complete)


def test_an_image_that_cannot_be_read_does_not_hide_the_others(
    client: Client, known: dict[str, str]
) -> None:
    broken = f"ganeti/{UUID}.5"
    client.run(["mkdir", f"{REAL_DIR}/{broken}"])
    result = tool(client, "disk", "ls", "-o", "disk,state,size,created", status=1)
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines()}
    assert rows[broken] == ["NOT_AN_IMAGE", "?", "?"]
    assert rows[known["10"]][0] == "complete" and len(rows) == len(known) + 2
    assert f"error: {STORAGE_DIR}/{broken}: " in result.stderr
    rows = {row["disk"]: row for row in ask(client, "disk", "ls", status=1)["disks"]}
    assert (rows[broken]["state"], rows[broken]["size_bytes"]) == ("NOT_AN_IMAGE", None)


def test_an_image_that_vanishes_meanwhile_is_left_out(
    client: Client, known: dict[str, str]
) -> None:
    record = "/run/strace-ls"
    inject = ["-P", FOLDER, "-e", "inject=getdents64:signal=STOP:when=1"]
    words = ["strace", "-o", record, *inject, "--", TOOL, "disk", "ls", "-o", "disk,state"]
    command = client.popen(words, stdout=subprocess.PIPE)
    try:
        trace = client.path(record)
        stopped = lambda: trace.exists() and "stopped by SIGSTOP" in trace.read_text()  # noqa: E731
        await_condition(stopped, "the names are read")
        client.run(["rm", f"{REAL_DIR}/{known['2']}", f"{REAL_DIR}/{known['3']}"])
        for process in client.processes_named("ganeti-gluster"):
            process.send(signal.SIGCONT)
        assert command.stdout is not None
        listed = [line.split()[0] for line in command.stdout.read().splitlines()[1:]]
        assert command.wait(timeout=20) == 0
    finally:
        command.end()
    trace.unlink()
    assert listed == [known[index] for index in ("0", "4", "10")]


def test_a_volume_without_disks_is_listed(client: Client, disks: Volume, disk: str) -> None:
    def check() -> None:
        volume = ["--volume", disks.source]
        result = tool(client, "disk", "ls", *volume)
        assert result.stdout == ""
        assert result.stderr == f"ganeti-gluster: there is no disk on {disks.source}\n"
        assert tool(client, "disk", "ls", *volume, "--separator", ":", "-o", "size,disk").stdout == (
            "SIZE:DISK\n"
        )
        assert ask(client, "disk", "ls", *volume)["disks"] == []

    assert not any(brick.node.path(f"{brick.path}/ganeti").exists() for brick in disks.bricks)
    check()
    tool(client, "disk", "create", disk, "--size", "1", "--volume", disks.source)
    tool(client, "disk", "rm", disk, "--volume", disks.source)
    assert all(brick.node.path(f"{brick.path}/ganeti").is_dir() for brick in disks.bricks)
    check()


def test_info_tells_what_the_image_says_of_itself(client: Client, known: dict[str, str]) -> None:
    space = os.statvfs(client.path(REAL_DIR))
    answer = ask(client, "disk", "info", known["0"])
    created = answer["label"].pop("created")
    assert answer["label"] == {
        "cluster": "cluster.example.com",
        "instance": "web1.example.com",
        "uuid": None,
        "info": "originstname+web1.example.com",
    }
    assert (answer["links"], answer["size_bytes"]) == (1, 2 * MIB)
    assert answer["volume_space"]["size_bytes"] == space.f_blocks * space.f_frsize
    said = tool(client, "disk", "info", known["0"]).stdout
    for field in ("instance: web1.example.com\n", f"created: {created}\n", "volume free: "):
        assert field in said
    assert "links: " not in said and "uuid: " not in said
    assert ask(client, "disk", "info", known["2"])["label"] is None
    assert "instance: " not in tool(client, "disk", "info", known["2"]).stdout
    assert tool(client, "disk", "info", known["4"]).stdout.replace("\n", "").isprintable()
    client.run(["ln", f"{REAL_DIR}/{known['2']}", f"{FOLDER}/{UUID}.6"])
    assert "links: 2 names: " in tool(client, "disk", "info", known["2"]).stdout
    assert ask(client, "disk", "info", known["2"])["links"] == 2


def test_an_unfinished_image_is_named_and_can_only_be_removed(
    client: Client, known: dict[str, str]
) -> None:
    for words in (["info"], ["grow", "1M"], ["rename", f"ganeti/{UUID}.7"]):
        command = ["disk", words[0], known["3"], *words[1:]]
        assert refusal(client, *command)[0] == "UNFINISHED_IMAGE"
    assert ask(client, "disk", "rm", known["3"])["removed"]
    assert known["3"] not in tool(client, "disk", "ls").stdout


def test_a_disk_is_renamed_and_never_over_another(
    client: Client, gv0: Volume, disk: str
) -> None:
    new, other = (f"ganeti/{uuid.uuid4()}.0" for _ in range(2))
    for name in (disk, other):
        tool(client, "disk", "create", name, "--size", "3")
    said = tool(client, "disk", "rename", disk, new).stdout
    assert said == f"renamed {STORAGE_DIR}/{disk} to {STORAGE_DIR}/{new}\n"
    assert refusal(client, "disk", "rename", new, other)[0] == "EEXIST"
    assert refusal(client, "disk", "rename", disk, new)[0] == "ENOENT"
    assert refusal(client, "disk", "rename", new, "../x", status=2)[0] == "INVALID_DISK"
    answer = ask(client, "disk", "rename", new, disk)
    path = f"{STORAGE_DIR}/{disk}"
    assert answer == {"disk": disk, "path": path, "volume": gv0.source, "old_disk": new}
    assert disk in disks_on_bricks(gv0) and new not in disks_on_bricks(gv0)
    for name in (disk, other):
        assert ask(client, "disk", "rm", name)["removed"]


def in_use(client: Client, gv0: Volume, disk: str, words: Sequence[str]) -> None:
    """A command is refused, and changes nothing, while this node uses the disk."""
    code, message = refusal(client, "disk", *words)
    assert code == "EBUSY" and "it is in use on this node" in message
    assert disk in disks_on_bricks(gv0)


def test_a_disk_in_use_is_neither_removed_nor_renamed(
    client: Client, gv0: Volume, disk: str
) -> None:
    tool(client, "disk", "create", disk, "--size", "3")
    commands = (["rm", disk], ["rename", disk, f"ganeti/{UUID}.9"])
    with mounted(client, gv0):
        user = client.popen(["tail", "-f", f"{STORAGE_DIR}/{disk}"], stdout=subprocess.DEVNULL)
        try:
            await_condition(lambda: user.process.name == "tail", "the image is open")
            opened = lambda: disk in client.run(  # noqa: E731
                ["ls", "-l", f"/proc/{user.process.namespace_pids[-1]}/fd"]
            ).stdout
            await_condition(opened, "the image is open")
            for words in commands:
                in_use(client, gv0, disk, words)
        finally:
            user.end()
        client.run(["mkdir", LINKS])
        client.run(["ln", "-s", f"{STORAGE_DIR}/{disk}", f"{LINKS}/instance1:0"])
        for words in commands:
            in_use(client, gv0, disk, words)
        client.run(["rm", "-r", LINKS])
        assert ask(client, "disk", "rm", disk)["removed"]
