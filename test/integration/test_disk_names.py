# SPDX-License-Identifier: BSD-2-Clause
"""Names that are not exactly a disk's are refused before anything is mounted, made or looked at."""

import json

import pytest
from driver import REAL_DIR, Driver, built
from images import code_of, complete, disks_on_bricks, empty_folder, sizes
from testbed import Client, Volume

UUID = "01234567-89ab-4cde-8f01-23456789abcd"
GOOD = f"ganeti/{UUID}.0"
NAMES = [
    "",
    "ganeti",
    "ganeti/",
    "ganeti/..",
    "ganeti/../x",
    "../ganeti/..",
    f"../ganeti/{UUID}.0",
    "/etc/passwd",
    f"/ganeti/{UUID}.0",
    f"{REAL_DIR}/ganeti/{UUID}.0",
    f"./ganeti/{UUID}.0",
    f"ganeti//{UUID}.0",
    f"ganeti/./{UUID}.0",
    f"ganeti/{UUID}.0/",
    f"ganeti/{UUID}.0/..",
    f"ganeti/{UUID}.0/../../x",
    f"ganeti/x/{UUID}.0",
    f"other/{UUID}.0",
    f"Ganeti/{UUID}.0",
    f"{UUID}.0",
    f"ganeti/{UUID}",
    f"ganeti/{UUID}.",
    f"ganeti/{UUID}.00",
    f"ganeti/{UUID}.01",
    f"ganeti/{UUID}.-1",
    f"ganeti/{UUID}.+1",
    f"ganeti/{UUID}.0x0",
    f"ganeti/{UUID}.0.0",
    f"ganeti/{UUID}.123456",
    f"ganeti/{UUID}.\u0663",
    f"ganeti/{UUID.upper()}.0",
    f"ganeti/{UUID.replace('-', '')}.0",
    f"ganeti/{UUID[:-1]}.0",
    f"ganeti/{UUID}0.0",
    f"ganeti/{UUID}.0\n",
    f"ganeti/{UUID}.0\n/etc/passwd",
    f"\nganeti/{UUID}.0",
    f"ganeti/{UUID}.0\r",
    f" ganeti/{UUID}.0",
    f"ganeti/{UUID}.0 ",
    "ganeti/*",
]
# The tool's commands that take one; rename takes a second.
COMMANDS = (
    lambda name: ["info", name],
    lambda name: ["create", "--size=1", name],
    lambda name: ["grow", name, "1"],
    lambda name: ["rm", name],
    lambda name: ["rename", name, GOOD],
    lambda name: ["rename", GOOD, name],
)


def mounts_tried(client: Client) -> int:
    """How many clients were ever started on the storage dir."""
    log = client.log_folder / "run-ganeti-gluster.log"
    return log.read_text().count("Started running") if log.exists() else 0


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_the_tool_refuses_what_is_no_disk_s_name_and_tries_no_mount(
    client: Client, volume: Volume, name: str
) -> None:
    before = mounts_tried(client)
    for command in COMMANDS:
        words = [built("tools/ganeti-gluster"), "disk", *command(name), "--json"]
        result = client.run([*words, "--volume", volume.source], check=False)
        assert result.returncode == 2, result
        error = json.loads(result.stdout)["error"]
        assert error["code"] == "INVALID_DISK"
        assert error["message"].isprintable()
    assert mounts_tried(client) == before
    assert not client.path("/run/ganeti-gluster").exists()  # not even the lock was made


@pytest.mark.parametrize(
    "name", [f"{GOOD}\0", f"{GOOD}\0/..", "ganeti/../x", f"../{GOOD}"], ids=repr
)
def test_the_library_refuses_it_with_and_without_a_mount(
    client: Client, volume: Volume, driver: Driver, name: str
) -> None:
    works = [("create", name, 1), ("exists", name), ("grow", name, 1), ("remove", name)]
    for words in [*works, ("disk", "storage", volume.source, name)]:
        assert code_of(driver, *words) == "INVALID_DISK"
    assert client.fuse_mounts() == []
    driver("mount", volume.source)
    empty_folder(client)
    driver("create", GOOD, 1)
    for words in [*works, ("move", GOOD, name), ("move", name, GOOD)]:
        assert code_of(driver, *words) == "INVALID_DISK"
    assert disks_on_bricks(volume) == [GOOD]
    assert sizes(volume, GOOD) == complete(volume, 1)
    assert driver("remove", GOOD)
