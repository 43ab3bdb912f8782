# SPDX-License-Identifier: BSD-2-Clause
"""What systemd makes of our units on a node where the volume is mounted.

It does not run here; asked what it would start (`systemd --test`), it tells the order of all units, drop-ins and the
one that it makes of the mount included. What is started last is stopped first.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from driver import REAL_DIR, built
from testbed import Client, Volume

SOURCES = Path(__file__).resolve().parents[2] / "data/systemd"
BUILT = Path(built("data/systemd"))
FOLDER = "/run/units"
RUNTIME = "/run/units-runtime"
# It wants to see control groups, which the machine does not show, and refuses to be asked by root.
ASK = f"""
mount -t cgroup2 none /sys/fs/cgroup
export SYSTEMD_UNIT_PATH={FOLDER} XDG_RUNTIME_DIR={RUNTIME} HOME=/
exec setpriv --reuid=nobody --regid=nogroup --clear-groups \\
  /lib/systemd/systemd --test --system --unit=multi-user.target
"""
INIT_SCRIPT = """#!/bin/sh
### BEGIN INIT INFO
# Provides:          ganeti
# Required-Start:    $syslog $remote_fs
# Required-Stop:     $syslog $remote_fs
# Default-Start:     2 3 4 5
# Default-Stop:      0 1 6
### END INIT INFO
"""
# As of Ganeti's own examples of units.
NODED = "[Unit]\nConditionPathExists=/\n[Service]\nExecStart=/bin/true\nKillMode=process\n"
GUESTS, MOUNT = "ganeti-gluster-guests.service", "run-ganeti-gluster.mount"


def generate(client: Client, name: str) -> None:
    """Makes the unit that systemd makes of Debian's init script of that name, whose header is INIT_SCRIPT's."""
    client.run(["mkdir", "-p", "/run/init.d", "/run/rc/rc2.d"])
    client.write_file(f"/run/init.d/{name}", INIT_SCRIPT)
    client.run(["chmod", "+x", f"/run/init.d/{name}"])
    client.run(["ln", "-s", f"../../init.d/{name}", f"/run/rc/rc2.d/S01{name}"])
    paths = ["SYSTEMD_SYSVINIT_PATH=/run/init.d", "SYSTEMD_SYSVRCND_PATH=/run/rc"]
    generator = "/lib/systemd/system-generators/systemd-sysv-generator"
    client.run(["env", *paths, generator, FOLDER, FOLDER, FOLDER])


@pytest.fixture
def order(client: Client, volume: Volume) -> Iterator[dict[str, set[str]]]:
    """Of each unit those that are started before it, and so stopped after it."""
    folder = client.path(FOLDER)
    shutil.copytree("/lib/systemd/system", folder, symlinks=True)
    shutil.copy(BUILT / GUESTS, folder)
    for drop_in in SOURCES.glob("*.d"):
        shutil.copytree(drop_in, folder / drop_in.name)
    generate(client, "ganeti")
    (folder / "ganeti-noded.service").write_text(NODED)
    wanted = folder / "multi-user.target.wants"
    for unit in (GUESTS, "ganeti-noded.service", "glusterd.service"):
        (wanted / unit).symlink_to(f"../{unit}")
    client.run(["mkdir", "-m", "777", RUNTIME, "/run/systemd"])
    client.mount(volume.source, REAL_DIR)
    try:
        yield read_order(client.run(["unshare", "-m", "sh", "-euc", ASK]).stdout)
    finally:
        client.unmount(REAL_DIR)
        client.run(["rm", "-r", FOLDER, RUNTIME, "/run/systemd", "/run/init.d", "/run/rc"])


def read_order(said: str) -> dict[str, set[str]]:
    units: dict[str, set[str]] = {}
    unit = ""
    for line in said.splitlines():
        if found := re.match(r"\s*-> Unit (\S+):$", line):
            unit = found[1]
            units.setdefault(unit, set())
        elif found := re.match(r"\s*(After|Before): (\S+) ", line):
            later, earlier = (unit, found[2]) if found[1] == "After" else (found[2], unit)
            units.setdefault(later, set()).add(earlier)
    return units


def before(order: dict[str, set[str]], unit: str) -> set[str]:
    """All that is started before a unit."""
    found: set[str] = set()
    new = {unit}
    while new:
        found |= new
        new = {earlier for one in new for earlier in order.get(one, ())} - found
    return found - {unit}


def test_a_node_stops_guests_then_ganeti_the_mount_glusterd_and_the_network(
    order: dict[str, set[str]]
) -> None:
    below = {"glusterd.service", "network.target"}
    assert MOUNT in order and before(order, MOUNT) >= below
    for unit in ("ganeti.service", "ganeti-noded.service"):
        assert before(order, unit) >= {MOUNT, *below}
        assert unit in before(order, GUESTS)
