#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures what needs no mount against what mounts, one request after the other as the node daemon makes them:
each sample comes from a child forked from a process under mlockall, so that nothing is connected before it.

Prints all samples in microseconds as JSON. Run by test/bench/userspace inside the client of a test cluster.
"""

import json
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

import bare
from python_bench import FIELDS, Backend, stock_module

from ganeti import constants, utils


def in_request(work: Callable[[], Any]) -> float:
    """How long it takes in a request, in microseconds."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        start = time.perf_counter()
        kept = work()
        os.write(writer, str((time.perf_counter() - start) * 1e6).encode())
        del kept  # which may unmount
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        took = answer.read()
    assert os.waitpid(child, 0)[1] == 0 and took
    return float(took)


class Bench:
    def __init__(
        self, bindings: str, bare_gfapi: str, source: str, all_servers: str, storage_dir: str
    ) -> None:
        sys.path.insert(0, bindings)
        from ganeti_gluster import backend, reporting

        self._stock = Backend("stock", stock_module(), source)
        self._ours = Backend("ours", backend, source, constants.DISK_USERSPACE)
        self._container = reporting.GlusterContainer
        self._all_servers = all_servers
        self._dir = storage_dir
        host, volume = source.split(":/")
        self._bare_gfapi = [bare_gfapi, host, volume]
        self._disks = 0
        self.samples: dict[str, list[float]] = defaultdict(list)

    def _next_disk(self) -> str:
        self._disks += 1
        return f"ganeti/{os.getpid():08x}-0000-4000-8000-000000000000.{self._disks}"

    def _take(self, name: str, work: Callable[[], Any]) -> None:
        self.samples[name].append(in_request(work))
        if os.path.ismount(self._dir):
            subprocess.run(["umount", self._dir], check=True)

    def _mount_cycle(self) -> None:
        bare.mount(self._all_servers, self._dir)
        subprocess.run(["umount", self._dir], check=True)

    def _mounted_space(self) -> None:
        bare.mount(self._all_servers, self._dir)
        os.statvfs(self._dir)
        subprocess.run(["umount", self._dir], check=True)

    def _remove(self, disk: str) -> None:
        assert self._ours.construct(disk).Remove()

    def round(self) -> None:
        disk, stocks = self._next_disk(), self._next_disk()
        self._take("stock create", lambda: self._stock.create(stocks))
        self._take("ours create", lambda: self._ours.create(disk))
        bare_words = [*self._bare_gfapi, f"/{disk}"]
        self._take("bare libgfapi", lambda: subprocess.run(bare_words, check=True))
        self._take("ours exists", lambda: self._ours.construct(disk))
        self._take("ours size", lambda: self._ours.construct(disk).GetActualSize())
        self._take("mount cycle", self._mount_cycle)
        self._take("ours space", lambda: self._container([self._dir]).List(None, FIELDS))
        self._take("mounted space", self._mounted_space)
        for name in (disk, stocks):
            self._take("ours remove", lambda name=name: self._remove(name))


def main() -> None:
    rounds = int(sys.argv.pop())
    bench = Bench(*sys.argv[1:])
    utils.Mlockall()
    for _ in range(rounds):
        bench.round()
    print(json.dumps(bench.samples))


if __name__ == "__main__":
    main()
