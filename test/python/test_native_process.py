# SPDX-License-Identifier: BSD-2-Clause
"""The module in its process: what loading it does, threads, forks, the end of the interpreter."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from ganeti_gluster import _native

DISK = "ganeti/c5d5f1a2-9c9b-4d1c-8a4e-6f0a1b2c3d4e.0"
OTHER_DISK = "ganeti/c5d5f1a2-9c9b-4d1c-8a4e-6f0a1b2c3d4e.1"

# Holds a lock from its first line of output until its input ends.
HOLDER = """
import fcntl, sys
file = open(sys.argv[1], "a")
fcntl.flock(file, fcntl.LOCK_EX)
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def mounter(tmp_path: Path) -> _native.Mounter:
    """A storage dir with state, on which nothing is mounted."""
    (tmp_path / "gluster").mkdir()
    paths = _native.NodePaths(state_dir=str(tmp_path / "state"))
    mounter = _native.Mounter(str(tmp_path / "gluster"), paths=paths)
    mounter.drop_hold(DISK)  # makes the lock
    return mounter


@pytest.fixture
def unlock(mounter: _native.Mounter, tmp_path: Path) -> Iterator[Callable[[], None]]:
    """Another process has the storage dir's lock, until this is called."""
    (lock,) = (tmp_path / "state").glob("*/lock")
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(lock)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdin is not None and holder.stdout is not None
        assert holder.stdout.readline() == "locked\n"
        yield holder.stdin.close


@pytest.fixture
def no_switches() -> Iterator[None]:
    """A thread that has the GIL keeps it until it gives it away itself."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(600)
    yield
    sys.setswitchinterval(interval)


class Call(threading.Thread):
    """A call of the library in another thread; what it returned or raised."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__()
        self._call = call
        self.entered = threading.Event()
        self.outcome: object = None

    def run(self) -> None:
        self.entered.set()
        try:
            self.outcome = self._call()
        except _native.Error as error:
            self.outcome = error


def start(call: Callable[[], object]) -> Call:
    """Starts a call, and returns when it is under way: it has given the GIL away."""
    thread = Call(call)
    thread.start()
    thread.entered.wait()
    return thread


def storage(mounter: _native.Mounter) -> _native.GlusterStorage:
    return _native.GlusterStorage(mounter, _native.GlusterVolume(["node1"]), DISK)


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        (lambda mounter: mounter.drop_hold(DISK), False),
        (lambda mounter: mounter.move_hold(DISK, OTHER_DISK), None),
        (lambda mounter: mounter.unmount(), _native.Release.not_mounted),
        (lambda mounter: storage(mounter).close(), None),
        (lambda mounter: storage(mounter).shutdown(), None),
    ],
)
@pytest.mark.usefixtures("no_switches")
def test_other_threads_go_on_while_a_call_waits_for_a_lock(
    mounter: _native.Mounter,
    unlock: Callable[[], None],
    call: Callable[[_native.Mounter], object],
    outcome: object,
) -> None:
    waiting = start(lambda: call(mounter))
    counted = sum(1 for _ in range(100_000))
    assert (counted, waiting.is_alive()) == (100_000, True)
    unlock()
    waiting.join()
    assert waiting.outcome == outcome


def in_child(act: Callable[[], None]) -> int:
    """Exit status of a forked child that acts and leaves like a request of the node daemon."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException:
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@pytest.mark.usefixtures("no_switches")
def test_a_child_forked_while_a_call_waits_can_use_the_library(
    mounter: _native.Mounter, unlock: Callable[[], None], tmp_path: Path
) -> None:
    allowed = tmp_path / "file-storage-paths"
    allowed.write_text("relative\n")

    def use() -> None:
        try:
            _native.PathPolicy(str(allowed)).check("/srv/a")  # logs and raises
        except _native.PathPolicyError as error:
            assert error.code == "PATH_NOT_ALLOWED"
        assert mounter.status().lock_holder is None  # the holder is no process of the library

    waiting = start(lambda: mounter.drop_hold(DISK))
    assert in_child(use) == 0
    unlock()
    waiting.join()
    assert waiting.outcome is False


def test_a_child_of_a_child_can_use_the_library(
    mounter: _native.Mounter,
) -> None:
    def drop() -> None:
        assert mounter.drop_hold(DISK) is False

    def nested() -> None:
        drop()
        assert in_child(drop) == 0
        drop()

    assert in_child(nested) == 0


def run_python(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False
    )


def test_the_module_starts_no_thread_and_loads_no_libgfapi() -> None:
    script = """
import re
def threads():
    return re.search(r"Threads:\\s(\\d+)", open("/proc/self/status").read())[1]
before = threads()
from ganeti_gluster import _native
maps = open("/proc/self/maps").read()
print(before, threads(), "libganeti-gluster" in maps, "libgfapi" in maps)
"""
    result = run_python(script)
    assert result.stdout.split() == ["1", "1", "True", "False"], result.stderr


def test_the_package_alone_loads_nothing() -> None:
    script = """
import sys
before = set(sys.modules)
import ganeti_gluster
print(*sorted(set(sys.modules) - before))
print(ganeti_gluster.__version__)
"""
    modules, version = run_python(script).stdout.splitlines()
    assert modules == "ganeti_gluster"
    assert version == _native.__version__


# Checks a list when the module is nearly gone; one that is not in UTF-8 is worth a warning.
AT_THE_END = """
import sys
from ganeti_gluster import _native

def check(policy=_native.PathPolicy(sys.argv[1]), error=_native.PathPolicyError):
    try:
        policy.check("/srv/a")
    except error:
        pass

class Last:
    def __del__(self, check=check):
        check()

sys.last = Last()
"""


def test_what_is_logged_when_the_interpreter_ends_goes_to_standard_error(tmp_path: Path) -> None:
    allowed = tmp_path / "file-storage-paths"
    allowed.write_bytes(b"/srv/\xff\n")
    result = run_python(AT_THE_END, str(allowed))
    assert result.returncode == 0
    assert result.stderr == f"warning: {allowed} is not in UTF-8: as in Ganeti, it allows nothing\n"


def test_objects_alive_when_the_interpreter_ends_do_no_harm() -> None:
    script = """
from ganeti_gluster import _native
mounter = _native.Mounter("/srv/gluster")
disk = "ganeti/c5d5f1a2-9c9b-4d1c-8a4e-6f0a1b2c3d4e.0"
storage = _native.GlusterStorage(mounter, _native.GlusterVolume(["node1"]), disk)
"""
    result = run_python(script)
    assert (result.returncode, result.stderr) == (0, "")
