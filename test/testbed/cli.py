# SPDX-License-Identifier: BSD-2-Clause
"""The command line: a cluster that stays up until it is taken down."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from .cluster import Cluster
from .commands import CLEAN_ENVIRONMENT, CommandError
from .state import load_cluster, save_cluster
from .waiting import ConditionTimeout


def _up(options: argparse.Namespace) -> int:
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise LookupError(f"{folder} is not empty; take the cluster there down first")
    cluster = Cluster(
        options.nodes,
        options.clients,
        family=options.family,
        scratch=folder,
        overlays=tuple(options.overlay),
        owned=False,
    )
    cluster.up()
    try:
        for name in options.volume:
            cluster.create_volume(name, replica=options.replica or options.nodes)
        save_cluster(cluster)
    except BaseException:
        cluster.down()
        raise
    return 0


def _exec(options: argparse.Namespace) -> int:
    machine = load_cluster(options.folder).machine(options.machine)
    # A clean environment, but the terminal stays usable.
    environment = {**CLEAN_ENVIRONMENT, "TERM": os.environ.get("TERM", "dumb")}
    argv = [*machine.enter(), *(options.command or ["bash"])]
    sys.stdout.flush()
    os.execvpe(argv[0], argv, environment)


def _down(options: argparse.Namespace) -> int:
    load_cluster(options.folder).down()
    options.folder.rmdir()
    return 0


def _status(options: argparse.Namespace) -> int:
    cluster = load_cluster(options.folder)
    for machine in [*cluster.nodes, *cluster.clients]:
        print(f"{machine.name} {machine.address.ipv4} {machine.address.ipv6}")
    for volume in cluster.volumes.values():
        online = len(volume.online_bricks()) if volume.status() == "Started" else 0
        print(f"{volume.name} {volume.source} {online}/{len(volume.bricks)} bricks online")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="testbed", description="A GlusterFS cluster in namespaces of this machine."
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    up = verbs.add_parser("up", help="bring a cluster up; it stays until `down`")
    up.add_argument("folder", type=Path, metavar="DIR", help="its state; new or empty")
    up.add_argument("--nodes", type=int, default=3)
    up.add_argument("--clients", type=int, default=1)
    up.add_argument("--family", choices=("inet", "inet6"), default="inet")
    up.add_argument("--volume", action="append", default=[], metavar="NAME")
    up.add_argument("--replica", type=int, help="bricks of a set; default: one on each node")
    up.add_argument(
        "--overlay", action="append", default=[], metavar="FOLDER",
        help="a folder that machines may change without a trace on the host",
    )
    up.set_defaults(run=_up)

    execute = verbs.add_parser("exec", help="run a command in a machine; default: a shell")
    execute.add_argument("folder", type=Path, metavar="DIR")
    execute.add_argument("machine", help="node1, client1, ...")
    execute.add_argument("command", nargs="*", metavar="CMD")
    execute.set_defaults(run=_exec)

    for name, run, text in (
        ("down", _down, "end the cluster and remove DIR"),
        ("status", _status, "list machines and volumes"),
    ):
        verb = verbs.add_parser(name, help=text)
        verb.add_argument("folder", type=Path, metavar="DIR")
        verb.set_defaults(run=run)
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    options = _parser().parse_args(argv)
    options.folder = options.folder.resolve()
    try:
        return options.run(options)
    except (CommandError, ConditionTimeout, LookupError, OSError, RuntimeError) as error:
        print(f"testbed: {error}", file=sys.stderr)
        return 1
