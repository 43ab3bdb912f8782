# SPDX-License-Identifier: BSD-2-Clause
"""The few functions of Ganeti, besides the block device class, that are replaced at run time.

Each is replaced only if it looks as expected; otherwise it stays, which is logged and shown by
`ganeti-gluster status`.
"""

import functools
import importlib
import inspect
import logging
import os
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

from ganeti import constants
from ganeti.storage import container


class _Seam:
    """One thing of a Ganeti module, and what takes its place."""

    def __init__(self, name: str, module: str, replace: Callable[[ModuleType], str | None]) -> None:
        """@param replace: puts ours in place and returns nothing, or why it did not"""
        self.name = name
        self.module = module
        self.state = "waiting"
        self.detail = ""
        self._replace = replace

    def install(self) -> None:
        """Does nothing while the module is still being loaded, and nothing a second time."""
        module = sys.modules.get(self.module)
        if self.state != "waiting" or module is None or module.__spec__._initializing:
            return
        try:
            self.detail = self._replace(module) or ""
        except Exception as err:  # a Ganeti that is not what we know
            self.detail = repr(err)
        self.state = "left alone" if self.detail else "in place"
        if self.detail:
            logging.getLogger(__name__).warning("%s stays as it is: %s", self.name, self.detail)


def _replace_storage_type(module: ModuleType) -> str | None:
    from ganeti_gluster.reporting import GlusterContainer

    types = module._STORAGE_TYPES
    if types.get(constants.ST_GLUSTER) is not module.FileStorage:
        return "it lists another class for gluster than FileStorage"
    types[constants.ST_GLUSTER] = GlusterContainer
    return None


def _replace_create_dir(module: ModuleType) -> str | None:
    original = getattr(module, "CreateFileStorageDir", None)
    if not inspect.isfunction(original):
        return "there is no such function"
    if list(inspect.signature(original).parameters) != ["file_storage_dir"]:
        return "it takes other arguments"

    @functools.wraps(original)
    def create_file_storage_dir(file_storage_dir: str) -> Any:
        # The folder of Gluster disks is relative to the volume, not to where the daemon stands.
        if not os.path.isabs(file_storage_dir):
            return None
        return original(file_storage_dir)

    module.CreateFileStorageDir = create_file_storage_dir
    return None


_SEAMS = [
    _Seam("container._STORAGE_TYPES", container.__name__, _replace_storage_type),
    _Seam("backend.CreateFileStorageDir", "ganeti.backend", _replace_create_dir),
]


def _install_loaded() -> None:
    for seam in _SEAMS:
        seam.install()


def install() -> None:
    """Replaces what is loaded now, and the rest in each process that is forked later.

    Ganeti's backend loads us before it is complete itself. The node daemon forks once to become a
    daemon, when everything is loaded, and once for each request.
    """
    _install_loaded()
    os.register_at_fork(after_in_child=_install_loaded)


def report() -> list[tuple[str, str, str]]:
    """Name, state and detail of each seam, as they are in a node daemon."""
    for seam in _SEAMS:
        importlib.import_module(seam.module)
    _install_loaded()
    return [(seam.name, seam.state, seam.detail) for seam in _SEAMS]
