# SPDX-License-Identifier: BSD-2-Clause
"""The block device class that Ganeti's node daemon uses for disks of the template `gluster`.

It takes the place of Ganeti's module `storage/gluster.py`, whose names it has.
"""

import errno
import functools
import logging
from collections.abc import Callable
from typing import Any

from ganeti import constants, errors
from ganeti.storage import base

from ganeti_gluster import _native, node
from ganeti_gluster.device import WORLD, Device
from ganeti_gluster.failures import as_block_device_errors
from ganeti_gluster.helper import FileDeviceHelper
from ganeti_gluster.volume import GlusterVolume

__all__ = ["FileDeviceHelper", "GlusterStorage", "GlusterVolume"]

_NUMBER_TAKEN = (
    "; Ganeti gives a new disk the number of its position: one that is free can be named,"
    " gnt-instance modify --disk NUMBER:add"
)
# By its parent's pid, unless that has ended meanwhile.
_OR_END_THE_PIPE = (
    '"$@" || { [ "$(cut -d" " -f4 /proc/$$/stat)" != "$PPID" ] || kill -s TERM "$PPID"; exit 1; }'
)


def _logged(method: Callable[..., Any]) -> Callable[..., Any]:
    """For the node daemon's log: which call of Ganeti's came to which disk."""

    @functools.wraps(method)
    def call(self: "GlusterStorage", *args: Any, **kwargs: Any) -> Any:
        logging.debug("ganeti-gluster: %s %s", method.__name__, self.path)
        return method(self, *args, **kwargs)

    return call


