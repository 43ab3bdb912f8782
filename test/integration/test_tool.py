# SPDX-License-Identifier: BSD-2-Clause
"""What administrators and scripts get from each command: words, JSON, exit status."""

import json
import subprocess
import uuid
from typing import Any

from driver import REAL_DIR, STORAGE_DIR, Driver, built
from testbed import Client, Volume, await_condition
from testbed.faults import kill_fuse_client, stopped

TOOL = built("tools/ganeti-gluster")
FILE = "/etc/ganeti/gluster.toml"
LINKS = "/run/ganeti/instance-disks"
DISK = f"ganeti/{uuid.uuid4()}.0"
MIB = 1 << 20


def tool(client: Client, *words: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    result = client.run([TOOL, *words], check=False)
    assert result.returncode == status, result
    return result


def ask(client: Client, *words: str, status: int = 0) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(tool(client, *words, "--json", status=status).stdout)
    assert answer.pop("format_version") == 1
    return answer


def refusal(client: Client, *words: str, status: int = 1) -> tuple[str, str]:
    """Code and message of a failure, told to people in the same words; no mount changes."""
    before = client.mounts()
    error = ask(client, *words, status=status)["error"]
    result = tool(client, *words, status=status)
    assert (result.stdout, error["message"] in result.stderr) == ("", True)
    assert client.mounts() == before
    return error["code"], error["message"]


def test_mount_keeps_the_volume_mounted_until_umount(client: Client, volume: Volume) -> None:
    mount = ["mount", "--volume", volume.source]
    assert f"{volume.source} is mounted on {STORAGE_DIR}\n" in tool(client, *mount).stdout
    first = client.fuse_client(REAL_DIR)
    answer = {"storage_dir": STORAGE_DIR, "volume": volume.source, "hold": "admin"}
    assert (ask(client, *mount), client.fuse_client(REAL_DIR)) == (answer, first)
    assert tool(client, "umount").stdout.endswith(f"admin\n{STORAGE_DIR} is unmounted\n")
    assert client.fuse_mounts() == []
    assert "was not mounted\n" in tool(client, "umount").stdout
    assert ask(client, "umount")["result"] == "not_mounted"


def test_status_tells_a_well_mount_from_none(client: Client, volume: Volume) -> None:
    found = ask(client, "status")
    assert (found["state"], found["mount"], found["holds"]) == ("not_mounted", None, [])
    assert "state: not mounted\n" in tool(client, "status").stdout
    tool(client, "mount", "--volume", volume.source)
    found = ask(client, "status")
    pid = client.fuse_client(REAL_DIR).namespace_pids[-1]
    assert (found["state"], found["volume"], found["action"]) == ("well", volume.source, None)
    assert (found["client"]["pid"], found["mount"]["depth"]) == (pid, 1)
    assert [(hold["disk"], hold["stale"]) for hold in found["holds"]] == [("admin", False)]
    said = tool(client, "status").stdout
    assert "state: well\n" in said and f"process {pid}, running" in said and "HELD BY" in said
    assert ask(client, "umount")["dropped_holds"] == ["admin"]


def test_a_dead_mount_is_told_replaced_and_detached(client: Client, volume: Volume) -> None:
    tool(client, "mount", "--volume", volume.source)
    kill_fuse_client(client, REAL_DIR)
    assert ask(client, "status", status=1)["state"] == "dead"
    assert "state: dead\n" in tool(client, "status", status=1).stdout
    tool(client, "mount", "--volume", volume.source)
    assert ask(client, "status")["state"] == "well"
    kill_fuse_client(client, REAL_DIR)
    assert "detached the dead mount" in tool(client, "umount").stderr
    assert REAL_DIR not in [row.target for row in client.mounts()]


def test_another_file_system_is_told_and_left_alone(client: Client, volume: Volume) -> None:
    client.run(["mkdir", "-p", REAL_DIR])
    client.run(["mount", "-t", "tmpfs", "foreign", REAL_DIR])
    assert (REAL_DIR, "tmpfs") in [(row.target, row.filesystem) for row in client.mounts()]
    found = ask(client, "status", status=1)
    assert (found["state"], found["mount"]["source"]) == ("other", "foreign")
    assert "state: other file system\n" in tool(client, "status", status=1).stdout
    for words in (["umount"], ["mount", "--volume", volume.source]):
        assert refusal(client, *words)[0] == "WRONG_VOLUME"
    client.run(["umount", REAL_DIR])


def test_a_hung_mount_is_told_in_time(client: Client, volume: Volume) -> None:
    client.write_file(FILE, '[all]\nprobe_timeout = "1s"\n')
    tool(client, "mount", "--volume", volume.source)
    with stopped(client.fuse_client(REAL_DIR)):
        status = [TOOL, "status"]  # in time; at first the last good answer still counts
        await_condition(lambda: client.run(status, check=False, timeout=5).returncode, "ill")
        found = ask(client, "status", status=1)
        assert (found["state"], found["client"]["state"]) == ("hung", "T")
        said = tool(client, "status", status=1).stdout
        assert "state: hung\n" in said and "STOPPED" in said and "kill -CONT" in said
        assert refusal(client, "mount", "--volume", volume.source)[0] == "MOUNT_HUNG"
    await_condition(lambda: not client.processes_named("ganeti-gluster"), "no probe waits")
    assert ask(client, "status")["state"] == "well"
    tool(client, "umount")


def test_disks_hold_the_mount_unless_named_or_stale(
    client: Client, volume: Volume, driver: Driver
) -> None:
    driver("mount", volume.source)
    driver("hold", DISK)
    assert driver("release") == "held"
    client.run(["mkdir", LINKS])
    client.run(["ln", "-s", f"{STORAGE_DIR}/{DISK}", f"{LINKS}/instance1:0"])
    for words in (["umount"], ["umount", "--all-stale"]):
        code, message = refusal(client, *words)
        assert code == "EBUSY" and f"held by {DISK}" in message
    result = tool(client, "umount", "--drop-hold", DISK)
    assert result.stdout == f"dropped the hold of {DISK}\n{STORAGE_DIR} is unmounted\n"
    assert f"{DISK} is in use (links: instance1:0;" in result.stderr
    client.run(["rm", "-r", LINKS])
    assert f"no hold of {DISK}\n" in tool(client, "umount", "--drop-hold", DISK).stderr
    driver("mount", volume.source)
    driver("hold", DISK)
    assert driver("release") == "held"
    assert ask(client, "umount", "--all-stale")["dropped_holds"] == [DISK]


def test_settings_are_shown_with_the_line_they_come_from(client: Client, volume: Volume) -> None:
    assert refusal(client, "mount")[0] == "INVALID_SETTINGS"  # nothing names a volume
    lines = [f'default_volume = "{volume.source}"', "[volume.gv0]", 'log_level = "ERROR"']
    client.write_file(FILE, "\n".join(lines))
    for words, *shown in (([], "INFO", "default"), (["--volume", "gv0"], "ERROR", f"{FILE}:3")):
        answer = ask(client, "settings", *words)
        assert (answer["settings_file"], answer["default_volume"]) == (FILE, volume.source)
        row = ["log_level", *shown]
        assert row in [list(item.values()) for item in answer["settings"]]
        assert " ".join(row) in " ".join(tool(client, "settings", *words).stdout.split())
    assert ask(client, "mount")["volume"] == volume.source
    tool(client, "umount")
    client.write_file(FILE, '[all]\nprobe_timeout = "soon"\n')
    code, message = refusal(client, "settings")
    assert code == "INVALID_SETTINGS" and f"{FILE}:2" in message


def test_a_disk_is_made_shown_grown_and_removed(client: Client, volume: Volume) -> None:
    client.write_file(FILE, f'default_volume = "{volume.source}"\n')
    path = f"{STORAGE_DIR}/{DISK}"
    steps: list[tuple[str, dict[str, Any], str]] = [
        ("create {} --size 20M", {"size_bytes": 20 * MIB}, f"created {path}, 20M\n"),
        ("grow {} 0.5g --dry-run", {"dry_run": True}, f"would grow {path} from 20M to 532M\n"),
        ("grow {} 0.5g", {"size_bytes": 532 * MIB}, f"grew {path} from 20M to 532M\n"),
        ("info {}", {"size_bytes": 532 * MIB}, "size: 532M (557842432 bytes)\n"),
        ("rm -f {}", {"removed": True}, f"removed {path}\n"),
        ("rm -f {}", {"removed": False}, "nothing to remove: there is no image "),
    ]
    for line, result, _ in steps:
        answer = ask(client, "disk", *line.format(DISK).split())
        assert answer == {**answer, "disk": DISK, "volume": volume.source, **result}
        assert client.fuse_mounts() == [] and answer.get("allocated_bytes", 0) < MIB
        if line == "info {}":
            assert refusal(client, "disk", "create", DISK, "--size", "9")[0] == "EEXIST"
    for line, _, said in steps:
        assert said in tool(client, "disk", *line.format(DISK).split()).stdout
    assert refusal(client, "disk", "info", DISK)[0] == "ENOENT"
    assert refusal(client, "disk", "create", DISK, "--size", "1.5g")[0] == "ENOSPC"


def test_bad_arguments_touch_nothing(client: Client) -> None:
    mistakes = {
        "rm ../etc/passwd": "INVALID_DISK",
        "info ganeti/$(touch${IFS}/run/owned).0": "INVALID_DISK",
        f"rm {DISK};touch${{IFS}}/run/owned": "INVALID_DISK",
        f"create {DISK} --size 20X": "INVALID_SIZE",
        f"grow {DISK} -5M": "INVALID_SIZE",
        f"rename {DISK} ganeti/../x": "INVALID_DISK",
        f"info {DISK} --volume node1:/gv0;touch${{IFS}}/run/owned": "INVALID_VOLUME",
    }
    for line, code in mistakes.items():
        assert refusal(client, "disk", *line.split(), status=2)[0] == code
    assert client.run(["ls", "/run/ganeti-gluster", "/run/owned"], check=False).stdout == ""


def test_a_disk_is_removed_only_after_a_question_or_by_force(
    client: Client, gv0: Volume
) -> None:
    question = f"Remove {STORAGE_DIR}/{DISK} of {gv0.source} for good? y/[n]: "
    tool(client, "disk", "create", DISK, "--size", "1")
    code, message = refusal(client, "disk", "rm", DISK, status=13)
    assert code == "ECANCELED" and "no terminal; to do it without a question: --force" in message
    for answer, status, said in (("n", 13, "not confirmed"), ("", 13, "not"), ("y", 0, "removed ")):
        words = ["script", "-qec", f"{TOOL} disk rm {DISK}", "/dev/null"]
        asked = client.run(words, input=f"{answer}\n", check=False)
        assert asked.returncode == status and question in asked.stdout and said in asked.stdout
    assert refusal(client, "disk", "info", DISK)[0] == "ENOENT"


def test_a_terminal_gets_the_same_as_a_pipe_however_wide_it_is(client: Client, gv0: Volume) -> None:
    tool(client, "disk", "create", DISK, "--size", "1")
    for line in ("settings", "disk ls -o +path,created", "volume forms"):
        piped = tool(client, *line.split()).stdout
        for width in (80, 200):
            words = ["script", "-qec", f"stty cols {width}; {TOOL} {line}", "/dev/null"]
            said = client.run(words, env={"TERM": "xterm-256color"}).stdout
            assert said.replace("\r\n", "\n") == piped
        assert "\x1b" not in piped
    tool(client, "disk", "rm", "-f", DISK)


def test_the_command_line_is_explained(client: Client) -> None:
    lines = {
        "--help": (0, "Example: ganeti-gluster status\n"),
        "disk grow --help": (0, "--dry-run"),
        "--version": (0, "ganeti-gluster "),
        "": (1, "no command given"),
        "mont": (1, "unknown command 'mont'"),
        "disk ls --help": (0, "  allocated  space taken on each copy"),
        "disk ls -o disk,disc": (14, "no field 'disc'; the fields are disk, size, allocated"),
        "disk ls --units k": (2, "'k' is none of h, m, g, t"),
        "disk ls --separator=": (2, "--separator"),
        "disk create x --size 1 --preallocation on": (2, "none of off, falloc, full"),
        "disk resize": (1, "unknown command 'resize'"),
        "--jsn": (2, "unknown option '--jsn'"),
        "mount --port 24007": (2, "--volume"),
        "status --storage-dir run/x": (2, "absolute path"),
    }
    for line, (status, said) in lines.items():
        result = tool(client, *line.split(), status=status)
        texts = [result.stdout, result.stderr]
        assert said in texts[status > 0] and texts[status == 0] == ""
