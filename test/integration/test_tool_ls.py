# SPDX-License-Identifier: BSD-2-Clause
"""Disks listed for administrators and for scripts, on images that are known."""

import signal
import subprocess

from driver import REAL_DIR, STORAGE_DIR
from images import LABEL, MIB
from test_tool import TOOL, ask, tool
from testbed import Client, Volume, await_condition
from tool_disks import FOLDER, UUID, allocated


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
    tool(client, "disk", "rm", "-f", disk, "--volume", disks.source)
    assert all(brick.node.path(f"{brick.path}/ganeti").is_dir() for brick in disks.bricks)
    check()
