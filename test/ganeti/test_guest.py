# SPDX-License-Identifier: BSD-2-Clause
"""A guest with a kernel, all of whose storage is a disk on our backend."""

from pathlib import Path

import guest
from guest import Guest
from instances import Instances
from testbed import GanetiCluster


def test_a_guest_finds_its_data_after_live_migrations_and_a_restart(
    ganeti: GanetiCluster, instances: Instances, name: str, tmp_path: Path
) -> None:
    guest.add(ganeti, name, guest.make_image(tmp_path))
    running = Guest(ganeti, name)
    running.await_rounds()
    kept = running.find(r"^first wrote (\w+)\r?$")

    # An instance comes and goes on the same node.
    node = ganeti.node(1)
    mounted = (node.fuse_mounts(), node.fuse_clients())
    other = instances.add(f"other-{name}")
    instances.remove([other])
    assert (node.fuse_mounts(), node.fuse_clients()) == mounted
    running.await_rounds()

    for source, target in ((1, 2), (2, 1)):
        before = len(running.rounds())
        assert running.migrate(ganeti.node(target)) > before, "nothing was written meanwhile"
        assert ganeti.node(source).fuse_mounts() == []
        running.await_rounds()

    ganeti.master.gnt("instance", "stop", "--timeout=0", name)
    rounds = running.rounds()
    assert running.console().count("boot found") == 1
    assert [one.number for one in rounds] == list(range(1, len(rounds) + 1))
    assert [one.found for one in rounds] == [one.wrote for one in rounds]
    assert {one.kept for one in rounds} == {kept}
    for path in instances.images(name):
        guest.assert_on_image(path, rounds)

    ganeti.master.gnt("instance", "start", name)
    again = Guest(ganeti, name)
    again.await_rounds(1)
    assert again.find(r"boot found (\w+)") == kept
