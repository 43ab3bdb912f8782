# SPDX-License-Identifier: BSD-2-Clause
"""One disk's life on a private GlusterFS cluster, shown step by step; started by tools/quickstart."""

import argparse
import shlex
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test"))

from testbed import (  # noqa: E402
    Client,
    Cluster,
    CommandError,
    ConditionTimeout,
    GiB,
    Leftovers,
    Machine,
)
from testbed.state import save_cluster  # noqa: E402

DISK = "ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.0"
FAILURES = (CommandError, ConditionTimeout, subprocess.TimeoutExpired, RuntimeError, OSError)
SETTINGS_FILE = "/etc/ganeti/gluster.toml"
BRICK_SIZE = 4 * GiB  # of a sparse file: it takes what is written
SETTINGS = 'default_volume = "node1,node2,node3:/gv0"\n'


class UnexpectedResult(Exception):
    """A step did not end as the quickstart says."""


class Shell:
    """Runs commands in machines and shows each with its result."""

    def __init__(self, tool: Path) -> None:
        self._tool = tool
        self._bold, self._plain = ("\033[1m", "\033[0m") if sys.stdout.isatty() else ("", "")

    def say(self, text: str) -> None:
        """Announces what comes."""
        print(f"\n{self._bold}# {text}{self._plain}", flush=True)

    def run(self, machine: Machine, command: str, *, fails: bool = False) -> None:
        """Runs a command line; raises UnexpectedResult unless it succeeds, or fails if it is to."""
        print(f"{self._bold}{machine.name}$ {command}{self._plain}", flush=True)
        words = shlex.split(command)
        if words[0] == "ganeti-gluster":
            words[0] = str(self._tool)
        result = machine.run(words, check=False, timeout=120)
        print(result.stdout + result.stderr, end="", flush=True)
        if fails:
            print(f"(exit status {result.returncode})", flush=True)
        if bool(result.returncode) != fails:
            raise UnexpectedResult(f"{command}: exit status {result.returncode}")


def show_life(shell: Shell, cluster: Cluster) -> None:
    """Mounts, creates, grows, removes, unmounts, and fails twice on purpose."""
    client = cluster.client

    shell.say(f"A node of a Ganeti cluster. {SETTINGS_FILE} names the volume; nothing is mounted yet.")
    shell.run(client, f"cat {SETTINGS_FILE}")
    shell.run(client, "ganeti-gluster status")

    shell.say("Mount the volume and keep it mounted. A second time is no error.")
    shell.run(client, "ganeti-gluster mount")
    shell.run(client, "ganeti-gluster mount")
    shell.run(client, "ganeti-gluster status")

    shell.say("One disk: create it, look at it, grow it.")
    shell.run(client, f"ganeti-gluster disk create {DISK} --size 1G")
    shell.run(client, f"ganeti-gluster disk info {DISK}")
    shell.run(client, f"ganeti-gluster disk grow {DISK} 512M")
    shell.run(client, f"ganeti-gluster disk info {DISK}")

    shell.say("What the three bricks hold: the image, sparse, on each of them.")
    for brick in cluster.volumes["gv0"].bricks:
        shell.run(brick.node, f"ls -ls {brick.path}/{DISK}")

    shell.say("A failure explains itself: the disk exists, and an image is never replaced.")
    shell.run(client, f"ganeti-gluster disk create {DISK} --size 1G", fails=True)

    shell.say("Remove the disk. A second time is no error.")
    shell.run(client, f"ganeti-gluster disk rm -f {DISK}")
    shell.run(client, f"ganeti-gluster disk rm -f {DISK}")

    shell.say("Give the mount back.")
    shell.run(client, "ganeti-gluster umount")
    shell.run(client, "ganeti-gluster status")

    shell.say("Another failure: a volume that does not exist.")
    shell.run(client, "ganeti-gluster mount --volume node1:/gv1", fails=True)


def check_nothing_is_left(client: Client) -> None:
    """Raises UnexpectedResult if a mount or a process is left on the client."""
    left = client.leftovers(settle=5)
    if left != Leftovers():
        raise UnexpectedResult(f"left on {client.name}: {left}")


def bring_up(cluster: Cluster) -> None:
    """A replicated volume of three bricks and a client with a settings file."""
    cluster.create_volume("gv0", replica=3)
    cluster.client.write_file(SETTINGS_FILE, SETTINGS)


def explain_use(folder: Path, tool: Path) -> None:
    """How the cluster that stays up is used and ended."""
    testbed = ROOT / "test" / "testbed" / "testbed"
    print(
        f"\nThe cluster stays up. Use it:\n"
        f"  sudo {testbed} exec {folder} client1 -- {tool} status\n"
        f"  sudo {testbed} exec {folder} client1        # a shell; node1 to node3 likewise\n"
        f"  sudo {testbed} status {folder}\n"
        f"End it:\n"
        f"  sudo {testbed} down {folder}"
    )


def keep_up(shell: Shell, tool: Path) -> None:
    """The same on a cluster that is only taken down if something goes wrong."""
    folder = Path(tempfile.mkdtemp(prefix="ganeti-gluster-"))
    cluster = Cluster(nodes=3, clients=1, brick_size=BRICK_SIZE, scratch=folder, owned=False)
    try:
        cluster.up()
        bring_up(cluster)
        save_cluster(cluster)
        show_life(shell, cluster)
        explain_use(folder, tool)
    except BaseException:
        cluster.down()
        if folder.is_dir():
            folder.rmdir()
        raise


def main() -> int:
    """0 if every step ended as it should."""
    parser = argparse.ArgumentParser(prog="tools/quickstart")
    parser.add_argument("build", type=Path)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    tool = options.build / "tools" / "ganeti-gluster"
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda got, _: sys.exit(128 + got))

    shell = Shell(tool)
    shell.say("Three nodes, a volume with a copy on each, and a client: all of it on this machine.")
    try:
        if options.keep:
            keep_up(shell, tool)
        else:
            with Cluster(nodes=3, clients=1, brick_size=BRICK_SIZE) as cluster:
                bring_up(cluster)
                show_life(shell, cluster)
                check_nothing_is_left(cluster.client)
            print("\nThe cluster is gone. Read on in README.md; --keep leaves it up for your own steps.")
    except KeyboardInterrupt:
        print("\nquickstart: interrupted, the cluster is gone", file=sys.stderr)
        return 130
    except (UnexpectedResult, *FAILURES) as error:
        print(f"quickstart: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
