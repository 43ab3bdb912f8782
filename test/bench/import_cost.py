#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""What importing our module costs Ganeti's node daemon: test/bench/import_cost.py [BUILD_DIR]

Needs root, and Ganeti to compare with:

    apt-get install --no-install-recommends ganeti-3.0

Each round is a process of its own that imports what the node daemon imports, locks its memory as it
does, and then imports ours. "own" is memory written and the text of our two objects, the same on
every machine; "private" what the kernel counts for this process alone, with the text of C++'s and
libmount's libraries unless others on the machine have them mapped, as systemd and QEMU have
libmount's; "locked" is all that was locked more. The time is processor time, so that a busy machine
tells the same.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median

GANETI = "/usr/share/ganeti/3.0"
ROUNDS = 9
TIME_LIMIT_MS = 10
MEMORY_LIMIT_KIB = 3 * 1024

ROUND = """
import json, re, sys, time
import ganeti.server.noded
from ganeti import utils

TEXT = {"Rss:": 1, "Anonymous:": -1}

def memory():
    found = {}
    for line in open("/proc/self/smaps_rollup"):
        name, _, value = line.partition(":")
        if name.startswith(("Private_", "Anonymous")):
            found[name] = int(value.split()[0])
    found["own"] = found.pop("Anonymous")
    path = ""
    for line in open("/proc/self/smaps"):
        words = line.split()
        if not words[0].endswith(":"):
            path = words[5] if len(words) > 5 else ""
        elif words[0] in TEXT and re.search("ganeti[-_]gluster", path):
            found["own"] += TEXT[words[0]] * int(words[1])
    status = open("/proc/self/status").read()
    found["locked"] = int(re.search(r"VmLck:\\s*(\\d+)", status)[1])
    found["private"] = found["Private_Clean"] + found["Private_Dirty"]
    found["threads"] = int(re.search(r"Threads:\\s*(\\d+)", status)[1])
    return found

utils.Mlockall()
before = memory()
if not before["locked"]:
    sys.exit("memory cannot be locked")
began = time.process_time()
for name in sys.argv[1:]:
    __import__(name)
milliseconds = (time.process_time() - began) * 1000
after = memory()
print(json.dumps({name: after[name] - before[name] for name in after} | {"ms": milliseconds}))
"""


def measure(build: Path, *modules: str) -> dict[str, float]:
    """Medians over the rounds of what importing these modules adds."""
    environment = {**os.environ, "PYTHONPATH": f"{build / 'bindings'}:{GANETI}"}
    rounds = [
        json.loads(
            subprocess.run(
                ["/usr/bin/python3", "-c", ROUND, *modules],
                env=environment,
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            ).stdout
        )
        for _ in range(ROUNDS)
    ]
    return {name: median(each[name] for each in rounds) for name in rounds[0]}


def main() -> None:
    build = Path(sys.argv[1] if len(sys.argv) > 1 else "build").resolve()
    print(
        f"{'import':<44} {'ms':>6} {'own KiB':>8} {'private KiB':>12} {'locked KiB':>11}"
        f" {'threads':>8}"
    )
    for modules in (["ganeti_gluster._native"], ["ganeti_gluster.backend"]):
        found = measure(build, *modules)
        print(
            f"{' '.join(modules):<44} {found['ms']:>6.1f} {found['own']:>8.0f}"
            f" {found['private']:>12.0f} {found['locked']:>11.0f} {found['threads']:>8.0f}"
        )
    print(f"{'limit':<44} {TIME_LIMIT_MS:>6} {MEMORY_LIMIT_KIB:>8} {'-':>12} {'-':>11} {0:>8}")


if __name__ == "__main__":
    main()
