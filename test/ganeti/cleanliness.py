# SPDX-License-Identifier: BSD-2-Clause
"""What must hold on the cluster whenever no job runs: each image and each mount has a need."""

import contextlib
import json
from collections import Counter

from testbed import ConditionTimeout, GanetiCluster, GanetiNode, Volume, await_condition
from testbed.ganeti_setup import STORAGE_DIR

REAL_DIR = "/run/ganeti/gluster"
LINK_DIR = "/run/ganeti/instance-disks"
STATE_DIR = "/run/ganeti-gluster"
# Where Ganeti's own backend makes a folder that nobody asked for.
STRAY_DIR = "/ganeti"
# What an idle node keeps: who had each lock last, and why mounting failed.
_KEPT = ("lock", "failure", "repair", "check--var-run-ganeti-gluster")


def known_disks(ganeti: GanetiCluster) -> Counter[str]:
    """The gluster disks in Ganeti's configuration, by their path on the volume."""
    config = json.loads(ganeti.master.path("/var/lib/ganeti/config.data").read_text())
    disks = config["disks"].values()
    return Counter(disk["logical_id"][1] for disk in disks if disk["dev_type"] == "gluster")


def files(volume: Volume) -> set[str]:
    """The files on a volume, as its bricks have them."""
    found: set[str] = set()
    for brick in volume.bricks:
        words = ["find", brick.path, "-path", f"{brick.path}/.glusterfs", "-prune"]
        output = brick.node.run([*words, "-o", "-type", "f", "-printf", "%P\\n"]).stdout
        found.update(output.splitlines())
    return found


def used_disks(node: GanetiNode) -> list[str]:
    """The links of gluster disks that Ganeti keeps on a node while an instance may use them."""
    words = ["find", LINK_DIR, "-lname", f"{STORAGE_DIR}/*"]
    return sorted(node.run(words, check=False).stdout.split())


def node_remains(node: GanetiNode) -> list[str]:
    """What is on a node without a need."""
    remains = []
    used = used_disks(node)
    mounts = [mount.target for mount in node.fuse_mounts()]
    clients = [str(client.process) for client in node.fuse_clients()]
    for what, found in (("mounts", mounts), ("clients", clients)):
        if len(found) > bool(used):
            remains.append(f"{node.name}: {what} {found} for {used}")
    if not used:
        state = node.run(["find", STATE_DIR, "-type", "f"], check=False).stdout.split()
        files = [path for path in state if path.rsplit("/", 1)[1] not in _KEPT]
        remains += [f"{node.name}: state {path}" for path in files]
    if not mounts:
        below = node.run(["find", REAL_DIR, "-mindepth", "1"], check=False).stdout.split()
        remains += [f"{node.name}: {path} in the bare directory" for path in below]
    if node.path(STRAY_DIR).exists():
        remains.append(f"{node.name}: {STRAY_DIR}")
    daemon = node.noded()
    requests = [item for item in node.processes() if item.argv == daemon.argv and item != daemon]
    return remains + [f"{node.name}: request {request}" for request in requests]


def remains(ganeti: GanetiCluster) -> list[str]:
    """What there is without a need on any node and any volume, and what is needed and is not."""
    found = Counter[str]()
    for volume in ganeti.cluster.volumes.values():
        found.update(files(volume))
    known = known_disks(ganeti)
    listed = [f"image without an instance: {path}" for path in (found - known).elements()]
    listed += [f"instance without its image: {path}" for path in (known - found).elements()]
    for node in ganeti.nodes:
        listed += node_remains(node)
    return listed


def settled_remains(ganeti: GanetiCluster, settle: float = 10.0) -> list[str]:
    """The same; what is ending anyway has up to `settle` seconds to do so."""
    with contextlib.suppress(ConditionTimeout):
        await_condition(lambda: not remains(ganeti), "the cluster is clean", settle, 0.5)
    return remains(ganeti)


def assert_clean(ganeti: GanetiCluster) -> None:
    """No image without an instance, no instance without its image, no mount without a need."""
    assert settled_remains(ganeti) == []


def clear_away(ganeti: GanetiCluster) -> None:
    """Removes every image, mount and record. To be called when Ganeti knows no instance."""
    for node in ganeti.nodes:
        for mount in reversed(node.fuse_mounts()):
            node.run(["umount", "--lazy", "--no-canonicalize", mount.target])
        node.run(["rm", "-rf", STATE_DIR, REAL_DIR, STRAY_DIR])
    for volume in ganeti.cluster.volumes.values():
        lines = ["set -e", "mkdir -p /run/cleared", "mount -t glusterfs $0 /run/cleared",
                 "find /run/cleared -type f -delete", "umount /run/cleared"]
        ganeti.master.run(["sh", "-c", "\n".join(lines), volume.source])