class GlusterStorage(Device):
    """A disk on a Gluster volume; see Ganeti's base.BlockDev for what its methods mean.

    All orders of calls work. Close and Shutdown drop this node's claim on the disk and succeed
    whatever state the world is in; what needs the image raises BlockDeviceError with the cause.
    """

    @classmethod
    def Create(
        cls,
        unique_id: tuple[str, str],
        children: list[base.BlockDev] | None,
        size: int,
        spindles: int | None,
        params: dict[str, Any],
        excl_stor: bool,
        dyn_params: dict[str, Any],
        **kwargs: Any,
    ) -> "GlusterStorage":
        """Creates the image, and attaches to it on the same mount.

        @param size: in MiB
        @raise errors.BlockDeviceError: if it cannot be created; nothing is left of it
        """
        if excl_stor:
            raise errors.ProgrammerError("FileStorage device requested with exclusive_storage")
        if not isinstance(unique_id, (tuple, list)) or len(unique_id) != 2:
            raise ValueError(f"Invalid configuration data {unique_id}")
        logging.debug("ganeti-gluster: Create %s", unique_id[1])
        device = cls.__new__(cls)
        device._set_up(unique_id, children, size, params, dyn_params, **kwargs)
        try:
            device._ready().create(int(size))
        except _native.Error as err:
            base.ThrowError("%s%s", err, _NUMBER_TAKEN if err.errno == errno.EEXIST else "")
        device._is_new = True
        device.attached = True
        device._follow()
        return device

    @_logged
    def Attach(self, **kwargs: Any) -> bool:
        """Looks for the image anew.

        @return: whether it is there
        @raise errors.BlockDeviceError: if that cannot be told
        """
        if self._disk is None:
            self._raise_kept()
        try:
            return self._look()
        except WORLD as err:
            self._keep(err)
            self._raise_kept()

    @_logged
    def Assemble(self) -> None:
        """Records that this node uses the disk's path, which keeps the volume mounted.

        In userspace access only looks whether the image is there.
        """
        with as_block_device_errors():
            self._ready().assemble()
        self._be_attached()

    @_logged
    def Open(self, force: bool = False, exclusive: bool = True) -> None:
        """The same; Ganeti opens disks on a migration's target that it never assembled."""
        with as_block_device_errors():
            self._ready().open()
        self._be_attached()

    @_logged
    def hold_path(self) -> None:
        """Mounts and records that in userspace too, for a program that needs the path."""
        with as_block_device_errors():
            self._ready().hold_path()
        self._be_attached()

    def _be_attached(self) -> None:
        self.attached = True
        self._follow()

    @_logged
    def Close(self) -> None:
        """Drops this node's claim on the disk. The volume is unmounted if that was the last one."""
        self._let_go()

    @_logged
    def Shutdown(self) -> None:
        """The same: Ganeti closes disks that it does not shut down, and the other way round."""
        self._let_go()
        self._forget()

    def _let_go(self) -> None:
        """Succeeds whatever state the world is in."""
        try:
            if self._disk is not None:
                self._disk.close()
            else:
                # The settings may be what is wrong; a hold needs none of them.
                mounter = node.mounter(node.storage_dir(), _native.Settings())
                mounter.drop_hold(self.path)
                mounter.release_idle()
        except WORLD as err:
            logging.warning("%s: cannot drop what this node holds of it: %s", self.path, err)

    @_logged
    def Remove(self) -> bool:
        """Removes the image for good.

        @return: whether there was one
        @raise errors.BlockDeviceError: if the volume did not say that it is gone
        """
        if self._disk is None:
            self._raise_kept()
        with as_block_device_errors():
            removed = self._disk.remove()
        self._failure = None
        self._forget()
        return removed

    @_logged
    def Rename(self, new_id: tuple[str, str]) -> None:
        """Gives the image another name on the volume, and follows."""
        with as_block_device_errors():
            self._ready().rename(new_id[1])
        self.unique_id = new_id
        self.driver, self.path = new_id
        self._follow()

    @_logged
    def Grow(self, amount: int, dryrun: bool, backingstore: bool, excl_stor: bool) -> None:
        """Makes the image larger by some MiB; a dry run checks all that could fail."""
        with as_block_device_errors():
            disk = self._ready()
            if dryrun:
                disk.check_grow(int(amount))
            elif backingstore:
                disk.grow(int(amount))

    @_logged
    def GetActualSize(self) -> int:
        """Size of the image in bytes."""
        with as_block_device_errors():
            return self._ready().size()

    @_logged
    def GetActualDimensions(self) -> tuple[int, None] | None:
        """Size in bytes, and no spindles; nothing if that cannot be told."""
        try:
            return (self.GetActualSize(), None)
        except errors.BlockDeviceError:
            return None

    @_logged
    def GetSyncStatus(self) -> Any:
        """Ganeti's own answer for devices that are no mirrors, unless an error was kept."""
        self._ready()
        return super().GetSyncStatus()

    @_logged
    def SetInfo(self, text: str) -> None:
        """Stores Ganeti's text, and what else is known of the disk, on the image.

        It informs and decides nothing: a creation does not fail for want of it, which would leave
        an image behind that Ganeti knows nothing of.
        """
        try:
            with as_block_device_errors():
                self._ready().set_info(text, self._uuid)
        except errors.BlockDeviceError:
            if not self._is_new:
                raise

    @_logged
    def Import(self) -> list[str]:
        """Command that fills the disk from its standard input."""
        return self._command("import")

    @_logged
    def Export(self) -> list[str]:
        """Command that writes the disk to its standard output, for one end of a shell's pipe.

        If it fails it ends that shell. Ganeti asks the other end alone how it went, which takes
        what it got for all there is, and would then remove this disk.
        """
        return ["/bin/sh", "-c", _OR_END_THE_PIPE, "sh", *self._command("export")]

    def _command(self, name: str) -> list[str]:
        """A command that reaches the volume by itself, mounted or not, and can create nothing."""
        self._ready()
        if not self.Attach():
            base.ThrowError("%s: cannot %s: there is no such image", self.full_path, name)
        return [
            _native.tool,
            "disk",
            name,
            f"--storage-dir={self.volume.mount_point}",
            f"--volume={self.volume.native.to_string()}",
            f"--size={self.size}",
            self.path,
        ]

    @_logged
    def GetUserspaceAccessUri(self, hypervisor: str) -> str:
        """URI by which the hypervisor reaches the disk without the mount."""
        if hypervisor != constants.HT_KVM:
            base.ThrowError(
                "Hypervisor %s doesn't support Gluster userspace access", hypervisor
            )
        self._ready()
        return self.volume.GetKVMMountString(self.path)
