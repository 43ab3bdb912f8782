# SPDX-License-Identifier: BSD-2-Clause
"""The storage dir itself: safe, one under all its spellings, and never written into by mistake."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from driver import REAL_DIR, STORAGE_DIR, Driver, LibraryError, built
from testbed import Client, Volume
from testbed.faults import kill_fuse_client

PARENT = "/run/somewhere"
STATE = "/run/ganeti-gluster"


@pytest.fixture
def parent(client: Client) -> Iterator[str]:
    """A folder that the test may give away, with a safe folder in it."""
    client.run(["mkdir", "-p", f"{PARENT}/safe"])
    yield PARENT
    client.run(["rm", "-r", PARENT])


def refusal(driver: Driver, volume: Volume) -> LibraryError:
    with pytest.raises(LibraryError) as error:
        driver("mount", volume.source)
    return error.value


def files(client: Client, folder: str) -> list[str]:
    return client.run(["find", folder]).stdout.split()


def owner_and_mode(client: Client, path: str) -> str:
    return client.run(["stat", "-c", "%U:%G %a %F", path]).stdout.strip()


def test_a_link_in_place_of_the_storage_dir_is_refused(
    client: Client, volume: Volume, drivers: Callable[..., Driver], parent: str
) -> None:
    client.run(["ln", "-s", "safe", f"{parent}/link"])
    for spelling in (f"{parent}/link", f"{parent}/link/", f"{parent}/link/."):
        error = refusal(drivers(spelling), volume)
        assert error.code == "UNSAFE_STORAGE_DIR"
        assert "symbolic link" in error.message
    client.run(["rmdir", f"{parent}/safe"])  # dangling: it must not be made
    assert refusal(drivers(f"{parent}/link"), volume).code == "UNSAFE_STORAGE_DIR"
    assert files(client, parent) == [parent, f"{parent}/link"]
    assert client.fuse_mounts() == []


@pytest.mark.parametrize(
    "unsafe", [["chmod", "777"], ["chmod", "o+w"], ["chown", "nobody"], ["chgrp", "-R", "nogroup"]]
)
def test_a_parent_that_others_may_write_is_refused(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    parent: str,
    unsafe: list[str],
) -> None:
    client.run(["chmod", "g+w", parent])
    client.run([*unsafe, parent])
    before = files(client, parent)
    for path in (f"{parent}/gluster", f"{parent}/safe/gluster", f"{parent}/safe"):
        error = refusal(drivers(path), volume)
        assert error.code == "UNSAFE_STORAGE_DIR"
        assert f"chown root:root {parent}" in error.message
    assert files(client, parent) == before
    assert client.fuse_mounts() == []


@pytest.mark.parametrize("mode", ["1777", "0775", "0700"])
def test_a_sticky_or_private_parent_is_accepted(
    client: Client, volume: Volume, drivers: Callable[..., Driver], parent: str, mode: str
) -> None:
    client.run(["chmod", mode, parent])
    driver = drivers(f"{parent}/gluster")
    driver("mount", volume.source)
    assert [row.target for row in client.fuse_mounts()] == [f"{parent}/gluster"]
    assert driver("release") == "released"
    assert owner_and_mode(client, f"{parent}/gluster") == "root:root 755 directory"


def test_all_spellings_are_one_storage_dir(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str
) -> None:
    spellings = [STORAGE_DIR, REAL_DIR, f"{STORAGE_DIR}/", f"{STORAGE_DIR}//.", f"{REAL_DIR}/x/.."]
    all_drivers = [drivers(spelling) for spelling in spellings]
    for driver in all_drivers:
        driver("mount", volume.source)
    assert len(client.fuse_mounts()) == len(client.fuse_clients()) == 1
    assert client.fuse_mounts()[0].target == REAL_DIR
    all_drivers[0]("hold", disk)
    for driver in all_drivers:
        assert list(driver("holds")) == [disk]
        assert driver("release") == "held"
        assert driver("state") == "well"
    assert all_drivers[1]("drop-hold", disk)
    assert all_drivers[2]("unmount") == "released"
    assert client.run(["ls", STATE]).stdout.count("\n") == 1


def test_a_storage_dir_is_shown_in_the_spelling_that_was_given(
    client: Client, volume: Volume, drivers: Callable[..., Driver]
) -> None:
    assert drivers(f"{STORAGE_DIR}//x/../")("mount", volume.source) == STORAGE_DIR
    assert drivers(f"{REAL_DIR}/")("mount", volume.source) == REAL_DIR


@pytest.mark.parametrize("path", ["", "/", "/..", "gluster", "./gluster"])
def test_what_is_no_absolute_path_below_the_root_is_refused(client: Client, path: str) -> None:
    result = client.run([built("test/integration/driver"), path], check=False)
    assert result.returncode != 0
    assert client.fuse_mounts() == []


@pytest.mark.parametrize("umask", ["000", "077"])
def test_a_missing_storage_dir_is_made_for_root_and_readable_for_all(
    client: Client, volume: Volume, umask: str
) -> None:
    client.run(["rm", "-rf", "/run/ganeti"])
    shell = f'umask {umask}; exec "$1" "$2"'
    argv = ["sh", "-c", shell, "sh", built("test/integration/driver"), STORAGE_DIR]
    result = client.run(argv, input=f"mount {volume.source}\nrelease\n")
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [answer.get("ok") for answer in answers] == [STORAGE_DIR, "released"], answers
    assert owner_and_mode(client, "/run/ganeti") == "root:root 755 directory"
    assert owner_and_mode(client, REAL_DIR) == "root:root 755 directory"
    assert owner_and_mode(client, STATE) == "root:root 700 directory"


@pytest.mark.parametrize("make", [["touch"], ["mkfifo"], ["mknod", "-m", "600"]])
def test_what_is_no_folder_in_its_place_is_refused_and_left_alone(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    parent: str,
    make: list[str],
) -> None:
    path = f"{parent}/gluster"
    client.run([*make, path, *(["c", "1", "3"] if "mknod" in make else [])])
    before = client.run(["stat", path]).stdout
    assert refusal(drivers(path), volume).code == "ENOTDIR"
    assert client.run(["stat", path]).stdout == before
    assert client.fuse_mounts() == []


@contextmanager
def held_after_its_check(client: Client, driver: Driver, *command: object) -> Iterator[None]:
    """The driver is stopped within a command: the mount was good, a file was just opened there."""
    pid = str(driver.command.process.namespace_pids[-1])
    inject = "inject=openat2:signal=STOP:when=1"
    words = ["strace", "-p", pid, "-e", "trace=openat2", "-e", inject]
    tracer = client.popen(words, stderr=subprocess.PIPE)
    try:
        assert tracer.stderr is not None
        assert "attached" in tracer.stderr.readline()
        driver.send(*command)
        while "stopped by SIGSTOP" not in (line := tracer.stderr.readline()):
            assert line, "strace ended"
        yield
    finally:
        tracer.end()
        driver.command.send_signal(signal.SIGCONT)


def is_usable(driver: Driver, disk: str) -> bool:
    """Whether there is a whole image; what a creation may have left behind is none."""
    try:
        return bool(driver("exists", disk))
    except LibraryError as error:
        assert error.code == "UNFINISHED_IMAGE"
        return False


@pytest.mark.parametrize("lost", ["lazily_unmounted", "client_killed", "both"])
@pytest.mark.parametrize("command", ["create", "grow", "remove"])
def test_a_mount_that_vanishes_after_its_check_takes_nothing_to_the_bare_directory(
    client: Client,
    volume: Volume,
    drivers: Callable[..., Driver],
    disk: str,
    command: str,
    lost: str,
) -> None:
    driver, judge = drivers(), drivers()
    driver("mount", volume.source)
    if command != "create":
        driver("create", disk, 1)
    with held_after_its_check(client, driver, command, disk, 1):
        if lost != "lazily_unmounted":
            kill_fuse_client(client, REAL_DIR)
        if lost != "client_killed":
            client.run(["umount", "--lazy", "--no-canonicalize", REAL_DIR])
            assert client.fuse_mounts() == []
    if lost == "lazily_unmounted":
        assert driver.answer()  # the lease reaches the volume, as long as it lives
    else:
        with pytest.raises(LibraryError) as error:
            driver.answer()
        assert error.value.code == "MOUNT_LOST"
    if client.fuse_mounts():
        client.run(["umount", "--lazy", "--no-canonicalize", REAL_DIR])
    assert files(client, REAL_DIR) == [REAL_DIR]

    judge("mount", volume.source)
    done = lost == "lazily_unmounted"
    whole = done if command == "create" else command == "grow" or not done
    assert is_usable(judge, disk) == whole
    if command == "grow":
        assert judge("size", disk) == (2 << 20 if done else 1 << 20)
    judge("remove", disk)
