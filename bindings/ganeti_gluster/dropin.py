# Put in place by ganeti-gluster @version@: "ganeti-gluster disable" brings Ganeti's own file back.
# SPDX-License-Identifier: BSD-2-Clause
"""Ganeti's module storage/gluster.py, with what the package ganeti_gluster has for it.

If the package cannot be loaded, the node daemon must start all the same, for the sake of its other
disks. Then whatever is done with a Gluster disk fails and says why; only stopping and closing
succeed, so that an instance can still be stopped and moved to another node.
"""

import logging
from typing import Any, NoReturn

from ganeti import constants
from ganeti.storage import base, container

# Why the package cannot be loaded; `ganeti-gluster status` asks for it.
LOAD_ERROR: str | None = None

try:
    from ganeti_gluster import seams
    from ganeti_gluster.backend import FileDeviceHelper, GlusterStorage, GlusterVolume

    seams.install()
except Exception as err:  # whatever it is
    LOAD_ERROR = f"{type(err).__name__}: {err}"
    # Not logging.error(): this early it would set logging up in a way that nobody asked for.
    logging.getLogger(__name__).error("ganeti-gluster cannot be loaded: %s", LOAD_ERROR)


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    """Raises Ganeti's BlockDeviceError with the reason."""
    base.ThrowError(
        "ganeti-gluster cannot be loaded: %s; install it again and restart the node daemon, or go"
        " back with: ganeti-gluster disable",
        LOAD_ERROR,
    )


if LOAD_ERROR is not None:

    class GlusterVolume:  # type: ignore[no-redef]
        """No volume can be used."""

        __init__ = _refuse

    class FileDeviceHelper:  # type: ignore[no-redef]
        """No image can be used."""

        __init__ = _refuse
        CreateFile = staticmethod(_refuse)

    class GlusterStorage(base.BlockDev):  # type: ignore[no-redef]
        """A disk that may well be there, on a volume that cannot be asked."""

        def __init__(
            self,
            unique_id: tuple[str, str],
            children: list[base.BlockDev] | None,
            size: int,
            params: dict[str, Any],
            dyn_params: dict[str, Any],
            **kwargs: Any,
        ) -> None:
            """Never raises: the node daemon would take that for a disk that is gone."""
            super().__init__(unique_id, children, size, params, dyn_params, **kwargs)
            self.driver, self.path = unique_id
            self.attached = True
            self.dev_path = f"/dev/null/{self.path}"  # nothing can open or create that

        Create = staticmethod(_refuse)
        Assemble = Attach = Open = Remove = Rename = Grow = _refuse
        GetActualSize = GetSyncStatus = GetUserspaceAccessUri = _refuse
        SetInfo = Import = Export = Snapshot = _refuse
        # Read first by whoever wipes or fills a disk.
        size = property(_refuse, lambda self, value: None)

        def GetActualDimensions(self) -> None:
            """Nothing: the caller asks for many disks at once, and must not fail for one."""
            logging.error(
                "%s: size unknown, ganeti-gluster cannot be loaded: %s", self.path, LOAD_ERROR
            )

        def Shutdown(self) -> None:
            """Succeeds: nothing was started here."""

        def Close(self) -> None:
            """The same."""

    class _NoContainer(container._Base):
        """For list-storage, which would show the numbers of whatever file system is there."""

        def __init__(self, paths: list[str]) -> None:
            super().__init__()

        List = _refuse

    getattr(container, "_STORAGE_TYPES", {})[constants.ST_GLUSTER] = _NoContainer
