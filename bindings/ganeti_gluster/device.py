# SPDX-License-Identifier: BSD-2-Clause
"""A disk's object in a request of the node daemon: what is known of the disk, and the error that is
kept if that cannot be told.
"""

import logging
from typing import Any, NoReturn

from ganeti import constants, errors
from ganeti.storage import base

from ganeti_gluster import _native, node
from ganeti_gluster.helper import FileDeviceHelper
from ganeti_gluster.volume import GlusterVolume

# What can stand in the way of a disk without being a fault of who asks for it.
WORLD = (_native.Error, errors.GenericError, ValueError)


def access_of(params: dict[str, Any] | None) -> _native.DiskAccess:
    """Who reads a disk with these parameters for its guest.

    Ganeti gives hypervisors the URI of a disk only if the parameter says so. With none, or one that
    Ganeti does not know, they get the path, and so need the mount.
    """
    if (params or {}).get(constants.LDP_ACCESS) == constants.DISK_USERSPACE:
        return _native.DiskAccess.userspace
    return _native.DiskAccess.kernelspace


class Device(base.BlockDev):
    """What Ganeti's base.BlockDev has besides methods: attributes, with the names of Ganeti's class.

    The constructor never raises for the state of the outside world. The node daemon would take that
    for "the disk is gone" and leak its image, or would fail to stop an instance. The error is kept,
    `attached` is true, and every operation on the image raises it. Close and Shutdown drop this
    node's claim on the disk and succeed. Only a volume that answered that there is no such image
    makes `attached` false. All orders of calls work.
    """

    def __init__(
        self,
        unique_id: tuple[str, str],
        children: list[base.BlockDev] | None,
        size: int,
        params: dict[str, Any],
        dyn_params: dict[str, Any],
        **kwargs: Any,
    ) -> None:
        """@raise ValueError: if the unique id is not a pair
        @raise errors.BlockDeviceError: if there are children
        """
        if not self._set_up(unique_id, children, size, params, dyn_params, **kwargs):
            return
        try:
            self._look()
        except WORLD as err:
            self._keep(err)

    def _set_up(
        self, unique_id: Any, children: Any, size: Any, params: Any, dyn_params: Any, **kwargs: Any
    ) -> bool:
        """Everything but a look at the volume. @return: whether that can be tried"""
        if children:
            base.ThrowError("Invalid setup for file device")
        try:
            self.driver, self.path = unique_id
        except (TypeError, ValueError):
            raise ValueError(f"Invalid configuration data {unique_id!r}") from None
        self._failure: Exception | None = None
        self._disk: _native.GlusterStorage | None = None
        self._is_new = False
        self._uuid = kwargs.get("uuid") or ""
        self.volume: GlusterVolume | None = None
        self.full_path: str | None = None
        self.file: FileDeviceHelper | None = None
        super().__init__(unique_id, children, size, params, dyn_params, **kwargs)
        names = (constants.GLUSTER_HOST, constants.GLUSTER_PORT, constants.GLUSTER_VOLUME)
        missing = [name for name in names if name not in (params or {})]
        if missing:
            self._keep(errors.BlockDeviceError(f"the disk's parameters lack {', '.join(missing)}"))
            return False
        try:
            self.volume = GlusterVolume(*(params[name] for name in names))
            self.full_path = f"{self.volume.mount_point}/{self.path}"
            mounter = node.mounter(self.volume.mount_point)
            self._disk = _native.GlusterStorage(
                mounter, self.volume.native, self.path, node.policy(), access_of(params)
            )
        except WORLD as err:
            self._keep(err)
        return self._failure is None

    def _keep(self, err: Exception) -> None:
        logging.error("%s: kept until somebody needs the disk: %s", self.path, err)
        # Without its frames, which would keep this object and its mount until the request ends.
        self._failure = err.with_traceback(None)
        self.attached = True
        self.dev_path = f"/dev/null/{self.path}"

    def _look(self) -> bool:
        """Asks the volume for the image."""
        self._failure = None
        self.attached = self._disk.attach()
        self._follow()
        if not self.attached:
            # Ganeti asks nothing more of a disk that is not there: its hold would stay for ever.
            self._disk.close()
        return self.attached

    def _follow(self) -> None:
        self.full_path = self.dev_path = self._disk.device_path
        self.file = FileDeviceHelper(self.full_path, _disk=self._disk)

    def _forget(self) -> None:
        self.file = None
        self.dev_path = None
        self.attached = False

    def _raise_kept(self) -> NoReturn:
        logging.error("%s", self._failure)
        raise errors.BlockDeviceError(str(self._failure)) from self._failure

    def _ready(self) -> _native.GlusterStorage:
        """The library's object, unless an error was kept."""
        if self._failure is not None:
            self._raise_kept()
        return self._disk

    @property
    def size(self) -> int:
        """Size in MiB as Ganeti's configuration has it.

        Raises what was kept: whoever wipes or fills a disk reads this first.
        """
        if self._failure is not None:
            self._raise_kept()
        return self._size

    @size.setter
    def size(self, value: int) -> None:
        self._size = value

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Device):
            return False
        names = (
            "_children unique_id dev_path major minor attached _size params dyn_params".split()
        )
        return all(getattr(self, name) == getattr(other, name) for name in names)

    __hash__ = None
