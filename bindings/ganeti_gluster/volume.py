# SPDX-License-Identifier: BSD-2-Clause
"""A Gluster volume with the names and manners of Ganeti's class."""

from types import TracebackType
from typing import Any

from ganeti import netutils, utils

from ganeti_gluster import _native, node
from ganeti_gluster.failures import as_block_device_errors

# A look-up that takes longer is given up; the name serves as well.
_RESOLVE_SECONDS = 5.0


class GlusterVolume:
    """A volume on a server: `server_addr`, `port`, `volume`, mounted on `mount_point`.

    Nothing is looked up when it is made, compared, hashed or printed. Equal is what has the same
    server as it is written, port and volume.
    """

    def __init__(
        self,
        server_addr: str,
        port: int | str,
        volume: str,
        _run_cmd: Any = utils.RunCmd,
        _mount_point: str | None = None,
    ) -> None:
        """Only the port is checked here, as a number.

        @param server_addr: name or address, or several with commas; empty means 127.0.0.1
        @param volume: name of the volume, or name/directory
        @param _run_cmd: Ganeti's class runs its commands by it; kept, and not used
        @param _mount_point: in place of the cluster's storage dir
        @raise ValueError: if the port is none
        """
        self.server_addr = server_addr or "127.0.0.1"
        self._port = netutils.ValidatePortNumber(port)
        self._volume = volume
        self._run_cmd = _run_cmd
        self.mount_point = _mount_point or node.storage_dir()
        self._lease: _native.Lease | None = None

    @property
    def native(self) -> _native.GlusterVolume:
        """The library's value. @raise _native.VolumeError: if Gluster would not accept it"""
        return _native.GlusterVolume([self.server_addr], self._port, self._volume)

    @property
    def server_ip(self) -> str:
        """An address of the first server, IPv4 if there is one; its name if it does not resolve."""
        with as_block_device_errors():
            server = _native.resolve(self.native, _RESOLVE_SECONDS).servers[0]
        return next((a for a in server.addresses if ":" not in a), None) or next(
            iter(server.addresses), server.host
        )

    @property
    def port(self) -> int:
        """Where the servers hand out the volume's description."""
        return self._port

    @property
    def volume(self) -> str:
        """Its name."""
        return self._volume

    def _key(self) -> tuple[str, int, str]:
        return (self.server_addr, self._port, self._volume)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, GlusterVolume):
            return NotImplemented
        return self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def __repr__(self) -> str:
        return f'GlusterVolume("{self.server_addr}", {self._port}, "{self._volume}")'

    def GetKVMMountString(self, path: str) -> str:
        """The URI by which QEMU reaches a file of the volume.

        @raise errors.BlockDeviceError: if there is none that Ganeti's KVM code can read
        """
        with as_block_device_errors():
            native = self.native
            settings = node.load_settings().for_volume(native.name)
            known = _native.resolve(_native.with_settings(native, settings), _RESOLVE_SECONDS)
            return f"{_native.ganeti_uri_base(known)}/{path}"

    def Mount(self) -> "MountedVolume":
        """Mounts the volume if it is not, and keeps it until Unmount or the end of this object.

        @return: a context manager at whose end the volume is given back
        @raise errors.BlockDeviceError: if it cannot be mounted, or something else is
        """
        with as_block_device_errors():
            if self._lease is None:
                self._lease = node.mounter(self.mount_point).ensure_mounted(self.native)
        return MountedVolume(self)

    def Unmount(self) -> None:
        """Gives the mount back. It stays if something on this node needs it.

        @raise errors.BlockDeviceError: if it cannot be told
        """
        with as_block_device_errors():
            if self._lease is not None:
                lease, self._lease = self._lease, None
                lease.release()
            else:
                node.mounter(self.mount_point).release_idle()


class MountedVolume:
    """A volume for the time of a `with` statement."""

    def __init__(self, volume: GlusterVolume) -> None:
        self.volume = volume

    def __enter__(self) -> "MountedVolume":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.volume.Unmount()
