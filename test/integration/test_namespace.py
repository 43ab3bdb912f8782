# SPDX-License-Identifier: BSD-2-Clause
"""The tool works where the node daemon sees its mounts, wherever it is started itself."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from driver import REAL_DIR, STORAGE_DIR, built
from testbed import Client, Mount, Process, Volume
from testbed.mounts import mounts_of

TOOL = built("tools/ganeti-gluster")
PID_FILE = "/run/ganeti/ganeti-noded.pid"
APART = ["unshare", "--mount"]


def state(client: Client, *before: str) -> str:
    """What status says, run behind these words."""
    answer = json.loads(client.run([*before, TOOL, "status", "--json"]).stdout)
    return str(answer["state"])


def volumes_seen_by(process: Process) -> list[Mount]:
    """The volumes on the storage dir of this process."""
    rows = mounts_of(process.pid)
    assert rows, f"{process} is gone"
    return [row for row in rows if (row.target, row.filesystem) == (REAL_DIR, "fuse.glusterfs")]


@contextmanager
def apart(client: Client, name: str) -> Iterator[Process]:
    """A process in a mount namespace of its own whose command line contains the name."""
    argv = [*APART, "sh", "-c", "echo apart; read line", f"/usr/sbin/{name}"]
    command = client.popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        assert command.stdout is not None
        assert command.stdout.readline() == "apart\n"
        process = command.process
        assert any(name in word for word in process.argv)
        assert client.run(["readlink", "/proc/1/ns/mnt"]).stdout != namespace(client, process)
        yield process
    finally:
        command.end()


def namespace(client: Client, process: Process) -> str:
    return client.run(["readlink", f"/proc/{process.namespace_pids[-1]}/ns/mnt"]).stdout


@contextmanager
def pid_file(client: Client, text: str) -> Iterator[None]:
    client.run(["mkdir", "-p", "/run/ganeti"])
    client.write_file(PID_FILE, text)
    try:
        yield
    finally:
        client.run(["rm", PID_FILE])


def test_a_mount_made_in_a_namespace_apart_is_that_of_process_1(
    client: Client, volume: Volume
) -> None:
    own = client.run([*APART, "readlink", "/proc/self/ns/mnt"]).stdout
    assert own != client.run(["readlink", "/proc/1/ns/mnt"]).stdout
    client.run([*APART, TOOL, "mount", "--volume", volume.source])
    assert len(volumes_seen_by(client.init)) == 1
    assert state(client) == state(client, *APART) == "well"
    client.run([*APART, TOOL, "umount"])
    assert volumes_seen_by(client.init) == []


def test_a_mount_is_that_of_the_node_daemon_where_one_runs(client: Client, volume: Volume) -> None:
    with apart(client, "ganeti-noded") as noded:
        with pid_file(client, f"{noded.namespace_pids[-1]}\n"):
            client.run([TOOL, "mount", "--volume", volume.source])
            assert (len(volumes_seen_by(noded)), volumes_seen_by(client.init)) == (1, [])
            assert state(client) == state(client, *APART) == "well"
            client.run([*APART, TOOL, "umount"])
            assert volumes_seen_by(noded) == []
            assert state(client) == "not_mounted"


def test_the_settings_of_the_node_daemons_namespace_are_in_force(
    client: Client, volume: Volume
) -> None:
    with apart(client, "ganeti-noded") as noded:
        pid = str(noded.namespace_pids[-1])
        inside = ["nsenter", f"--target={pid}", "--mount"]
        line = f'default_volume = "{volume.source}"'
        client.run([*inside, "mount", "-t", "tmpfs", "none", "/etc/ganeti"])
        client.run([*inside, "sh", "-c", f"echo '{line}' > /etc/ganeti/gluster.toml"])
        assert not client.path("/etc/ganeti/gluster.toml").exists()
        with pid_file(client, pid):
            settings = json.loads(client.run([TOOL, "settings", "--json"]).stdout)
            client.run([TOOL, "mount"])
            client.run([TOOL, "umount"])
            assert settings["default_volume"] == volume.source


@pytest.mark.parametrize("which", ["of another program", "of nobody", "no number"])
def test_a_pid_file_that_names_no_node_daemon_counts_for_nothing(
    client: Client, volume: Volume, which: str
) -> None:
    with apart(client, "ganeti-confd") as other:
        pid = other.namespace_pids[-1]
        text = {"of another program": f"{pid}\n", "of nobody": "4194303\n", "no number": "pid\n"}
        with pid_file(client, text[which]):
            client.run([TOOL, "mount", "--volume", volume.source])
            assert (len(volumes_seen_by(client.init)), volumes_seen_by(other)) == (1, [])
            client.run([TOOL, "umount"])


def test_whoever_may_not_enter_the_namespace_is_refused_and_mounts_nothing(
    client: Client, volume: Volume
) -> None:
    powerless = [*APART, "setpriv", "--bounding-set=-sys_admin", "--inh-caps=-sys_admin"]
    refused = client.run([*powerless, "umount", "/run"], check=False)
    assert refused.returncode != 0
    words = [TOOL, "mount", "--volume", volume.source, "--json"]
    result = client.run([*powerless, *words], check=False)
    assert result.returncode == 1
    assert json.loads(result.stdout)["error"]["code"] == "WRONG_NAMESPACE"
    assert volumes_seen_by(client.init) == []
    assert client.run(["ls", STORAGE_DIR], check=False).returncode != 0
