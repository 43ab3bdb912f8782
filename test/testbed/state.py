# SPDX-License-Identifier: BSD-2-Clause
"""A cluster written to a file, for commands that use it after the process that made it."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .client import Client
from .cluster import Cluster
from .hub import Hub
from .machine import Machine
from .network import Addresses
from .node import Node
from .processes import Process
from .volume import Brick, Volume

STATE_FILE = "state.json"


def _process_record(process: Process) -> dict[str, int]:
    return {"pid": process.pid, "start_time": process.start_time}


def _machine_record(machine: Machine) -> dict[str, Any]:
    return {
        "name": machine.name,
        "init": _process_record(machine.init),
        "address": asdict(machine.address),
        "log_folder": str(machine.log_folder),
    }


def _machine_arguments(record: dict[str, Any]) -> tuple[str, Process, Addresses, Path]:
    return (
        record["name"],
        Process(**record["init"]),
        Addresses(**record["address"]),
        Path(record["log_folder"]),
    )


def save_cluster(cluster: Cluster) -> None:
    """Writes what load_cluster needs into the cluster's scratch folder."""
    record = {
        "hub": _process_record(cluster.hub.init),
        "watchdog": _process_record(cluster.hub.watchdog),
        "family": cluster.family,
        "bricks": cluster.bricks_per_node,
        "nodes": [_machine_record(node) for node in cluster.nodes],
        "clients": [_machine_record(client) for client in cluster.clients],
        "volumes": {
            volume.name: [[brick.node.name, brick.path] for brick in volume.bricks]
            for volume in cluster.volumes.values()
        },
    }
    temporary = cluster.scratch / f"{STATE_FILE}.new"
    temporary.write_text(json.dumps(record, indent=2) + "\n")
    temporary.rename(cluster.scratch / STATE_FILE)


def load_cluster(folder: Path) -> Cluster:
    """The running cluster whose scratch folder this is; LookupError if there is none."""
    try:
        record = json.loads((folder / STATE_FILE).read_text())
    except FileNotFoundError:
        raise LookupError(f"no cluster is up in {folder}") from None
    hub = Hub(Process(**record["hub"]), Process(**record["watchdog"]), folder)
    if not hub.init.running:
        raise LookupError(f"the cluster of {folder} has ended")
    cluster = Cluster(
        len(record["nodes"]),
        len(record["clients"]),
        bricks=record["bricks"],
        family=record["family"],
        scratch=folder,
        owned=False,
    )
    nodes = [Node(*_machine_arguments(item)) for item in record["nodes"]]
    clients = [Client(*_machine_arguments(item)) for item in record["clients"]]
    cluster.adopt(hub, nodes, clients)
    by_name = {node.name: node for node in nodes}
    for name, bricks in record["volumes"].items():
        places = [Brick(by_name[node], path) for node, path in bricks]
        cluster.volumes[name] = Volume(cluster, name, places)
    return cluster
