#!/usr/bin/python3
# SPDX-License-Identifier: BSD-2-Clause
"""Measures Ganeti's own backend: stock_backend.py HOST VOLUME ROUNDS_UNMOUNTED ROUNDS_MOUNTED.

Drives it as the node daemon does, under mlockall, and prints all samples as JSON, like disk-bench.
Run by test/bench/run inside the client of a test cluster, whose /etc/ganeti and /var/lib/ganeti say
where volumes are mounted. "attach" is the constructor.
"""

import json
import logging
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, "/usr/share/ganeti/3.0")

from ganeti import constants, utils
from ganeti.storage.gluster import GlusterStorage, GlusterVolume

PORT = 24007
SIZE_MIB = 1024
GROW_MIB = 64
LOGS = Path("/var/log/glusterfs")


def started_clients() -> int:
    """Each FUSE client says once in its log that it started."""
    return sum(log.read_text().count("Started running ") for log in LOGS.glob("*.log"))


class StockBench:
    """Takes the samples of one volume."""

    def __init__(self, host: str, volume: str) -> None:
        self.samples = defaultdict(list)
        self._volume = GlusterVolume(host, PORT, volume)
        self._params = {
            constants.GLUSTER_HOST: host,
            constants.GLUSTER_PORT: PORT,
            constants.GLUSTER_VOLUME: volume,
            constants.LDP_ACCESS: constants.DISK_KERNELSPACE,
        }
        self._disks = 0

    def _next_disk(self) -> tuple[str, str]:
        self._disks += 1
        return (constants.FD_DEFAULT, f"ganeti/00000000-0000-4000-8000-000000000000.{self._disks}")

    def _create(self, disk: tuple[str, str]) -> GlusterStorage:
        return GlusterStorage.Create(disk, [], SIZE_MIB, None, self._params, False, {})

    def _attach(self, disk: tuple[str, str]) -> GlusterStorage:
        return GlusterStorage(disk, [], SIZE_MIB, self._params, {})

    def _time(self, what, work, *arguments):
        start = time.perf_counter()
        result = work(*arguments)
        self.samples[f"stock {what}"].append((time.perf_counter() - start) * 1e6)
        return result

    def _time_unmounted(self, what, work, disk) -> None:
        before = started_clients()
        self._time(f"{what} unmounted", work, disk)
        self.samples[f"stock mounts of {what}"].append(started_clients() - before)

    def bench_unmounted(self, rounds: int) -> None:
        """Create and attach leave the volume mounted, and remove unmounts it."""
        for _ in range(rounds):
            disk = self._next_disk()
            self._time_unmounted("create", self._create, disk)
            self._unmount()
            self._time_unmounted("attach", self._attach, disk)
            self._unmount()
            self._time_unmounted("remove", lambda disk: self._attach(disk).Remove(), disk)

    def bench_mounted(self, rounds: int) -> None:
        """An open file keeps the volume mounted: otherwise create and remove unmount it."""
        self._volume.Mount()
        busy = Path(self._volume.mount_point, "busy")
        with busy.open("w"):
            kept = self._next_disk()
            self._create(kept)
            for _ in range(rounds):
                self._time("attach", self._attach, kept)
                disk = self._time("create", self._create, self._next_disk())
                self._time("size", disk.GetActualSize)
                self._time("grow", disk.Grow, GROW_MIB, False, True, False)
                self._time("remove", disk.Remove)
            self._attach(kept).Remove()
            busy.unlink()
        self._unmount()

    def _unmount(self) -> None:
        subprocess.run(["umount", self._volume.mount_point], check=True)


def main() -> None:
    host, volume, unmounted, mounted = sys.argv[1:]
    # That the mount is busy is what is wanted here.
    logging.disable(logging.WARNING)
    utils.Mlockall()
    bench = StockBench(host, volume)
    bench.bench_unmounted(int(unmounted))
    bench.bench_mounted(int(mounted))
    print(json.dumps(bench.samples))


if __name__ == "__main__":
    main()
