# SPDX-License-Identifier: BSD-2-Clause
"""Checks and repairs that never pause, on each node, while Ganeti makes and removes disks there."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import crowd
from cleanliness import assert_clean
from testbed import GanetiCluster, GanetiNode

LOG = "/run/raced"
END = "/run/raced.end"
# Each check on a line of its own; none is killed in the middle of its work.
CHECKS = f"until [ -e {END} ]; do gluster-mount-check --format json | tr -d '\\n'; echo; done >{LOG}.$0"
REPAIRS = f"until [ -e {END} ]; do gluster-mount-check --repair; done >{LOG}.$0 2>&1"
LOOPS = {"one": CHECKS, "other": CHECKS, "repair": REPAIRS}


@contextmanager
def racing(node: GanetiNode) -> Iterator[None]:
    """Two checks and a repair at any time."""
    loops = [node.popen(["sh", "-c", loop, name]) for name, loop in LOOPS.items()]
    try:
        yield
    finally:
        node.write_file(END, "")
        for loop in loops:
            loop.wait(60)
        node.run(["rm", END])


def reports(node: GanetiNode) -> list[dict[str, Any]]:
    """What the checks have found."""
    texts = [node.path(f"{LOG}.{name}").read_text() for name in ("one", "other")]
    return [json.loads(line)["data"] for text in texts for line in text.splitlines()]


def test_checks_and_repairs_race_with_the_node_daemon(ganeti: GanetiCluster) -> None:
    crowd.come_and_go(ganeti, 2)  # so that each node knows the volume
    with ExitStack() as stack:
        for node in ganeti.nodes:
            stack.enter_context(racing(node))
        # Nothing fails, and each image is there once and has gone in the end.
        crowd.come_and_go(ganeti, 8)
    assert_clean(ganeti)
    for node in ganeti.nodes:
        found = reports(node)
        assert len(found) > 10
        assert {finding["code"] for report in found for finding in report["findings"]} == set()
        assert "failed:" not in node.path(f"{LOG}.repair").read_text()
