# SPDX-License-Identifier: BSD-2-Clause
"""The client lives, but its volume has no quorum or no brick: the mount is left alone."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from driver import REAL_DIR, Driver, LibraryError, await_error, creation_held_after
from testbed import Client, Mount, Process, Volume, await_condition
from testbed.faults import without_bricks, without_quorum

FAULTS = {"quorum": without_quorum, "brick": without_bricks}
Fault = Callable[[Volume], "contextmanager[None]"]


@pytest.fixture(params=FAULTS.values(), ids=[f"without {lacking}" for lacking in FAULTS])
def fault(request: pytest.FixtureRequest) -> Fault:
    """What takes the bricks away."""
    return request.param


def mount_and_client(client: Client) -> tuple[Mount, Process]:
    """The one row on the storage dir and who serves it."""
    (row,) = (row for row in client.mounts() if row.target == REAL_DIR)
    return row, client.fuse_client(REAL_DIR)


@contextmanager
def lacking(fault: Fault, client: Client, volume: Volume) -> Iterator[None]:
    """The fault, seen by the client of the mount; well again at the end."""
    with fault(volume):
        await_condition(lambda: not client.answers(REAL_DIR), "the client has noticed")
        yield
    client.await_answer(REAL_DIR)


def test_a_verified_mount_is_unreachable_for_old_and_new_leases_and_then_well_by_itself(
    client: Client, volume: Volume, drivers: Callable[..., Driver], fault: Fault, disk: str
) -> None:
    driver, other = drivers(), drivers()
    driver("mount", volume.source)
    driver("create", disk, 1)
    before = mount_and_client(client)
    with lacking(fault, client, volume):
        for error in (await_error(driver, "check"), await_error(other, "mount", volume.source)):
            assert error.code == "UNREACHABLE"
            assert "no quorum or no brick" in error.message
        assert other("state") == "unreachable"
        assert mount_and_client(client) == before
    assert driver("check")
    assert other("mount", volume.source)
    assert driver("remove", disk)
    assert mount_and_client(client) == before


def test_a_mount_made_by_somebody_else_cannot_be_told_while_its_volume_is_away(
    client: Client, volume: Volume, driver: Driver, fault: Fault
) -> None:
    client.mount(volume.source, REAL_DIR)
    before = mount_and_client(client)
    with lacking(fault, client, volume):
        with pytest.raises(LibraryError) as error:
            driver("mount", volume.source)
        assert error.value.code == "CANNOT_TELL"
        assert volume.source in error.value.message
        assert driver("state") == "cannot tell"
        assert mount_and_client(client) == before
    driver("mount", volume.source)
    assert mount_and_client(client) == before


def test_no_operation_takes_an_unreachable_image_for_an_absent_one(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    driver("mount", volume.source)
    driver("create", disk, 1)
    with lacking(without_quorum, client, volume):
        for operation in ("exists", "size", "grow", "remove", "create"):
            with pytest.raises(LibraryError) as error:
                driver(operation, disk, 1)
            assert error.value.code in ("UNREACHABLE", "MOUNT_LOST")
    assert driver("remove", disk)


def test_a_mount_attempt_without_quorum_fails_with_the_reason_and_leaves_nothing(
    client: Client, volume: Volume, driver: Driver, fault: Fault
) -> None:
    with fault(volume):
        with pytest.raises(LibraryError) as error:
            driver("mount", volume.source)
        assert error.value.code == "MOUNT_FAILED"
        assert "brick" in error.value.message or "quorum" in error.value.message
        assert client.fuse_mounts() == []
        assert client.fuse_clients() == []


def lose_quorum_after(
    call: str, client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    """A creation that loses its quorum right after one of its system calls; it must fail."""
    driver("mount", volume.source)
    with ExitStack() as without:
        with creation_held_after(call, client, driver, disk):
            without.enter_context(lacking(without_quorum, client, volume))
        with pytest.raises(LibraryError) as error:
            driver.answer()
        assert error.value.code in ("MOUNT_LOST", "UNREACHABLE")


@pytest.mark.parametrize("call", ["fcntl", "ftruncate"])
def test_a_creation_that_loses_its_quorum_before_the_image_is_complete_leaves_none_to_attach(
    client: Client, volume: Volume, driver: Driver, disk: str, call: str
) -> None:
    lose_quorum_after(call, client, volume, driver, disk)
    with pytest.raises(LibraryError) as error:
        driver("exists", disk)
    assert error.value.code == "UNFINISHED_IMAGE"
    # Not a second create at once: the volume keeps the lock of the first until its client goes.
    assert driver("remove", disk)
    assert driver("create", disk, 1)
    assert driver("remove", disk)


def test_a_creation_that_loses_its_quorum_before_the_image_is_durable_is_no_success(
    client: Client, volume: Volume, driver: Driver, disk: str
) -> None:
    lose_quorum_after("fchmod", client, volume, driver, disk)
    # The call that completes the image was answered, so that it is whole, never half.
    assert driver("size", disk) == 1 << 20
    assert driver("remove", disk)
