# SPDX-License-Identifier: BSD-2-Clause
"""The programs of the build under test, and the one for libgfapi where the library expects it."""

import os
import re
import shutil
from pathlib import Path

from testbed import Machine


def built(path: str) -> str:
    """A program of the build under test."""
    return str(Path(os.environ["GANETI_GLUSTER_BUILD"]) / path)


def installed(name: str, folder: str) -> str:
    """Where the library expects a file; the folder as `installed.hpp` calls it."""
    text = Path(built("lib/installed.hpp")).read_text()
    (path,) = re.findall(rf'{folder} "(.*)"', text)
    return f"{path}/{name}"


def worker_path() -> str:
    """Where the library expects the program for libgfapi."""
    return installed("gfapi-worker", "LIBEXECDIR")


# What must be private to the machines of a cluster where that program is to be installed.
WORKER_OVERLAY = "/usr"


def install_worker(machine: Machine) -> None:
    """Puts the program for libgfapi where the library expects it; without it volumes are mounted."""
    _install(machine, "gfapi-worker", worker_path())


def install_nbd_plugin(machine: Machine) -> None:
    """The same for what nbdkit loads; without it no disk can be served."""
    name = "nbdkit-ganeti-gluster-plugin.so"
    _install(machine, name, installed(name, "PLUGINDIR"))


def _install(machine: Machine, name: str, path: str) -> None:
    target = machine.path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(built(f"lib/{name}"), target)


def remove_worker(machine: Machine) -> None:
    machine.path(worker_path()).unlink()
