# SPDX-License-Identifier: BSD-2-Clause
"""Ten thousand images in the folder of disks: no call takes more steps than among ten."""

import json
import re
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import pytest
from driver import Driver, built
from images import disks_on_bricks, new_disk
from storage_disk import Disk
from testbed import Client, Cluster, Volume, await_condition

FEW, MANY = 10, 10_000
TRACE = "/run/trace"
PROBE = "security.capability"  # what a probe asks the client for, and nothing else does
# Nothing is answered from a cache, whose age would decide what the brick is asked.
SETTINGS = """
[all]
mount_options = ["attribute-timeout=0", "entry-timeout=0", "negative-timeout=0"]
"""
NO_CACHE = {"performance.stat-prefetch": "off"}
# Many at a time: each is made by the client and the brick in turn.
FILL = """
import os, sys, uuid
from concurrent.futures import ThreadPoolExecutor
os.mkdir(sys.argv[1], 0o750)
folder = os.open(sys.argv[1], os.O_DIRECTORY)
def make(_):
    os.mknod(f"{uuid.uuid4()}.0", 0o100600, dir_fd=folder)
with ThreadPoolExecutor(32) as pool:
    list(pool.map(make, range(int(sys.argv[2]))))
"""


@contextmanager
def filled_volume(cluster: Cluster, name: str, images: int) -> Iterator[Volume]:
    """A volume with this many images, whose brick counts what it is asked.

    It has one brick alone, for the images to be made and deleted quickly.
    """
    volume = cluster.create_volume(name, options=NO_CACHE)
    try:
        mount = "/run/to-be-filled"
        cluster.client.mount(volume.source, mount)
        try:
            words = ["/usr/bin/python3", "-c", FILL, f"{mount}/ganeti", str(images)]
            cluster.client.run(words, timeout=300)
        finally:
            cluster.client.unmount(mount)
            cluster.client.run(["rmdir", mount])
        cluster.gluster("volume", "profile", name, "start")
        yield volume
    finally:
        cluster.delete_volume(name)


@pytest.fixture(scope="module")
def few(cluster: Cluster) -> Iterator[Volume]:
    with filled_volume(cluster, "few", FEW) as volume:
        yield volume


@pytest.fixture(scope="module")
def many(cluster: Cluster) -> Iterator[Volume]:
    with filled_volume(cluster, "many", MANY) as volume:
        yield volume


@dataclass
class Steps:
    """What each command took, and what all of them together asked of the brick."""

    system_calls: dict[str, Counter[str]]
    operations: Counter[str]


Work = Callable[[Client, Volume, Driver], Steps | None]


def operations(volume: Volume) -> Counter[str]:
    """The file operations that the brick has been asked for since this was called last."""
    info = volume.cluster.gluster("volume", "profile", volume.name, "info", "incremental")
    hits = {fop.findtext("name"): int(fop.findtext("hits") or 0) for fop in info.iter("fop")}
    return Counter({name: count for name, count in hits.items() if name and count})


def system_calls(trace: str, driver_pid: str) -> list[Counter[str]]:
    """The system calls of the driver and its children, for each command.

    Without the pipe that commands come by, which may be read in pieces, and without poll: whether a
    child's last word and its end wake its parent once or twice is the scheduler's choice.
    """
    commands = re.split(rf"^{driver_pid} +write\(1,", trace, flags=re.MULTILINE)[:-1]
    call = re.compile(r"^\d+ +(?!read\(0,|poll\()(\w+)\(", re.MULTILINE)
    return [Counter(call.findall(command)) for command in commands]


def steps_of(
    client: Client, volume: Volume, driver: Driver, commands: Sequence[str]
) -> Steps | None:
    """What commands take; None if the mount was probed in them, as it is every two seconds."""
    operations(volume)
    pid = str(driver.command.process.namespace_pids[-1])
    tracer = client.popen(["strace", "-f", "-p", pid, "-o", TRACE], stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        for command in commands:
            driver(command)
        tracer.send_signal(signal.SIGINT)
        tracer.wait(timeout=20)
        trace = client.path(TRACE).read_text()
    finally:
        tracer.end()
        client.run(["rm", TRACE])
    words = [command.split() for command in commands]
    calls = [word[2] if word[0] == "on" else word[0] for word in words]
    names = [f"{number} {call}" for number, call in enumerate(calls)]
    counts = system_calls(trace, pid)
    found = Steps(dict(zip(names, counts, strict=True)), operations(volume))
    return None if PROBE in trace else found


def steps_of_a_life(client: Client, volume: Volume, driver: Driver) -> Steps | None:
    """What a disk's life takes."""
    disk, renamed = new_disk(), new_disk()
    calls = ["create 1", "attach", "grow 1", "info", "set-info text", "label", "assemble"]
    calls += [f"rename {renamed}", "space", "shutdown", "attach", "remove"]
    storage = Disk(driver, volume, disk)
    found = steps_of(client, volume, driver, [f"on {storage.name} {call}" for call in calls])
    storage.drop()
    return found


def steps_of_a_report(client: Client, volume: Volume, driver: Driver) -> Steps | None:
    """What a report of the volume's sizes takes."""
    return steps_of(client, volume, driver, ["report"])


def steps_on(client: Client, volume: Volume, driver: Driver, work: Work) -> Steps:
    """What work takes on a volume, in a process that has done all of it before."""
    driver("mount", volume.source)  # so that the volume stays mounted from call to call
    work(client, volume, driver)
    return await_condition(partial(work, client, volume, driver), "it is done without a probe")


@pytest.mark.parametrize(
    ("work", "asked"),
    [
        (steps_of_a_life, {"CREATE", "LINK", "UNLINK", "FTRUNCATE"}),
        (steps_of_a_report, {"STATFS"}),
    ],
)
def test_no_call_takes_more_steps_among_ten_thousand_images(
    client: Client,
    few: Volume,
    many: Volume,
    drivers: Callable[..., Driver],
    work: Work,
    asked: set[str],
) -> None:
    client.write_file("/etc/ganeti/gluster.toml", SETTINGS)
    assert (len(disks_on_bricks(few)), len(disks_on_bricks(many))) == (FEW, MANY)
    found = []
    for volume in (few, many):
        driver = drivers()
        found.append(steps_on(client, volume, driver, work))
        driver.end()
    among_few, among_many = found
    assert among_many.system_calls == among_few.system_calls
    assert among_many.operations == among_few.operations
    assert asked <= among_few.operations.keys()
    assert not {"READDIR", "READDIRP"} & among_few.operations.keys()


def test_all_of_ten_thousand_images_are_listed(client: Client, many: Volume) -> None:
    tool = built("tools/ganeti-gluster")
    words = [tool, "disk", "ls", "--volume", many.source, "-o", "disk", "--json"]
    answer = json.loads(client.run(words).stdout)
    assert sorted(row["disk"] for row in answer["disks"]) == disks_on_bricks(many)
    assert (len(answer["disks"]), answer["other_names"]) == (MANY, 0)
