# SPDX-License-Identifier: BSD-2-Clause
"""Program: mount_watch_program.py: notes each change of the mount table that it lives in.

Answers each line of standard input by one of JSON: for each change since the last answer, the
targets of GlusterFS in the table right after it. What changes again before it was read is one
change. The kernel counts a change before the call that made it returns, so that none is missed.
"""

import json
import select
import sys

_TABLE = "/proc/self/mountinfo"


def _targets(text: str) -> list[str]:
    rows = [line.partition(" - ") for line in text.splitlines()]
    return [left.split()[4] for left, _, right in rows if right.startswith("fuse.glusterfs ")]


def main() -> None:
    changes: list[list[str]] = []
    with open(_TABLE) as table:
        both, alone = select.poll(), select.poll()
        for poll in (both, alone):
            poll.register(table, select.POLLPRI)
        both.register(sys.stdin, select.POLLIN | select.POLLHUP)
        table.read()
        alone.poll(0)  # the opening itself counts as one
        print(json.dumps(changes), flush=True)
        while True:
            ready = dict(both.poll())
            asked = sys.stdin.fileno() in ready
            if asked and not sys.stdin.readline():
                return
            # Looked at once more: what happened before the question may have come after the look.
            # Each look takes the news away.
            if table.fileno() in ready or alone.poll(0):
                table.seek(0)
                changes.append(_targets(table.read()))
            if asked:
                print(json.dumps(changes), flush=True)
                changes = []


if __name__ == "__main__":
    main()
