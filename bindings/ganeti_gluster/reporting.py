# SPDX-License-Identifier: BSD-2-Clause
"""What `gnt-node list-storage --storage-type=gluster` shows."""

from typing import Any

from ganeti import constants, errors
from ganeti.storage import container

from ganeti_gluster import _native, node

_MIB = 1 << 20


class GlusterContainer(container._Base):
    """The volume on a storage dir as Ganeti lists storage.

    The numbers are the volume's own and of one copy, mounted or not; no file is looked at. Where
    they cannot be had, the node's row fails and says why.
    """

    def __init__(self, paths: list[str]) -> None:
        """@param paths: the cluster's storage dir"""
        super().__init__()
        self._paths = paths

    def List(self, name: str | None, fields: list[str]) -> list[list[Any]]:
        """One row for each storage dir, fields in the order asked for, sizes in MiB."""
        if name is not None and name not in self._paths:
            raise errors.StorageError(f"{name}: no storage dir of this cluster's Gluster volumes")
        return [self._row(path, fields) for path in self._paths]

    @staticmethod
    def _row(path: str, fields: list[str]) -> list[Any]:
        try:
            space = _native.report_space(node.mounter(path)).space
        except _native.Error as err:
            raise errors.StorageError(str(err)) from err
        values = {
            constants.SF_NAME: path,
            constants.SF_USED: space.used_bytes // _MIB,
            constants.SF_FREE: space.free_bytes // _MIB,
            constants.SF_SIZE: space.size_bytes // _MIB,
            constants.SF_ALLOCATABLE: True,
        }
        try:
            return [values[field] for field in fields]
        except KeyError as err:
            raise errors.StorageError(f"Unknown field: {err}") from None
