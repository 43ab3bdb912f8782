#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures Ganeti's own backend and ours side by side, through the Python classes.

Both are driven in one process under mlockall, as the node daemon runs, and take turns, so that both
see the machine in the same moods; "bare" are the system calls without which the same cannot be
promised. Prints all samples in microseconds as JSON. Run by test/bench/run inside the client of a
test cluster, whose /etc/ganeti and /var/lib/ganeti say where volumes are mounted.

idle: nothing is mounted before. busy: the mount is in use by a disk of a running machine, so that
stock's attempts to unmount it fail. Ours asks the mount first in both, unless a row is called
"again": then it gave a good answer less than two seconds ago.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import bare

GANETI = Path("/usr/share/ganeti/3.0")
sys.path.insert(0, str(GANETI))

from ganeti import constants, utils
from ganeti.storage import container

PORT = 24007
SIZE_MIB = 1024
GROW_MIB = 64
FIELDS = [constants.SF_NAME, constants.SF_USED, constants.SF_FREE, constants.SF_SIZE]


def stock_module() -> ModuleType:
    """Ganeti's own module, by its path: its name may stand for ours."""
    spec = spec_from_file_location("stock_gluster", GANETI / "ganeti/storage/gluster.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Backend:
    """One of the two modules, driven as the node daemon does."""

    def __init__(
        self, name: str, module: ModuleType, source: str, access: str = constants.DISK_KERNELSPACE
    ) -> None:
        self.name = name
        self._class = module.GlusterStorage
        host, _, volume = source.partition(":/")
        self._params = {
            constants.GLUSTER_HOST: host,
            constants.GLUSTER_PORT: PORT,
            constants.GLUSTER_VOLUME: volume,
            constants.LDP_ACCESS: access,
        }

    def create(self, disk: str) -> Any:
        unique_id = (constants.FD_DEFAULT, disk)
        return self._class.Create(unique_id, [], SIZE_MIB, None, self._params, False, {})

    def construct(self, disk: str) -> Any:
        """The constructor attaches."""
        device = self._class((constants.FD_DEFAULT, disk), [], SIZE_MIB, self._params, {})
        assert device.attached
        return device


class Bench:
    """Takes the samples of one volume."""

    def __init__(self, backends: list[Backend], storage_dir: str, record: Path) -> None:
        self.samples: dict[str, list[float]] = defaultdict(list)
        self._backends = backends
        self._dir = storage_dir
        self._record = record
        self._disks = 0

    def _next_disk(self) -> str:
        self._disks += 1
        return f"ganeti/{os.getpid():08x}-0000-4000-8000-000000000000.{self._disks}"

    def _path(self, disk: str) -> str:
        return f"{self._dir}/{disk}"

    def _time(self, what: str, work: Callable[..., Any], *arguments: Any) -> Any:
        start = time.perf_counter()
        result = work(*arguments)
        self.samples[what].append((time.perf_counter() - start) * 1e6)
        return result

    def _ask_again(self) -> None:
        """Makes ours ask the mount, as a request does that comes two seconds later."""
        lines = self._record.read_text().splitlines()
        fresh = ["last_well = 0" if line.startswith("last_well = ") else line for line in lines]
        self._record.write_text("\n".join(fresh) + "\n")

    def _unmount(self) -> None:
        if os.path.ismount(self._dir):
            subprocess.run(["umount", self._dir], check=True)

    def idle(self, rounds: int) -> None:
        """What mounts. Objects of ours are dropped, which unmounts, outside of what is timed."""
        for _ in range(rounds):
            for backend in self._backends:
                disk = self._next_disk()
                device = self._time(f"{backend.name} create idle", backend.create, disk)
                del device
                self._unmount()
                device = self._time(f"{backend.name} construct idle", backend.construct, disk)
                del device
                self._unmount()
                device = backend.construct(disk)
                assert device.Remove()
                del device
                self._unmount()

    def bare_idle(self, rounds: int, source: str) -> None:
        for _ in range(rounds):
            self._time("bare mount", bare.mount, source, self._dir)
            self._unmount()

    def busy(self, rounds: int) -> None:
        """What finds the volume mounted."""
        keeper = self._backends[-1]
        kept = self._next_disk()
        running = keeper.create(kept)
        running.Assemble()
        with open(self._path(kept), "rb"):
            lives = [self._bare_life, *(self._life(backend) for backend in self._backends)]
            for turn in range(rounds):
                for life in range(len(lives)):
                    lives[(turn + life) % len(lives)](kept)
        running.Remove()

    def _life(self, backend: Backend) -> Callable[[str], None]:
        name = backend.name

        def live(kept: str) -> None:
            self._ask_again()
            device = self._time(f"{name} construct", backend.construct, kept)
            del device
            device = self._time(f"{name} construct again", backend.construct, kept)
            del device
            self._ask_again()
            disk = self._next_disk()
            device = self._time(f"{name} create", backend.create, disk)
            self._time(f"{name} set info", device.SetInfo, "originstname+inst1.example.com")
            self._time(f"{name} assemble", device.Assemble)
            self._time(f"{name} size", device.GetActualSize)
            self._time(f"{name} grow", device.Grow, GROW_MIB, False, True, False)
            del device
            device = backend.construct(disk)
            self._time(f"{name} remove", device.Remove)
            del device
            again = self._next_disk()
            device = self._time(f"{name} create again", backend.create, again)
            device.Remove()

        return live

    def _bare_life(self, kept: str) -> None:
        path = self._path(self._next_disk())
        self._time("bare construct", bare.construct, self._dir, self._path(kept))
        self._time("bare create", bare.create, path, SIZE_MIB << 20)
        self._time("bare assemble", bare.assemble, str(self._record.parent))
        self._time("bare size", bare.size, path)
        self._time("bare grow", bare.grow, path, (SIZE_MIB + GROW_MIB) << 20)
        self._time("bare remove", os.unlink, path)

    def list_storage(self, rounds: int, ours: type) -> None:
        """The volume is mounted by somebody else."""
        for _ in range(rounds):
            self._ask_again()
            for name, cls in (("ours", ours), ("stock", container.FileStorage)):
                self._time(f"{name} list", cls([self._dir]).List, None, FIELDS)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("life", "list"))
    parser.add_argument("bindings", help="folder with the package ganeti_gluster")
    parser.add_argument("source", help="HOST:/VOLUME")
    parser.add_argument("all_servers", help="the same with all servers, as ours knows it soon")
    parser.add_argument("storage_dir")
    parser.add_argument("record", type=Path, help="what is remembered of the mount")
    parser.add_argument("rounds_idle", type=int)
    parser.add_argument("rounds_busy", type=int)
    options = parser.parse_args()
    sys.path.insert(0, options.bindings)
    from ganeti_gluster import backend, reporting

    # That the mount is busy is what is wanted here.
    logging.disable(logging.WARNING)
    utils.Mlockall()
    both = [
        Backend("stock", stock_module(), options.source),
        Backend("ours", backend, options.source),
    ]
    bench = Bench(both, options.storage_dir, options.record)
    if options.what == "life":
        bench.idle(options.rounds_idle)
        bench.bare_idle(options.rounds_idle, options.all_servers)
        bench.busy(options.rounds_busy)
    else:
        bench.list_storage(options.rounds_busy, reporting.GlusterContainer)
    print(json.dumps(bench.samples))


if __name__ == "__main__":
    main()
