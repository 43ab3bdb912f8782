# SPDX-License-Identifier: BSD-2-Clause
"""Guests are stopped when the node goes down, by what the unit and the init script run, and only then."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from testbed import Client, Command, await_condition

PROGRAM = Path(__file__).resolve().parents[2] / "data/systemd/stop-guests"
KVM = "/run/ganeti/kvm-hypervisor"
SYSTEMD = "/run/systemd/system"
# The program with another patience.
DRIVER = f"""
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType

program = ModuleType("program")
SourceFileLoader("program", {str(PROGRAM)!r}).exec_module(program)
program.SHUTDOWN_SECONDS = float(sys.argv[1])
sys.exit(program.main())
"""
GUEST = f"""
import os, socket
with socket.socket(socket.AF_UNIX) as monitor:
    monitor.bind("{KVM}/ctrl/inst1.monitor")
    monitor.listen()
    with open("{KVM}/pid/new", "w") as file:
        file.write(str(os.getpid()))
    os.rename("{KVM}/pid/new", "{KVM}/pid/inst1")
    connection, _ = monitor.accept()
    connection.sendall(b"QEMU monitor\\r\\n")
    connection.sendall(b"(qemu) ")
    while b"system_powerdown\\n" not in connection.recv(4096):
        pass
    connection.sendall(b"(qemu) ")
"""
AMPLE = 60  # seconds


@pytest.fixture
def machine(client: Client) -> Iterator[Client]:
    for folder in ("pid", "ctrl"):
        client.run(["mkdir", "-p", f"{KVM}/{folder}"])
    yield client
    client.run(["rm", "-r", KVM])


@contextmanager
def running(machine: Client, argv: list[str]) -> Iterator[Command]:
    started = machine.popen(argv)
    try:
        await_condition(machine.path(f"{KVM}/pid/inst1").exists, "the guest runs")
        yield started
    finally:
        started.end()


@pytest.fixture
def guest(machine: Client) -> Iterator[Command]:
    """What a guest looks like from outside whose operating system heeds its power button."""
    with running(machine, ["/usr/bin/python3", "-c", GUEST, "-name", "inst1"]) as started:
        yield started


@pytest.fixture
def deaf_guest(machine: Client) -> Iterator[Command]:
    """A machine without an operating system that could hear of its power button."""
    monitors = []
    for option in ("monitor", "qmp"):
        monitors += [f"-{option}", f"unix:{KVM}/ctrl/inst1.{option},server,nowait"]
    qemu = ["qemu-system-x86_64", "-name", "inst1", "-display", "none", "-m", "16", "-net", "none"]
    with running(machine, [*qemu, *monitors, "-pidfile", f"{KVM}/pid/inst1"]) as started:
        yield started


def stop_guests(machine: Client, patience: float = AMPLE, runlevel: str = "0", path: str = "") -> str:
    """What it says, as an init script calls it."""
    environment = {"RUNLEVEL": runlevel, "PATH": f"{path}:/usr/sbin:/usr/bin:/sbin:/bin"}
    words = ["/usr/bin/python3", "-B", "-c", DRIVER, str(patience)]  # nothing into the source tree
    return machine.run(words, env=environment, timeout=2 * AMPLE).stdout


def test_a_guest_is_asked_to_shut_down(machine: Client, guest: Command) -> None:
    assert stop_guests(machine) == "inst1: shutting down\n"
    assert guest.wait(AMPLE) == 0


def test_a_guest_that_does_not_hear_is_ended(machine: Client, deaf_guest: Command) -> None:
    path = machine.path(f"{KVM}/ctrl/inst1.qmp")
    await_condition(path.exists, "QEMU can be asked")
    with socket.socket(socket.AF_UNIX) as qmp:
        qmp.connect(str(path))
        qmp.settimeout(AMPLE)
        with qmp.makefile() as lines:
            assert "QMP" in json.loads(lines.readline())
            qmp.sendall(b'{"execute": "qmp_capabilities"}')
            assert "return" in json.loads(lines.readline())  # there are no events before
            said = stop_guests(machine, patience=0.5)
            events = [json.loads(line).get("event") for line in lines]
    assert said.endswith("inst1: did not shut down in 0.5 s, ending it\n")
    assert deaf_guest.wait(AMPLE) == 0
    # Its power button was pressed before.
    assert events[events.index("POWERDOWN") :][1:2] == ["SHUTDOWN"]


@pytest.mark.parametrize("runlevel", ["", "2", "1"])
def test_no_guest_is_stopped_on_a_node_that_goes_on_running(
    machine: Client, guest: Command, runlevel: str
) -> None:
    assert "no guest is stopped" in stop_guests(machine, runlevel=runlevel)
    assert guest.poll() is None


@pytest.mark.parametrize(("state", "stopped"), [("running", False), ("degraded", False), ("stopping", True)])
def test_under_systemd_guests_are_stopped_when_it_ends_everything(
    machine: Client, guest: Command, state: str, stopped: bool
) -> None:
    machine.run(["mkdir", "-p", SYSTEMD])
    machine.write_file(f"{KVM}/systemctl", f"#!/bin/sh\necho {state}\n")
    machine.run(["chmod", "+x", f"{KVM}/systemctl"])
    said = stop_guests(machine, runlevel="6", path=KVM)
    machine.run(["rm", "-r", "/run/systemd"])
    assert (said == "inst1: shutting down\n") == stopped
    assert ("no guest is stopped" in said) != stopped


def test_a_process_that_got_the_number_of_a_guest_is_left_alone(machine: Client) -> None:
    other = machine.popen(["sleep", "infinity"])
    try:
        machine.write_file(f"{KVM}/pid/inst1", f"{other.process.namespace_pids[-1]}\n")
        machine.write_file(f"{KVM}/pid/inst2", "no number\n")
        assert stop_guests(machine) == ""
        assert other.poll() is None
    finally:
        other.end()
