# SPDX-License-Identifier: BSD-2-Clause
"""One image by its path below the storage dir, with the names and manners of Ganeti's class."""

import os
from collections.abc import Callable
from typing import Any

from ganeti import errors
from ganeti.storage import base

from ganeti_gluster import _native, node
from ganeti_gluster.failures import as_file_errors

_Acceptance = Callable[[str], None]


def _accept(path: str) -> None:
    with as_file_errors():
        node.policy().check(path)


def disk_of(path: str) -> str:
    """The disk whose image lies at a path: `ganeti/<instance-uuid>.<index>`."""
    directory = os.path.normpath(node.storage_dir())
    if not path.startswith(directory + "/"):
        raise errors.ProgrammerError(f"{path} is not below the storage dir {directory}")
    return path[len(directory) + 1 :]


class FileDeviceHelper:
    """Works on one image.

    Whoever gives nothing but a path means the volume that the storage dir belongs to: the one that
    is mounted, or the one that this node would report on.
    """

    def __init__(
        self,
        path: str,
        _file_path_acceptance_fn: _Acceptance | None = None,
        _disk: _native.GlusterStorage | None = None,
    ) -> None:
        """@raise errors.FileStoragePathError: if the node's policy does not allow the path"""
        self.file_path_acceptance_fn = _file_path_acceptance_fn or _accept
        self.path = path
        if _disk is None:
            self.file_path_acceptance_fn(path)
            with as_file_errors():
                mounter = node.mounter(node.storage_dir())
                volume = _native.report_volume(mounter)
                _disk = _native.GlusterStorage(mounter, volume, disk_of(path))
        self._disk = _disk

    @classmethod
    def CreateFile(
        cls,
        path: str,
        size: int,
        create_folders: bool = False,
        _file_path_acceptance_fn: _Acceptance | None = None,
    ) -> "FileDeviceHelper":
        """Creates an image, and its helper.

        @param size: in MiB
        @param create_folders: the one folder of all disks is made whatever this says
        """
        helper = cls(path, _file_path_acceptance_fn)
        with as_file_errors():
            helper._disk.create(int(size))
        return helper

    def Exists(self, assert_exists: bool | None = None) -> bool:
        """Whether there is such an image.

        @param assert_exists: what must be, or errors.BlockDeviceError is raised
        """
        with as_file_errors():
            exists = self._disk.attach()
        if not exists and assert_exists is True:
            base.ThrowError("%s: No such file", self.path)
        if exists and assert_exists is False:
            base.ThrowError("%s: File exists", self.path)
        return exists

    def Remove(self) -> bool:
        """Removes the image. @return: whether there was one"""
        with as_file_errors():
            return self._disk.remove()

    def Size(self) -> int:
        """Its size in bytes."""
        with as_file_errors():
            return self._disk.size()

    def Grow(self, amount: int, dryrun: bool, backingstore: bool, _excl_stor: Any) -> None:
        """Makes it larger by some MiB; a dry run checks all that could fail and changes nothing."""
        with as_file_errors():
            if dryrun:
                self._disk.check_grow(int(amount))
            elif backingstore:
                self._disk.grow(int(amount))
            else:
                self._disk.info()

    def Move(self, new_path: str) -> None:
        """Gives it another name on the same volume."""
        self.file_path_acceptance_fn(new_path)
        with as_file_errors():
            self._disk.rename(disk_of(new_path))
        self.path = new_path
