# SPDX-License-Identifier: BSD-2-Clause
"""The example of libganeti-gluster(3) does what it says."""

from driver import STORAGE_DIR, Driver, built
from images import MIB
from storage_disk import Disk
from test_tool import ask
from testbed import Client, Volume

PROGRAM = built("test/integration/one_disk")


def test_the_example_makes_a_disk_and_lets_it_grow(
    client: Client, gv0: Volume, driver: Driver, disk: str
) -> None:
    for mib in (384, 512):
        said = client.run([PROGRAM, gv0.source, disk]).stdout
        assert said == f"{STORAGE_DIR}/{disk}: {mib * MIB} bytes\n"
    assert client.fuse_mounts() == [] and ask(client, "status")["holds"] == []
    assert Disk(driver, gv0, disk)("remove")


def test_the_example_tells_what_went_wrong(client: Client, disk: str) -> None:
    result = client.run([PROGRAM, "node1:/nosuch", disk], check=False)
    assert (result.returncode, result.stdout) == (1, "")
    assert "the servers know no volume nosuch" in result.stderr
    result = client.run([PROGRAM, "node1:/gv0", "../etc/passwd"], check=False)
    assert result.returncode == 1 and result.stderr.startswith("INVALID_DISK: ")
