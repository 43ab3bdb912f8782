# SPDX-License-Identifier: BSD-2-Clause
"""The mount table of a mount namespace, as the kernel tells it."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mount:
    """One row of mountinfo."""

    mount_id: int
    device: tuple[int, int]
    root: str
    target: str
    filesystem: str
    source: str


def _unescape(text: str) -> str:
    return re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), text)


def parse_mountinfo(text: str) -> list[Mount]:
    """Reads mountinfo (proc(5)) in the kernel's order: the topmost of a stack comes last."""
    rows = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        mount_id, _parent, device, root, target = left.split(" ")[:5]
        filesystem, source = right.split(" ")[:2]
        major, minor = device.split(":")
        rows.append(
            Mount(
                int(mount_id),
                (int(major), int(minor)),
                _unescape(root),
                _unescape(target),
                filesystem,
                _unescape(source),
            )
        )
    return rows


def mounts_of(pid: int) -> list[Mount]:
    """The mount table that the process `pid` lives in; empty if the process is gone."""
    try:
        return parse_mountinfo(Path(f"/proc/{pid}/mountinfo").read_text())
    except OSError:
        return []
