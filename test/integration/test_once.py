# SPDX-License-Identifier: BSD-2-Clause
"""Any number of processes at once, whole or killed, end with one mount."""

import json
import random
import signal
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError, built
from testbed import Client, Cluster, Mount, Volume, await_condition
from testbed.faults import Barrier, mute_server, stopped

RELEASES = {"released", "busy", "held", "not mounted", "locked"}
LOCK = "/run/ganeti-gluster/-run-ganeti-gluster/lock"


def new_disk() -> str:
    return f"ganeti/{uuid.uuid4()}.0"


def rows(client: Client) -> list[Mount]:
    return [mount for mount in client.mounts() if mount.target == REAL_DIR]


def clients_started(client: Client) -> int:
    """How many FUSE clients have ever been started on the storage dir."""
    log = client.log_folder / "run-ganeti-gluster.log"
    return log.read_text().count("Started running") if log.exists() else 0


def at_once(client: Client, scripts: list[str]) -> list[list[dict[str, object]]]:
    """The answers of processes that run these commands, all started at the same instant."""
    with Barrier() as barrier:
        for script in scripts:
            shell = 'printf "%s" "$1" | "$2" "$3"'
            driver = built("test/integration/driver")
            barrier.add(client, ["sh", "-c", shell, "sh", script, driver, STORAGE_DIR])
        results = barrier.release()
    assert [result.stderr for result in results] == [""] * len(scripts)
    return [[json.loads(line) for line in result.stdout.splitlines()] for result in results]


@contextmanager
def watched_rows(client: Client) -> Iterator[None]:
    """Looks at the mount table all the time: never two mounts on the storage dir."""
    most: list[Mount] = []
    looks = 0
    over = threading.Event()

    def look() -> None:
        nonlocal most, looks
        while not over.is_set():
            most = max(most, rows(client), key=len)
            looks += 1
            time.sleep(0.0005)  # an interval between samples, not a wait for anything

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()
    assert looks > 10
    assert len(most) <= 1, most


def test_sixteen_processes_at_once_end_with_one_row_and_one_client(
    client: Client, volume: Volume, driver: Driver
) -> None:
    for _ in range(3):
        before = clients_started(client)
        disks = [new_disk() for _ in range(16)]
        scripts = [f"mount {volume.source}\nhold {disk}\n" for disk in disks]
        with watched_rows(client):
            for answers in at_once(client, scripts):
                assert [answer.get("ok") for answer in answers] == [STORAGE_DIR, True]
        assert len(rows(client)) == 1
        await_condition(lambda: len(client.fuse_clients()) == 1, "only its client is left")
        assert clients_started(client) == before + 1
        for disk in disks:
            assert driver("drop-hold", disk)
        assert driver("unmount") == "released"


def test_sixteen_processes_that_mount_and_release_at_once_end_with_none(
    client: Client, volume: Volume
) -> None:
    scripts = [f"mount {volume.source}\nrelease\n" * 3] * 16
    with watched_rows(client):
        for answers in at_once(client, scripts):
            assert [answer.get("ok") for answer in answers[::2]] == [STORAGE_DIR] * 3, answers
            assert {answer.get("ok") for answer in answers[1::2]} <= RELEASES
    assert rows(client) == []


def test_a_failed_mount_is_tried_once_and_all_who_wait_get_its_error(
    client: Client, volume: Volume, driver: Driver
) -> None:
    before = clients_started(client)
    results = at_once(client, ["mount node1:/nosuch\n"] * 9)
    assert [answers[0].get("error") for answers in results] == ["MOUNT_FAILED"] * 9
    assert all("no volume nosuch" in str(answers[0]["message"]) for answers in results)
    assert clients_started(client) == before + 1
    with pytest.raises(LibraryError) as error:
        driver("mount", "node1:/nosuch")
    assert error.value.code == "MOUNT_FAILED"
    assert clients_started(client) == before + 1
    driver("mount", volume.source)  # another volume has nothing to do with it


def kill_mounter(client: Client, mounter: Driver, source: str) -> None:
    """Kills a process between the start of its mount and the answer of the server."""
    mounter.send("mount", source)
    await_condition(lambda: client.processes_named("glusterfs"), "the client is started")
    await_condition(lambda: rows(client), "its row stands in the mount table")
    mounter.command.process.kill()
    assert client.processes_named("glusterfs")
    # Its helper still works on the storage dir, and nobody else may begin to.
    assert client.run(["flock", "--nonblock", LOCK, "true"], check=False).returncode == 1


