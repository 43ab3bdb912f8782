# SPDX-License-Identifier: BSD-2-Clause
"""The hook of Ganeti's watcher ends whatever the check does, and says what came of it.

It runs as the watcher runs it: whoever waits for its output waits for every process that has it.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from testbed import await_condition

HOOK = Path(__file__).resolve().parents[2] / "data/hooks/watcher/50-ganeti-gluster"
ENDLESS = 60  # seconds, for what does not end by itself
# The hook with other limits, and with its standard output for a log.
DRIVER = f"""
import sys
import time
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

hook = ModuleType("hook")
SourceFileLoader("hook", {str(HOOK)!r}).exec_module(hook)
hook.syslog.syslog = lambda text: print(text, flush=True)
limit, last, marker, started = sys.argv[1:]


class Started(hook.subprocess.Popen):
    # The time begins when the check is where the test wants it.

    def wait(self, timeout=None):
        while started and not Path(started).exists():
            time.sleep(0.01)
        return super().wait(timeout)


hook.subprocess.Popen = Started
hook.LIMIT_SECONDS, hook.LAST_SECONDS = float(limit), int(last)
hook.ASKED_FOR_REPAIR = Path(marker)
sys.exit(hook.main())
"""


class Hook:
    """Runs the hook with a `gluster-mount-check` of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.marker = folder / "gluster-repair"
        self.pid = folder / "pid"

    def check(self, script: str) -> None:
        path = self.folder / "gluster-mount-check"
        path.write_text(f"#!/bin/sh\n{script}\n")
        os.chmod(path, 0o755)

    def run(
        self, *, limit: float = ENDLESS, last: int = ENDLESS, started: bool = False
    ) -> tuple[int, str]:
        """Exit status and what it said. If @p started, the check has to write a number to the file `pid`."""
        files = [str(self.marker), str(self.pid) if started else ""]
        result = subprocess.run(
            [sys.executable, "-c", DRIVER, str(limit), str(last), *files],
            cwd=self.folder,
            env={**os.environ, "PATH": f"{self.folder}:/usr/bin:/bin"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=ENDLESS,
            check=False,
        )
        return result.returncode, result.stdout

    def left_process(self) -> int:
        """The process of that number."""
        return int(self.pid.read_text())


def has_ended(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Hook]:
    hook = Hook(tmp_path)
    yield hook
    if hook.pid.exists() and not has_ended(hook.left_process()):
        os.kill(hook.left_process(), signal.SIGKILL)


def test_a_well_node_is_passed_over_in_silence(hook: Hook) -> None:
    hook.check("echo 'GLUSTER OK - well | answer=1s'")
    assert hook.run() == (0, "")


def test_what_is_wrong_is_said_without_performance_data(hook: Hook) -> None:
    hook.check("echo 'GLUSTER CRITICAL - MOUNT_DEAD: gone | answer=U'; exit 2")
    assert hook.run() == (0, "GLUSTER CRITICAL - MOUNT_DEAD: gone\n")


def test_nothing_is_repaired_unless_an_admin_asked_for_it(hook: Hook) -> None:
    hook.check('echo "words: $*"')
    assert hook.run() == (0, "words: --format plugin\n")
    hook.marker.touch()
    assert hook.run() == (0, "words: --format plugin --repair\n")


def test_a_repair_that_mended_all_is_said(hook: Hook) -> None:
    hook.marker.touch()
    hook.check("echo mounted afresh; echo 'GLUSTER OK - well'")
    assert hook.run() == (0, "mounted afresh\n")


def test_a_missing_program_is_said_and_keeps_no_watcher(hook: Hook) -> None:
    status, said = hook.run()
    assert status == 0 and said.startswith("cannot check Gluster: ")


def test_a_check_that_does_not_end_is_killed_with_its_children(hook: Hook) -> None:
    hook.check(f"trap '' TERM; sleep infinity & echo $! >new; mv new '{hook.pid}'; wait")
    status, said = hook.run(limit=0.1, started=True)
    assert status == 0 and said.endswith("no answer within 0.1 seconds, killed\n")
    await_condition(lambda: has_ended(hook.left_process()), "the check's child was killed")


def test_a_process_that_cannot_be_killed_is_not_waited_for(hook: Hook) -> None:
    # Out of reach in a session of its own, with all that the check has inherited.
    start = f"echo $$ >new; mv new '{hook.pid}'; exec sleep infinity"
    hook.check(f'setsid sh -c "{start}" & exec sleep infinity'.replace("$$", r"\$\$"))
    status, said = hook.run(limit=0.1, started=True)
    assert status == 0 and said.endswith("killed\n")
    assert not has_ended(hook.left_process())


def test_a_hook_that_is_stuck_itself_is_ended_by_the_kernel(hook: Hook) -> None:
    hook.check(f"echo $$ >new; mv new '{hook.pid}'; exec sleep infinity")
    assert hook.run(last=2) == (-signal.SIGALRM, "")
    await_condition(hook.pid.exists, "the check that was left behind can be ended")
