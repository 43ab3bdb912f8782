# SPDX-License-Identifier: BSD-2-Clause
"""Ganeti's backend with our class in it, asked as the node daemon is, without a cluster."""

import json
import subprocess
from pathlib import Path
from typing import Any

from driver import STORAGE_DIR, built
from testbed import Machine, Volume

_PROGRAM = Path(__file__).with_name("node_program.py")
_LOG = "/run/node-program.log"
SSCONF = "/var/lib/ganeti/ssconf_gluster_storage_dir"


class RequestFailed(Exception):
    """The request failed as the node daemon reports failures."""


class RequestRaised(Exception):
    """Something came out of the request that the node daemon does not expect."""


class NodeDaemon:
    """Answers one request after the other; ends with the test that made it."""

    def __init__(self, machine: Machine) -> None:
        machine.write_file(SSCONF, STORAGE_DIR)
        machine.run(["mkdir", "-p", "/run/ganeti/instance-disks"])
        self.machine = machine
        self.command = machine.popen(
            ["/usr/bin/python3", "-B", str(_PROGRAM), _LOG],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PYTHONPATH": built("bindings")},
        )

    def send(self, call: str, *arguments: Any) -> None:
        """Sends a request without waiting for its answer; one that is killed gives none."""
        assert self.command.stdin is not None
        self.command.stdin.write(json.dumps({"call": call, "args": arguments}) + "\n")
        self.command.stdin.flush()

    def __call__(self, call: str, *arguments: Any) -> Any:
        """The result. Raises RequestFailed, or RequestRaised."""
        self.send(call, *arguments)
        assert self.command.stdout is not None
        line = self.command.stdout.readline()
        if not line:
            raise EOFError(f"the program ended: {self.command.communicate()}")
        answer = json.loads(line)
        if "failed" in answer:
            raise RequestFailed(answer["failed"])
        if "raised" in answer:
            raise RequestRaised(f"{answer['raised']}: {answer['text']}")
        return answer["ok"]

    def log(self) -> str:
        """What was logged until now."""
        return self.machine.path(_LOG).read_text()

    def end(self) -> None:
        """Lets the program end."""
        if self.command.poll() is None and self.command.stdin is not None:
            self.command.stdin.close()
            self.command.wait(timeout=60)
        self.command.end()


def ganeti_instance(name: str, *disks: dict[str, Any]) -> dict[str, Any]:
    """An instance as the master describes it in each request; its operating system is `probe`."""
    return {"instance": name, "disks": list(disks)}


def ganeti_disk(
    volume: Volume | str,
    disk: str,
    size_mib: int = 4,
    host: str = "node1",
    access: str = "kernelspace",
    **changed: Any,
) -> dict[str, Any]:
    """A disk as the master describes it in each request."""
    name = volume if isinstance(volume, str) else volume.name
    params = {"host": host, "port": 24007, "volume": name, "access": access}
    fields = {
        "dev_type": "gluster",
        "logical_id": ["loop", disk],
        "children": [],
        "size": size_mib,
        "mode": "rw",
        "iv_name": "disk/0",
        "name": None,
        "uuid": "c7b7e0a2-0f6c-4a55-9f58-0f5e6a1f1d11",
        "params": params,
        "dynamic_params": {},
    }
    return {"disk": {**fields, **changed}}
