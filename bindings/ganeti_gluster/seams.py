# SPDX-License-Identifier: BSD-2-Clause
"""The few functions of Ganeti, besides the block device class, that are replaced at run time.

Each is replaced only if it looks as expected; otherwise it stays, which is logged and shown by
`ganeti-gluster status`.
"""

import contextlib
import functools
import importlib
import inspect
import logging
import os
import sys
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

from ganeti import constants, objects
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


def _create_dir(original: Callable[..., Any], file_storage_dir: str) -> Any:
    # The folder of Gluster disks is relative to the volume, not to where the daemon stands.
    return original(file_storage_dir) if os.path.isabs(file_storage_dir) else None


def _paths_of(
    disks: Iterable[objects.Disk], **options: Any
) -> contextlib.AbstractContextManager[None]:
    # Not at the top: Ganeti's module of block devices, which this needs, loads us.
    from ganeti_gluster.held_paths import held_paths

    return held_paths(disks, **options)


def _for_disk(original: Callable[..., Any], disk: objects.Disk, *args: Any) -> Any:
    with _paths_of([disk]):
        return original(disk, *args)


def _for_instance(original: Callable[..., Any], instance: objects.Instance, *args: Any) -> Any:
    with _paths_of(instance.disks_info):
        return original(instance, *args)


def _for_daemon(original: Callable[..., Any], *args: Any) -> Any:
    *_, instance, _component, ieio, ieioargs = args
    if ieio != constants.IEIO_SCRIPT:
        return original(*args)
    # The request ends when the daemon has started; Ganeti tells no node when that has ended.
    with _paths_of([*instance.disks_info, ieioargs[0]], keep=True):
        return original(*args)


def _replace_function(
    module: ModuleType, name: str, parameters: str, ours: Callable[..., Any]
) -> str | None:
    original = getattr(module, name, None)
    if not inspect.isfunction(original):
        return "there is no such function"
    signature = inspect.signature(original)
    if list(signature.parameters) != parameters.split():
        return "it takes other arguments"

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        return ours(original, *signature.bind(*args, **kwargs).args)

    setattr(module, name, call)
    return None


def _function(name: str, parameters: str, ours: Callable[..., Any]) -> _Seam:
    """A function of Ganeti's backend that has these arguments; ours gets it before them."""
    replace = functools.partial(_replace_function, name=name, parameters=parameters, ours=ours)
    return _Seam(f"backend.{name}", "ganeti.backend", replace)


_SEAMS = [
    _Seam("container._STORAGE_TYPES", container.__name__, _replace_storage_type),
    _function("CreateFileStorageDir", "file_storage_dir", _create_dir),
    # What runs a program on a path, which in userspace access leads nowhere but in these calls.
    _function("BlockdevWipe", "disk offset size", _for_disk),
    _function("BlockdevImage", "disk image size", _for_disk),
    _function("InstanceOsAdd", "instance reinstall debug", _for_instance),
    _function("RunRenameInstance", "instance old_name debug", _for_instance),
    _function(
        "StartImportExportDaemon",
        "mode opts host port instance component ieio ieioargs",
        _for_daemon,
    ),
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
