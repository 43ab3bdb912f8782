# SPDX-License-Identifier: BSD-2-Clause
"""Failures of the way by libgfapi, each made for real."""

from functools import partial
from pathlib import Path

import pytest
from driver import LibraryError
from failure_bed import Bed, Failures
from testbed import Process, await_condition
from testbed.faults import mute_server, refusing_address, stopped
from worker_program import install_worker, remove_worker

GV0 = "node1:/gv0"
DISK = "ganeti/11111111-2222-4333-8444-555555555555.0"

GFAPI_FAILURES = Failures()
failure = GFAPI_FAILURES.add


def is_polling(process: Process) -> bool:
    """Whether it waits for an answer, by poll(2); for a command it waits by read(2)."""
    number = Path(f"/proc/{process.pid}/syscall").read_text().split()[0]
    return number in ("7", "271")


def by_libgfapi(bed: Bed, source: str) -> LibraryError:
    install_worker(bed.client)
    bed.stack.callback(remove_worker, bed.client)
    return bed.error("connect", source)


@failure
def refusing_server_by_libgfapi(bed: Bed) -> LibraryError:
    return by_libgfapi(bed, f"{bed.stack.enter_context(refusing_address(bed.cluster)).ipv4}:/gv0")


@failure
def mute_server_by_libgfapi(bed: Bed) -> LibraryError:
    server = bed.stack.enter_context(mute_server(bed.cluster))
    return by_libgfapi(bed, f"{server.address.ipv4}:/gv0")


@failure
def unknown_volume_by_libgfapi(bed: Bed) -> LibraryError:
    return by_libgfapi(bed, "node1:/nosuch")


@failure
def libgfapi_not_installed(bed: Bed) -> LibraryError:
    return bed.error("connect", GV0)


@failure
def worker_killed(bed: Bed) -> LibraryError:
    install_worker(bed.client)
    bed.stack.callback(remove_worker, bed.client)
    driver = bed.drivers()
    driver("connect", GV0)
    (worker,) = driver.workers()
    with stopped(worker):
        driver.send("exists", DISK)
        await_condition(partial(is_polling, driver.command.process), "the driver waits for its worker")
        worker.kill()
    with pytest.raises(LibraryError) as error:
        driver.answer()
    return error.value
