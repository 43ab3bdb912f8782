# SPDX-License-Identifier: BSD-2-Clause
"""Many instances at once, added and removed by jobs that run in parallel."""

import re
from collections.abc import Sequence

from cleanliness import files, known_disks
from instances import MAKE
from testbed import GanetiCluster, await_condition

# A job for each line of the input, whose words are the last ones of its command.
_SUBMIT = ("xargs", "-L1", "-P4", "gnt-instance")
_ADD = ("add", "--submit", *MAKE, "--no-install", "-t", "gluster", "-s", "4m")
_REMOVE = ("remove", "--submit", "-f", "--shutdown-timeout=0")
_ENDED = {"success", "error", "canceled"}


def _submit(ganeti: GanetiCluster, words: Sequence[str], lines: Sequence[str]) -> list[str]:
    """The numbers of the jobs."""
    text = "".join(f"{line}\n" for line in lines)
    # On a terminal or not, the numbers are on standard error.
    said = ganeti.master.run([*_SUBMIT, *words], input=text, timeout=600).stderr
    jobs = re.findall(r"^JobID: (\d+)$", said, re.MULTILINE)
    assert len(jobs) == len(lines), said
    return jobs


def add(ganeti: GanetiCluster, names: Sequence[str], *words: str) -> list[str]:
    """Submits jobs that add instances, on the nodes in turn."""
    nodes = ganeti.nodes
    lines = [f"-n {nodes[i % len(nodes)].full_name} {name}" for i, name in enumerate(names)]
    return _submit(ganeti, [*_ADD, *words], lines)


def remove(ganeti: GanetiCluster, names: Sequence[str]) -> list[str]:
    """Submits jobs that remove instances."""
    return _submit(ganeti, _REMOVE, names)


def failures(ganeti: GanetiCluster, jobs: Sequence[str], timeout: float = 300.0) -> list[str]:
    """Waits until jobs have ended, and returns what those that failed say."""
    fields = ["--no-headers", "--separator=|", "-o", "status,summary,opresult"]

    def ended() -> list[str]:
        # It fails if a job did.
        lines = ganeti.master.gnt("job", "list", *fields, *jobs, check=False).stdout.splitlines()
        return lines if {line.split("|")[0] for line in lines} <= _ENDED else []

    lines: list[str] = await_condition(ended, f"{len(jobs)} jobs have ended", timeout, 1.0)
    assert len(lines) == len(jobs)
    return [line for line in lines if not line.startswith("success|")]


def come_and_go(ganeti: GanetiCluster, count: int, timeout: float = 300.0) -> None:
    """Adds `count` instances, the second half while the first is removed, and removes them all."""
    names = [f"crowd{number}.example.com" for number in range(count)]
    first, second = names[: count // 2], names[count // 2 :]
    assert failures(ganeti, add(ganeti, first), timeout) == []
    # What is only made mounts the volume for a moment.
    jobs = add(ganeti, second, "--no-start") + remove(ganeti, first)
    assert failures(ganeti, jobs, timeout) == []
    known = known_disks(ganeti)
    assert len(known) == len(second) and files(ganeti.volume) == set(known)
    assert failures(ganeti, remove(ganeti, second), timeout) == []
    assert not known_disks(ganeti) and not files(ganeti.volume)
