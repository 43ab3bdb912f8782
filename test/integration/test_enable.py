# SPDX-License-Identifier: BSD-2-Clause
"""Ganeti on a node is switched to our backend and back."""

import json

import pytest
from driver import REAL_DIR, STORAGE_DIR
from ganeti_machine import IN_FORCE, MODULE, ROOT
from switched_node import (
    STOCK,
    TOOL,
    SwitchedNode,
    installed,  # noqa: F401
    node,  # noqa: F401
    own_cluster,  # noqa: F401
)
from testbed import Cluster, Volume
from testbed.faults import killed_at_syscall, syscall_points

LINKS = "/run/ganeti/instance-disks"
DISK = "ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0"
# Each changes the state that a killed run leaves, in our tool and in dpkg's.
CALLS = "link,linkat,rename,renameat,unlinkat"


def test_a_node_is_switched_over_and_back(node: SwitchedNode) -> None:
    assert node.loaded() == "ganeti.storage.gluster"
    said = node.tool("enable")
    assert f"Ganeti 3.0 ({ROOT}/3.0): switched to ganeti-gluster\n" in said
    assert node.is_on() and node.loaded() == "ganeti_gluster.backend"
    assert node.verify() == ""
    assert "has ganeti-gluster already" in node.tool("enable")
    assert node.ask("enable")["ganeti"][0]["changed"] is False
    assert node.is_on()

    assert "switched back to its own module" in node.tool("disable")
    assert node.is_off() and node.loaded() == "ganeti.storage.gluster"
    assert "has its own module already" in node.tool("disable")
    assert node.ask("disable")["ganeti"][0]["changed"] is False


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_a_switch_killed_at_any_step_is_completed(node: SwitchedNode, command: str) -> None:
    prepare = {"enable": "disable", "disable": "enable"}[command]
    node.tool(prepare)
    points = syscall_points(node.machine, [TOOL, command], CALLS, timeout=300)
    assert len(points) > 4
    for point in points:
        node.tool(prepare)
        killed_at_syscall(node.machine, [TOOL, command], point, timeout=300)
        # At every moment a node daemon could start.
        assert node.read(IN_FORCE) in (node.ours, node.stock), point
        node.tool(command)
        assert node.is_on() if command == "enable" else node.is_off(), point


def test_status_tells_what_is_switched_on_and_loaded(node: SwitchedNode) -> None:
    def state() -> tuple[str, str | None, str | None]:
        answer = node.ask("status")
        [tree] = answer["ganeti"]
        daemon = answer["node_daemon"]
        return tree["backend"], daemon and daemon["ganeti_gluster"], answer["next"]

    backend, daemon, following = state()
    assert (backend, daemon) == ("stock", None) and "ganeti-gluster enable" in str(following)
    with node.daemon():
        assert state()[:2] == ("stock", "no")
        node.tool("enable")
        backend, daemon, following = state()
        assert (backend, daemon) == ("ours", "no") and "restart the node daemon" in str(following)
    with node.daemon() as daemon_process:
        assert state() == ("ours", "yes", None)
        said = node.tool("status")
        pid = daemon_process.process.namespace_pids[-1]
        assert f"node daemon: process {pid}, with ganeti-gluster\n" in said
        assert "ALSO REPLACED" in said and "left alone" not in said
        library = "/usr/local/lib/*/libganeti-gluster.so.*.*.*"
        node.shell(f"for f in {library}; do cp $f $f.new; mv $f.new $f; done")
        backend, daemon, following = state()
        assert (backend, daemon) == ("ours", "replaced") and "older" in str(following)
        node.shell("echo >/run/ganeti-gluster/kept")
        node.tool("disable")
        backend, daemon, following = state()
        assert backend == "stock" and "still uses ganeti-gluster" in str(following)
        assert "then repeat: ganeti-gluster disable" in str(following)
        assert node.exists("/run/ganeti-gluster/kept")  # its locks and holds, while it runs


def test_a_check_tells_what_of_it_is_not_in_force(node: SwitchedNode) -> None:
    def told() -> set[str]:
        words = ["/usr/local/sbin/gluster-mount-check", "--format", "json"]
        report = json.loads(node.machine.run(words, check=False).stdout)["data"]
        codes = {finding["code"] for finding in report["findings"]}
        return {code for code in codes if code.startswith(("BACKEND_", "DAEMON_"))}

    assert told() == {"BACKEND_INACTIVE"}
    with node.daemon():
        node.tool("enable")
        assert told() == {"DAEMON_OUTDATED"}
    with node.daemon():
        assert told() == set()
        library = "/usr/local/lib/*/libganeti-gluster.so.*.*.*"
        node.shell(f"for f in {library}; do cp $f $f.new; mv $f.new $f; done")
        assert told() == {"DAEMON_OUTDATED"}
        node.shell(f"echo '# of another version' >>{IN_FORCE}")
        assert told() == {"BACKEND_OUTDATED"}
        node.tool("enable")
        assert told() == {"DAEMON_OUTDATED"}


def test_a_package_installed_anew_leaves_our_module_in_place(node: SwitchedNode) -> None:
    again = node.build_package("3.0.2-3", ":")
    newer = node.build_package("3.0.2-4", f"echo '# newer' >>.{IN_FORCE}")
    node.tool("enable")
    node.run("dpkg", "-i", again)
    assert node.is_on() and node.loaded() == "ganeti_gluster.backend"
    node.run("dpkg", "-i", newer)
    assert node.read(IN_FORCE) == node.ours and node.read(STOCK).endswith("# newer\n")
    assert "has ganeti-gluster already" in node.tool("enable")
    node.tool("disable")
    assert node.read(IN_FORCE).endswith("# newer\n") and node.verify() == ""
    node.run("dpkg", "-i", again)


