# SPDX-License-Identifier: BSD-2-Clause
"""Paths of disks in userspace access, for as long as a program needs them."""

import contextlib
from collections.abc import Iterable, Iterator

from ganeti import constants, objects
from ganeti.storage import bdev

from ganeti_gluster import _native, node
from ganeti_gluster.device import access_of
from ganeti_gluster.failures import as_block_device_errors


def _needs_help(disk: objects.Disk) -> bool:
    """Whether nothing else sees to it that the disk's path leads to its image."""
    is_ours = disk.dev_type == constants.DT_GLUSTER
    return is_ours and access_of(disk.params) is _native.DiskAccess.userspace


def _held_already() -> set[str]:
    """The disks whose paths are held: for another program, or a guest that was started so."""
    with as_block_device_errors():
        return {status.hold.disk for status in node.mounter(node.storage_dir()).holds()}


@contextlib.contextmanager
def held_paths(disks: Iterable[objects.Disk], *, keep: bool = False) -> Iterator[None]:
    """The volume is mounted, and the paths of those of the disks that are in userspace are held.

    At the end all is as it was before.

    @param keep: it is so only after an exception; otherwise the paths stay held until somebody
        closes, shuts down or removes the disks
    @raise errors.BlockDeviceError: if a disk's path cannot be had
    """
    # A disk that is read or written on its own may be one of the instance's as well.
    wanted = {disk.logical_id[1]: disk for disk in disks if _needs_help(disk)}
    held = _held_already() if wanted else set()
    with contextlib.ExitStack() as at_end:
        for path, disk in wanted.items():
            device = bdev.FindDevice(disk, [])
            if device is None:
                continue  # who asked for the disk says so itself
            device.hold_path()
            if path not in held:
                at_end.callback(device.Close)
        yield
        if keep:
            at_end.pop_all()
