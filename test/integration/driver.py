# SPDX-License-Identifier: BSD-2-Clause
"""The library, driven step by step in a process of its own on a machine (see driver.cpp)."""

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import image_store
from testbed import Machine, Process, await_condition
from worker_program import built

STORAGE_DIR = "/var/run/ganeti/gluster"
REAL_DIR = "/run/ganeti/gluster"


class LibraryError(Exception):
    """The library refused; `code` is its stable name."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(answer["message"])
        self.code: str = answer["error"]
        self.message: str = answer["message"]
        self.log: list[str] = answer["log"]


class Driver:
    """One process that uses the library; ends with the test that made it.

    Where the tests run over libgfapi, `mount` and `release` are the driver's `connect` and `disconnect`, and for
    tests to look at images by path the volume is mounted all the same, by nobody's doing but ours.
    """

    def __init__(self, machine: Machine, storage_dir: str = STORAGE_DIR) -> None:
        self._view = image_store.View(machine, storage_dir) if image_store.is_libgfapi() else None
        self.command = machine.popen(
            [built("test/integration/driver"), storage_dir],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.log: list[str] = []

    def __enter__(self) -> "Driver":
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def send(self, *words: object) -> None:
        """Sends a command without waiting for its answer."""
        assert self.command.stdin is not None
        line = " ".join(map(str, words))
        if self._view:
            line = image_store.translated(line)
            self._view.follow(line)
        self.command.stdin.write(f"{line}\n")
        self.command.stdin.flush()

    def answer(self) -> Any:
        """Waits for the answer to the last command. Raises LibraryError."""
        assert self.command.stdout is not None
        line = self.command.stdout.readline()
        if not line:
            raise EOFError(f"the driver ended: {self.command.wait()}")
        answer = json.loads(line)
        self.log = answer["log"]
        if "error" in answer:
            raise LibraryError(answer)
        return answer["ok"]

    def __call__(self, *words: object) -> Any:
        self.send(*words)
        return self.answer()

    def look_anew(self) -> None:
        """Over libgfapi: tests look at images as a client does that has not seen them before."""
        if self._view:
            self._view.renew()

    def workers(self) -> list[Process]:
        """The processes that reach volumes by libgfapi for this one."""
        children = self.command.process.children()
        return [child for child in children if child.name == "gfapi-worker" and child.running]

    def end(self) -> None:
        """Lets the process end in good order, which gives its lease back."""
        if self.command.poll() is None and self.command.stdin is not None:
            self.command.stdin.close()
            self.command.wait(timeout=60)
        self.command.end()
        if self._view:
            self._view.end()


@contextmanager
def creation_held_after(call: str, machine: Machine, driver: Driver, disk: str) -> Iterator[None]:
    """The driver creates a disk and is stopped right after this system call on its image.

    At the end it goes on. Its answer is left to the caller.
    """
    pid = str(driver.command.process.namespace_pids[-1])
    record = machine.path(f"/run/held-{pid}")
    words = ["strace", "-p", pid, "-o", f"/run/held-{pid}", "-P", f"{REAL_DIR}/{disk}"]
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=STOP:when=1"]
    tracer = machine.popen([*words, *inject], stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        driver.send("create", disk, 1)
        await_condition(lambda: "stopped by SIGSTOP" in record.read_text(), f"{call} is made")
        yield
    finally:
        tracer.end()
        driver.command.send_signal(signal.SIGCONT)
        record.unlink()


def await_error(driver: Driver, *words: object) -> LibraryError:
    """The error of a step that goes well until the last good answer is too old to count."""

    def attempt() -> LibraryError | None:
        try:
            driver(*words)
        except LibraryError as error:
            return error
        return None

    return await_condition(attempt, f"{words} is refused")
