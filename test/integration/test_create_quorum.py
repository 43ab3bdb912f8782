# SPDX-License-Identifier: BSD-2-Clause
"""Creations whose volume loses its quorum at any of their steps: an error, nothing half done."""

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from driver import REAL_DIR, Driver
from images import (
    MIB,
    answer_of,
    code_of,
    complete,
    disks_on_bricks,
    empty_folder,
    held_after,
    labels,
    sizes,
)
from testbed import Client, Volume, await_condition
from testbed.faults import SyscallPoint, without_quorum

# The steps of a creation that preallocates, and what each brick has of it after them.
STEPS = {
    "openat2": (0, 0o200),
    "fcntl": (0, 0o200),
    "fsetxattr": (0, 0o200),
    "ftruncate": (3 * MIB, 0o200),
    "fallocate": (3 * MIB, 0o200),
    "fchmod": (3 * MIB, 0o600),
    "fsync": (3 * MIB, 0o600),
}


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(
            call,
            marks=pytest.mark.mount_only("over libgfapi nothing is asked after the last sync")
            if call == "fsync"
            else (),
        )
        for call in STEPS
    ],
)
def test_a_creation_that_loses_its_quorum_fails_and_leaves_a_whole_image_or_an_unfinished_one(
    client: Client, volume: Volume, drivers: Callable[..., Driver], disk: str, call: str
) -> None:
    first, second = drivers(), drivers()
    for driver in (first, second):
        driver("mount", volume.source)
    empty_folder(client)
    with ExitStack() as without:
        with held_after(client, first, SyscallPoint(call, 1), f"create {disk} 3 falloc"):
            without.enter_context(without_quorum(volume))
            await_condition(lambda: not client.answers(REAL_DIR), "the client has noticed")
        assert answer_of(first) == "MOUNT_LOST"
    client.await_answer(REAL_DIR)
    volume.await_healed()

    assert sizes(volume, disk) == [STEPS[call]] * 3
    assert disks_on_bricks(volume) == [disk]
    if STEPS[call] == (3 * MIB, 0o600):
        assert second("size", disk) == 3 * MIB
        assert [label["size_mib"] for label in labels(volume, disk)] == ["3"] * 3
    else:
        assert code_of(second, "exists", disk) == "UNFINISHED_IMAGE"
    # Not a second creation at once: the bricks may keep the first one's lock until its client goes.
    assert second("remove", disk)
    assert second("create", disk, 5)
    assert sizes(volume, disk) == complete(volume, 5)
    assert disks_on_bricks(volume) == [disk]
    assert second("remove", disk)
