# SPDX-License-Identifier: BSD-2-Clause
"""Ganeti 3.1's text for a disk in userspace, before and after the change for it, given to QEMU."""

import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from storage_disk import IMAGE_MIB, MIB
from testbed import Client, Cluster, Volume

CHANGE_GANETI = Path(__file__).resolve().parents[2] / "data/upstream/change-ganeti"
MODULE = "hypervisor/hv_kvm/kvm_utils.py"
# A function with the name, the arguments and the fault of Ganeti 3.1's, in Ganeti's indentation.
STAND_IN = '''\
def FlattenDict(d, parent_key="", sep="."):
  """Names of nested values, joined by dots."""
  flat = {}
  for name, v in d.items():
    joined = f"{parent_key}{sep}{name}" if parent_key else name
    nested = FlattenDict(v, joined, sep) if isinstance(v, dict) else {joined: v}
    flat.update(nested)
  return flat
'''


@pytest.fixture
def flatten(tmp_path: Path) -> Callable[[], Callable[[dict[str, Any]], dict[str, Any]]]:
    """Loads the stand-in as it is now."""
    path = tmp_path / MODULE
    path.parent.mkdir(parents=True)
    path.write_text(STAND_IN)

    def load() -> Callable[[dict[str, Any]], dict[str, Any]]:
        spec = importlib.util.spec_from_file_location("kvm_utils", path)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        function: Callable[[dict[str, Any]], dict[str, Any]] = module.FlattenDict
        return function

    return load


def blockdev(flat: dict[str, Any]) -> str:
    return ",".join(f"{name}={value}" for name, value in flat.items())


def ask_qemu(client: Client, text: str) -> subprocess.CompletedProcess[str]:
    """Starts QEMU with that block device and asks it what it has."""
    orders = ["qmp_capabilities", "query-named-block-nodes", "quit"]
    qemu = "qemu-system-x86_64 -machine none -nodefaults -display none -qmp stdio -blockdev".split()
    lines = "".join(json.dumps({"execute": order}) + "\n" for order in orders)
    return client.run([*qemu, text], input=lines, check=False)


def test_qemu_opens_a_disk_by_the_text_of_the_changed_function(
    client: Client,
    cluster: Cluster,
    volume: Volume,
    image: str,
    flatten: Callable[[], Callable[[dict[str, Any]], dict[str, Any]]],
    tmp_path: Path,
) -> None:
    host = cluster.nodes[0].address.ipv4
    device = {
        "driver": "raw",
        "node-name": "disk0",
        "cache": {"direct": "on"},
        "file": {
            "driver": "gluster",
            "server": [{"type": "inet", "host": host, "port": "24007"}],
            "volume": volume.name,
            "path": image,
        },
    }
    refused = ask_qemu(client, blockdev(flatten()(device)))
    assert refused.returncode != 0 and "Invalid parameter" in refused.stderr

    subprocess.run([sys.executable, CHANGE_GANETI, "blockdev-lists", tmp_path], check=True)
    text = blockdev(flatten()(device))
    server = f"file.server.0.type=inet,file.server.0.host={host},file.server.0.port=24007"
    assert f"file.driver=gluster,{server},file.volume={volume.name},file.path={image}" in text
    opened = ask_qemu(client, text)
    assert opened.returncode == 0, opened
    answers = [json.loads(line) for line in opened.stdout.splitlines()]
    nodes = next(answer["return"] for answer in answers if isinstance(answer.get("return"), list))
    sizes = {node["node-name"]: node["image"]["virtual-size"] for node in nodes}
    assert sizes["disk0"] == IMAGE_MIB * MIB