def test_a_second_version_is_seen_and_switched(node: SwitchedNode) -> None:
    node.tool("enable")
    node.shell(f"cp -a {ROOT}/3.0 {ROOT}/3.1; cp {STOCK} {ROOT}/3.1/{MODULE}")
    node.shell(f"rm {ROOT}/3.1/{MODULE}.ganeti-stock; ln -sfn {ROOT}/3.1 {ROOT}/default")
    answer = node.ask("status")
    found = [(tree["version"], tree["in_force"], tree["backend"]) for tree in answer["ganeti"]]
    assert found == [("3.0", False, "ours"), ("3.1", True, "stock")]
    assert "ganeti-gluster enable" in answer["next"]
    changed = [tree["changed"] for tree in node.ask("enable", "--again")["ganeti"]]
    assert changed == [False, True] and node.read(f"{ROOT}/3.1/{MODULE}") == node.ours
    node.tool("disable")
    assert node.read(f"{ROOT}/3.1/{MODULE}") == node.stock
    assert not node.exists(f"{ROOT}/3.1/{MODULE}.ganeti-stock")
    node.shell(f"rm -r {ROOT}/3.1 {ROOT}/default")


def test_enable_again_switches_nothing_on(node: SwitchedNode) -> None:
    assert node.tool("enable", "--again") == "" and node.is_off()
    assert node.ask("enable", "--again")["ganeti"] == []


def test_without_ganeti_there_is_only_our_state_to_take_away(node: SwitchedNode) -> None:
    node.shell(f"mv {ROOT}/3.0 {ROOT}/aside; mv {ROOT}/aside/{MODULE} {ROOT}/aside/module")
    node.shell("echo >/var/lib/ganeti-gluster/kept; mkdir /run/ganeti-gluster")
    assert node.tool("enable", "--again") == ""
    assert "cannot find Ganeti" in node.tool("enable", status=1)
    assert node.tool("disable") == "" and node.left() == []
    node.shell(f"mv {ROOT}/aside/module {ROOT}/aside/{MODULE}; mv {ROOT}/aside {ROOT}/3.0")


def test_a_module_changed_by_hand_is_refused(node: SwitchedNode) -> None:
    node.shell(f"echo '# by hand' >>{IN_FORCE}")
    assert "it was changed by hand" in node.tool("enable", status=1)
    assert node.ask("status")["ganeti"][0]["backend"] == "foreign"
    assert node.diversions() == "" and not node.exists(STOCK)
    node.machine.write_file(IN_FORCE, node.stock)
    node.tool("enable")
    node.shell(f"echo '# by hand' >{IN_FORCE}")
    for command in ("enable", "disable"):
        assert f"cp {STOCK} {IN_FORCE}" in node.tool(command, status=1)
    assert node.read(IN_FORCE) == "# by hand\n"
    node.run("cp", STOCK, IN_FORCE)


def test_disks_in_use_get_holds_and_keep_their_mount(
    node: SwitchedNode, own_cluster: Cluster
) -> None:
    volume: Volume = own_cluster.create_volume("gv0")
    machine = node.machine
    machine.mount(volume.source, REAL_DIR)  # as Ganeti's own module does
    node.shell(f"mkdir -p {REAL_DIR}/ganeti {LINKS}; truncate -s 1M {REAL_DIR}/{DISK}")
    node.shell(f"ln -s {STORAGE_DIR}/{DISK} {LINKS}/inst1.example.com:0")
    assert node.ask("enable")["holds"] == [DISK]
    [hold] = node.ask("status")["holds"]
    assert (hold["disk"], hold["reason"], hold["stale"]) == (DISK, "found", False)
    assert node.ask("enable")["holds"] == []
    [mount] = machine.fuse_mounts()
    node.tool("disable")
    assert machine.fuse_mounts() == [mount] and node.is_off()
    node.shell(f"rm -r {LINKS} {REAL_DIR}/{DISK}")
    machine.unmount(REAL_DIR)
    own_cluster.delete_volume("gv0")


def test_what_goes_on_by_itself_is_offered_until_it_is_switched_on(node: SwitchedNode) -> None:
    said = node.tool("enable")
    offers = node.ask("enable")["offers"]
    assert [offer["what"].split()[0] for offer in offers] == ["a", "guests", "gnt-cluster", "checks,"]
    for offer in offers:
        assert f"  # {offer['what']}\n  {offer['command']}\n" in said
        node.shell(offer["command"])
    assert node.ask("enable")["offers"] == [] and "as well" not in node.tool("enable")
    made = ["/etc/cron.d/ganeti-gluster-check", "/etc/init.d/ganeti-gluster-guests", "/etc/ganeti/hooks"]
    node.run("rm", "-r", *made)
    node.run("update-rc.d", "ganeti-gluster-guests", "remove")


def test_a_node_with_systemd_is_offered_units(node: SwitchedNode) -> None:
    node.run("mkdir", "-p", "/run/systemd/system")
    units = {"ganeti-gluster-check.timer", "ganeti-gluster-guests.service"}
    offered = {
        offer["command"].removeprefix("systemctl enable --now ")
        for offer in node.ask("enable")["offers"]
        if offer["command"].startswith("systemctl")
    }
    assert offered == units
    # As above, but for what only a running systemd can do.
    node.run("systemctl", "--root=/", "enable", *units)
    commands = [offer["command"] for offer in node.ask("enable")["offers"]]
    assert len(commands) == 2 and not any("systemctl" in command for command in commands)
    node.run("systemctl", "--root=/", "disable", *units)
    node.run("rmdir", "/run/systemd/system", "/run/systemd")
