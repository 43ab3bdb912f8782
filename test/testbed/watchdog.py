# SPDX-License-Identifier: BSD-2-Clause
"""Keeps the hub's namespaces for as long as their owner lives, then clears everything away.

Program: watchdog.py READY_FD OWNER_PID SCRATCH KEEP. OWNER_PID 0 means no owner: the hub then
lives until this process gets SIGTERM. It stays in the host's namespaces, so that it can remove
the folder SCRATCH (only what is in it if KEEP is 1) after the hub is gone.

The owner is watched through a pidfd, not by end of file on a pipe: a child that the owner
forked would keep a pipe open. The hub's init is tied to this process by a pipe whose only
writing end is here, which has no race at start, unlike PR_SET_PDEATHSIG.
"""

import contextlib
import fcntl
import glob
import os
import select
import shutil
import signal
import subprocess
import sys
import time

POLL_INTERVAL = 0.02
LOOP_LIMIT = 10.0
# How long parents outside the hub may take to reap their children.
REAP_LIMIT = 3.0

# ioctl of a namespace's descriptor, of linux/nsfs.h.
NS_GET_PARENT = 0xB702


def spawn_hub(ready: int, lifeline: int) -> subprocess.Popen[bytes]:
    """Starts the hub's init in namespaces of its own."""
    here = os.path.dirname(os.path.abspath(__file__))
    return subprocess.Popen(
        ["unshare", "--mount", "--uts", "--pid", "--net", "--fork", "--kill-child",
         "--mount-proc", sys.executable, "-IS", f"{here}/init.py", str(ready), str(lifeline)],
        pass_fds=(ready, lifeline),
    )


def catch_sigterm() -> int:
    """Makes SIGTERM readable on the descriptor returned, instead of deadly."""
    wake_reader, wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(wake_writer)
    signal.signal(signal.SIGTERM, lambda *_: None)
    return wake_reader


def await_end(terminated: int, owner: int, hub: subprocess.Popen[bytes]) -> None:
    """Returns when the owner is gone, the hub is gone or SIGTERM came."""
    watched = [terminated, os.pidfd_open(hub.pid)]
    if owner:
        try:
            watched.append(os.pidfd_open(owner))
        except ProcessLookupError:
            return
        # The pid may have been recycled before the pidfd was opened.
        if os.getppid() != owner:
            return
    select.select(watched, [], [])


def pid_namespaces(path: str) -> list[int]:
    """The inode numbers of a pid namespace and of those it is nested in, as far as visible."""
    found = []
    with contextlib.ExitStack() as opened:
        try:
            namespace = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
            while True:
                opened.callback(os.close, namespace)
                found.append(os.fstat(namespace).st_ino)
                namespace = fcntl.ioctl(namespace, NS_GET_PARENT)
        except OSError:  # the process has ended, or this is our own namespace
            return found


def parents_outside(hub: int) -> list[int]:
    """The host's processes, mostly nsenter, whose children are born below the hub."""
    below = pid_namespaces(f"/proc/{hub}/ns/pid_for_children")[:1]  # unshare(1) is outside too
    return [
        pid
        for pid in map(int, filter(str.isdigit, os.listdir("/proc")))
        if pid != hub
        and set(below) & set(pid_namespaces(f"/proc/{pid}/ns/pid_for_children"))
        and not set(below) & set(pid_namespaces(f"/proc/{pid}/ns/pid"))
    ]


def send(pid: int, number: signal.Signals) -> None:
    """Sends a signal to a process that may be gone."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def end_hub(hub: subprocess.Popen[bytes]) -> None:
    """Kills the hub's init and waits until the kernel has emptied its pid namespace.

    unshare(1) sees its child's end only after every process of the namespace was reaped. That
    includes those whose parent is outside and may be stopped: nsenter stops with its child. One
    that does not reap after it was continued is killed, and the host's init reaps.
    """
    deadline = time.monotonic() + REAP_LIMIT
    while hub.poll() is None:
        with open(f"/proc/{hub.pid}/task/{hub.pid}/children", encoding="ascii") as children:
            for child in children.read().split():
                send(int(child), signal.SIGKILL)
        for parent in parents_outside(hub.pid):
            late = time.monotonic() > deadline
            send(parent, signal.SIGKILL if late else signal.SIGCONT)
        time.sleep(POLL_INTERVAL)


def loops_below(folder: str) -> list[str]:
    """The loop devices whose file lies below `folder`."""
    found = []
    for path in glob.glob("/sys/block/loop*/loop/backing_file"):
        try:
            with open(path, encoding="utf-8", errors="surrogateescape") as backing_file:
                if backing_file.read().startswith(f"{folder}/"):
                    found.append(path)
        except OSError:  # released meanwhile
            continue
    return found


def remove_scratch(folder: str, keep: bool) -> None:
    """Removes the folder, or only what is in it."""
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            shutil.rmtree(entry.path, ignore_errors=True)
        else:
            os.unlink(entry.path)
    if not keep:
        os.rmdir(folder)


def main() -> None:
    terminated = catch_sigterm()
    ready, owner = int(sys.argv[1]), int(sys.argv[2])
    scratch, keep = os.path.realpath(sys.argv[3]), sys.argv[4] == "1"
    lifeline, lifeline_writer = os.pipe()
    hub = spawn_hub(ready, lifeline)
    os.close(ready)
    os.close(lifeline)
    await_end(terminated, owner, hub)
    os.close(lifeline_writer)
    end_hub(hub)
    # The kernel frees loop devices a moment after the last mount namespace is gone.
    deadline = time.monotonic() + LOOP_LIMIT
    while loops_below(scratch) and time.monotonic() < deadline:
        time.sleep(POLL_INTERVAL)
    remove_scratch(scratch, keep)


if __name__ == "__main__":
    main()
