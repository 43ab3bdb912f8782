# SPDX-License-Identifier: BSD-2-Clause
"""Support data: told on an ill node as on a well one, and without secrets."""

import json
from typing import Any

from driver import REAL_DIR, STORAGE_DIR
from test_tool import FILE, TOOL, ask, tool
from testbed import Client, Volume, await_condition
from testbed.faults import kill_fuse_client, stopped

# Longer than all limits of the parts together.
LIMIT = 180
PARTS = [
    "versions",
    "ganeti_files",
    "settings",
    "status",
    "backend",
    "space",
    "used_volumes",
    "mounts",
    "processes",
    "logs",
]
LOG = f"/var/log/glusterfs/{REAL_DIR[1:].replace('/', '-')}.log"


def report(client: Client) -> tuple[dict[str, Any], str]:
    """The parts that were told, and the report for people; both must end well."""
    said = client.run([TOOL, "report"], timeout=LIMIT).stdout
    assert said.isascii()
    answer = json.loads(client.run([TOOL, "report", "--json"], timeout=LIMIT).stdout)
    assert (answer["format_version"], answer["namespace_error"]) == (1, None)
    assert list(answer["parts"]) == PARTS
    assert [f"\n== {part} ==\n" in said for part in PARTS] == [True] * len(PARTS)
    return answer["parts"], said


def data(parts: dict[str, Any], left: tuple[str, ...] = ()) -> dict[str, Any]:
    """What the parts tell; those of `left` could not."""
    assert {name for name, part in parts.items() if part["error"]} == set(left)
    return {name: part["data"] for name, part in parts.items() if not part["error"]}


def test_a_well_node_is_reported_whole(client: Client, gv0: Volume) -> None:
    client.write_file("/var/lib/ganeti/ssconf_cluster_name", "cluster.example.com\n")
    tool(client, "mount")
    parts, said = report(client)
    told = data(parts)
    pid = client.fuse_client(REAL_DIR).namespace_pids[-1]
    kernel = client.run(["uname", "-r"]).stdout.strip()
    assert told["versions"]["kernel"].split()[1] == kernel
    assert told["versions"]["glusterfs"].startswith("glusterfs ")
    assert f"ganeti-gluster {told['versions']['ganeti_gluster']} on " in said
    assert told["ganeti_files"]["/var/lib/ganeti/ssconf_cluster_name"] == ["cluster.example.com"]
    assert told["ganeti_files"]["/etc/ganeti/file-storage-paths"] == [STORAGE_DIR]
    assert told["settings"]["settings"][0]["origin"] == f"{FILE}:1"
    status = ask(client, "status")
    assert {key: told["status"][key] for key in ("state", "volume", "mount")} == {
        key: status[key] for key in ("state", "volume", "mount")
    }
    assert set(status) == {*told["status"], *told["backend"], "usage"}
    assert told["space"] == status["usage"]
    assert told["used_volumes"] == [gv0.source]
    [row] = told["mounts"]
    assert f" {REAL_DIR} " in row and gv0.source in row
    assert row in client.run(["cat", "/proc/self/mountinfo"]).stdout
    assert [process["pid"] for process in told["processes"]] == [pid]
    log = client.path(LOG).read_text(errors="replace").splitlines()
    assert 0 < len(told["logs"][LOG]) <= 200 and told["logs"][LOG][-1][:30] == log[-1][:30]
    assert "\nstate: well\n" in said and f"\n{row}\n" in said
    tool(client, "umount")


def test_a_node_without_ganeti_and_without_a_mount_is_reported(client: Client) -> None:
    client.path("/etc/ganeti/file-storage-paths").unlink()
    told = data(report(client)[0])
    assert set(told["ganeti_files"].values()) == {None}
    assert (told["status"]["state"], told["status"]["storage_dir"]) == ("not_mounted", STORAGE_DIR)
    assert (told["mounts"], told["processes"], told["used_volumes"]) == ([], [], [])
    assert (told["space"], told["backend"]["node_daemon"]) == (None, None)


def test_a_dead_mount_is_reported(client: Client, gv0: Volume) -> None:
    tool(client, "mount")
    kill_fuse_client(client, REAL_DIR)
    told = data(report(client)[0])
    assert (told["status"]["state"], told["processes"]) == ("dead", [])
    assert f" {REAL_DIR} " in told["mounts"][0]
    tool(client, "umount")


def test_a_hung_mount_is_reported_in_time(client: Client, gv0: Volume) -> None:
    client.write_file(FILE, f'default_volume = "{gv0.source}"\n[all]\nprobe_timeout = "1s"\n')
    tool(client, "mount")
    with stopped(client.fuse_client(REAL_DIR)):
        status = [TOOL, "status"]  # at first the last good answer still counts
        await_condition(lambda: client.run(status, check=False, timeout=5).returncode, "ill")
        parts, said = report(client)
        told = data(parts)
        assert told["status"]["state"] == "hung" and "\nstate: hung\n" in said
        assert [process["state"] for process in told["processes"]] == ["T"]
        assert told["space"] is None
    await_condition(lambda: not client.processes_named("ganeti-gluster"), "no probe waits")
    tool(client, "umount")


def test_what_cannot_be_told_says_why_and_hides_nothing_else(
    client: Client, gv0: Volume
) -> None:
    client.write_file(FILE, "[all]\nprobe_timeout = 1\n")
    client.mount(gv0.source, REAL_DIR)
    parts, said = report(client)
    told = data(parts, left=("settings", "status", "space"))
    assert f"{FILE}:2" in parts["status"]["error"]
    assert f"\n== status ==\nNOT TOLD: {FILE}:2" in said
    assert f" {REAL_DIR} " in told["mounts"][0] and len(told["processes"]) == 1
    client.unmount(REAL_DIR)


def test_no_secret_is_reported(client: Client, gv0: Volume) -> None:
    secret = "Gahph7Ee"
    key = f"-----BEGIN PRIVATE KEY-----\n{secret}\n"
    client.run(["mkdir", "/var/lib/ganeti/rapi"])
    for path in ("rapi/users", "server.pem", "rapi.pem", "cluster-domain-secret", "config.data"):
        client.write_file(f"/var/lib/ganeti/{path}", key)
    client.write_file("/etc/ssl/glusterfs.key", key)
    tool(client, "mount")
    with client.path(LOG).open("a") as log:
        log.write(f"[t] E [a.c:1:f] 0-x: gluster://admin:{secret}@node1/gv0 refused\n")
        log.write(f"  7:     option password {secret}\n")
    parts, said = report(client)
    assert "gluster://***@node1/gv0 refused" in said and "option password ***" in said
    assert secret not in said and secret not in json.dumps(parts)
    assert "private keys" in said
    tool(client, "umount")
    client.path("/etc/ssl/glusterfs.key").unlink()