def test_a_mount_whose_mounter_was_killed_before_it_could_verify_is_adopted(
    client: Client, cluster: Cluster, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    late = drivers()
    before = clients_started(client)
    with watched_rows(client):
        with stopped(cluster.node(1).glusterd()):
            kill_mounter(client, drivers(), volume.source)
            late.send("mount", volume.source)
        assert late.answer() == STORAGE_DIR
        assert late("check")
    assert len(rows(client)) == len(client.fuse_clients()) == 1
    assert clients_started(client) == before + 1
    assert late("release") == "released"


def test_a_mount_that_hangs_after_its_mounter_was_killed_is_cleaned_up(
    client: Client, cluster: Cluster, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    settings = '[all]\nmount_timeout = "2s"\nprobe_timeout = "1s"\n'
    client.write_file("/etc/ganeti/gluster.toml", settings)
    late = drivers()
    with watched_rows(client), mute_server(cluster) as server:
        kill_mounter(client, drivers(), f"{server.address.ipv4}:/gv0")
        late("mount", volume.source)
        assert late("check")
        assert len(rows(client)) == len(client.fuse_clients()) == 1
        assert rows(client)[0].source == volume.source
    assert late("release") == "released"


def test_mount_hold_drop_and_unmount_are_idempotent(
    client: Client, volume: Volume, driver: Driver
) -> None:
    disk = new_disk()
    before = clients_started(client)
    for _ in range(10):
        assert driver("mount", volume.source) == STORAGE_DIR
    for _ in range(10):
        assert driver("hold", disk)
    assert driver("release") == "held"
    for _ in range(10):
        assert driver("unmount") == "held"
    assert [driver("drop-hold", disk) for _ in range(10)] == [True] + [False] * 9
    assert clients_started(client) == before + 1
    assert [driver("unmount") for _ in range(10)] == ["released"] + ["not mounted"] * 9
    for number in range(1, 11):
        driver("mount", volume.source)
        assert driver("release") == "released"
        assert clients_started(client) == before + 1 + number


@dataclass
class Worker:
    """One process with a script of its own, killed at one of its steps or not at all."""

    driver: Driver
    disk: str
    steps: list[str]
    killed_at: int  # number of the step; beyond the last: never
    delay: float  # from the command's start to the kill
    created: bool | None = field(default=False, init=False)  # None: only the volume knows

    def run(self) -> None:
        for number, step in enumerate(self.steps):
            self.driver.send(*step.split())
            if number == self.killed_at:
                time.sleep(self.delay)  # where the kill hits is to be random
                self.driver.command.process.kill()
                if step.startswith(("create", "remove")):
                    self.created = None
                return
            answer = self.driver.answer()
            if step.startswith("create"):
                self.created = True
            elif step.startswith("remove"):
                assert answer == (self.created is True), step
                self.created = False
            elif step == "release":
                assert answer in RELEASES


def make_worker(driver: Driver, volume: Volume, chance: random.Random, victim: bool) -> Worker:
    disk = new_disk()
    steps = []
    for _ in range(2):
        work = [f"hold {disk}", f"remove {disk}", f"drop-hold {disk}", f"exists {disk}", "check"]
        chance.shuffle(work)
        steps += [f"mount {volume.source}", *work, "release"]
    mounts = [number for number, step in enumerate(steps) if step.startswith("mount")]
    steps.insert(chance.randrange(1, mounts[1]), f"create {disk} 1")
    killed_at = chance.randrange(len(steps)) if victim else len(steps)
    return Worker(driver, disk, steps, killed_at, chance.uniform(0, 0.1))


@pytest.mark.parametrize("seed", range(6))
def test_processes_killed_at_random_steps_leave_nothing_behind(
    client: Client, volume: Volume, drivers: Callable[..., Driver], seed: int
) -> None:
    chance = random.Random(seed)
    workers = [make_worker(drivers(), volume, chance, number % 2 == 0) for number in range(16)]
    start = threading.Barrier(len(workers))

    def run(worker: Worker) -> None:
        start.wait()
        worker.run()

    with watched_rows(client), ThreadPoolExecutor(len(workers)) as pool:
        for finished in [pool.submit(run, worker) for worker in workers]:
            finished.result()

    judge = drivers()
    judge("mount", volume.source)
    assert len(rows(client)) == 1
    await_condition(lambda: len(client.fuse_clients()) == 1, "only its client is left")
    for worker in workers:
        try:
            exists = judge("exists", worker.disk)
        except LibraryError as error:
            assert error.code == "UNFINISHED_IMAGE"
            exists = None
        assert worker.created is None or exists == worker.created, worker
        judge("remove", worker.disk)
        judge("drop-hold", worker.disk)
        worker.driver.end()
    # Neither a probe nor a helper of a killed process lives on, and nobody has the lock.
    known = {judge.command.process, client.fuse_client(REAL_DIR)}
    await_condition(lambda: set(client.processes()) <= known, "the killed leave no process")
    client.run(["flock", "--nonblock", LOCK, "true"])
    assert judge("release") == "released"
