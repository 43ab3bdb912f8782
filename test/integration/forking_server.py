# SPDX-License-Identifier: BSD-2-Clause
"""Program: forking_server.py DRIVER: takes requests the way Ganeti's node daemon does.

Single-threaded, all of its memory locked, one forked child a request that leaves by os._exit, and
at most 20 children at once before it waits for one to end (Ganeti: http/server.py, HttpServer). A
request is one line on standard input, {"id": ..., "storage_dir": ..., "steps": [...]}; its child
writes one line, {"id": ..., "answers": [...]}, with what the driver said to each step.
"""

import ctypes
import json
import os
import subprocess
import sys

MAX_CHILDREN = 20
MCL_CURRENT_AND_FUTURE = 3


def serve(driver: str, line: str) -> None:
    """What one child does."""
    request = json.loads(line)
    steps = "".join(f"{step}\n" for step in request["steps"])
    result = subprocess.run(
        [driver, request["storage_dir"]], input=steps, stdout=subprocess.PIPE, text=True, check=True
    )
    answers = [json.loads(answer) for answer in result.stdout.splitlines()]
    text = json.dumps({"id": request["id"], "answers": answers}) + "\n"
    # One write, so that the lines of children that end together do not mix.
    os.write(sys.stdout.fileno(), text.encode())


def fork_child(driver: str, line: str) -> int:
    """Forks the child of a request and returns its pid."""
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        serve(driver, line)
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mlockall(MCL_CURRENT_AND_FUTURE):
        raise OSError(ctypes.get_errno(), "mlockall")
    children: set[int] = set()
    failed = False
    # Not `for line in sys.stdin`, whose children would share what it has read ahead.
    with os.fdopen(os.dup(0), "rb", buffering=0) as requests:
        while line := requests.readline():
            while len(children) >= MAX_CHILDREN:
                pid, status = os.wait()
                children.remove(pid)
                failed |= status != 0
            children.add(fork_child(sys.argv[1], line.decode()))
    while children:
        pid, status = os.wait()
        children.remove(pid)
        failed |= status != 0
    sys.exit(failed)


if __name__ == "__main__":
    main()
