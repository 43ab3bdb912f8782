# SPDX-License-Identifier: BSD-2-Clause
"""First process of a pid namespace: says that it is there, then reaps orphans.

Program: init.py READY_FD [LIFELINE_FD]. One message on READY_FD carries, as the sender's
credentials, this process's pid to whoever waits at the other end; the kernel translates it into
the receiver's pid namespace. At end of file on LIFELINE_FD it exits, and the kernel then kills
every process of the namespace and of those nested in it.
"""

import os
import select
import signal
import socket
import sys


def reap() -> None:
    """Collects every child that has ended."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main() -> None:
    ready = int(sys.argv[1])
    lifeline = int(sys.argv[2]) if len(sys.argv) > 2 else None
    wake_reader, wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_writer, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)

    with socket.socket(fileno=ready) as waiter:
        waiter.send(b"ready")

    watched = [wake_reader] if lifeline is None else [wake_reader, lifeline]
    while True:
        reap()
        readable = select.select(watched, [], [])[0]
        if lifeline in readable:
            os._exit(0)
        os.read(wake_reader, 4096)


if __name__ == "__main__":
    main()
