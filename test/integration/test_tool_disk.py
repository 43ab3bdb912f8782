# SPDX-License-Identifier: BSD-2-Clause
"""What administrators and scripts get from the commands on one disk."""

import os
import subprocess
import uuid
from collections.abc import Sequence

from driver import REAL_DIR, STORAGE_DIR
from images import MIB, disks_on_bricks
from test_tool import LINKS, TOOL, ask, refusal, tool
from testbed import Client, Volume, await_condition
from tool_disks import FOLDER, UUID, free, mounted


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
    assert ask(client, "disk", "rm", "-f", known["3"])["removed"]
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
        assert ask(client, "disk", "rm", "-f", name)["removed"]


def in_use(client: Client, gv0: Volume, disk: str, words: Sequence[str]) -> None:
    """A command is refused, and changes nothing, while this node uses the disk."""
    code, message = refusal(client, "disk", *words)
    assert code == "EBUSY" and "it is in use on this node" in message
    assert disk in disks_on_bricks(gv0)


def test_a_disk_in_use_without_a_mount_is_not_removed(
    client: Client, gv0: Volume, worker: None, disk: str
) -> None:
    tool(client, "disk", "create", disk, "--size", "1")
    # As QEMU, libvirt's QEMU and nbdkit have it in their command line.
    for form in (
        f"gluster://node1:24007/gv0/{disk}",
        f"driver=raw,file.driver=gluster,file.volume=gv0,file.path={disk}",
        '{"driver":"gluster","volume":"gv0","path":"' + disk + '"}',
        f"disk={disk}",
    ):
        with client.popen(["sh", "-c", "read line", form], stdin=subprocess.PIPE):
            code, message = refusal(client, "disk", "rm", "-f", disk)
        assert code == "EBUSY" and "it is in use on this node (links: ; processes: " in message
    client.run(["mkdir", LINKS])
    client.run(["ln", "-s", f"{STORAGE_DIR}/{disk}", f"{LINKS}/instance1:0"])
    code, message = refusal(client, "disk", "rename", disk, f"{disk[:-1]}1")
    assert code == "EBUSY" and "(links: instance1:0; processes: )" in message
    client.run(["rm", "-r", LINKS])
    # The shell that runs the command names the disk as well.
    client.run(["sh", "-c", f"{TOOL} disk rm -f {disk}; exit $?"])
    assert disk not in disks_on_bricks(gv0)
    assert not client.fuse_mounts()


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
        assert ask(client, "disk", "rm", "-f", disk)["removed"]
