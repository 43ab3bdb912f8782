# SPDX-License-Identifier: BSD-2-Clause
"""Runs in a machine: answers requests as Ganeti's node daemon does, with our class in it.

Each line of standard input is a request, `{"call": NAME, "args": [...]}`, for a function of
Ganeti's backend module; disks are written as `{"disk": {...}}`. Each is answered by a child forked
from this process, which ends by os._exit, as the daemon's do.
"""

import json
import logging
import os
import sys
from typing import Any

sys.path.insert(0, "/usr/share/ganeti/3.0")
import ganeti_gluster.backend  # noqa: E402

sys.modules["ganeti.storage.gluster"] = ganeti_gluster.backend
from ganeti import backend, constants, objects  # noqa: E402
from ganeti.storage import bdev, container  # noqa: E402

from ganeti_gluster import seams  # noqa: E402


def storage_list(kind: str, paths: list[str], name: str | None, fields: list[str]) -> Any:
    """What the daemon does for list-storage."""
    return container.GetStorage(kind, paths).List(name, fields)


def import_command(disk: objects.Disk) -> Any:
    """The words that fill a disk."""
    return backend._RecursiveFindBD(disk).Import()


def export_command(disk: objects.Disk) -> Any:
    """The words that read a disk."""
    return backend._RecursiveFindBD(disk).Export()


def device(disk: objects.Disk) -> Any:
    """What a disk looks like from outside."""
    found = bdev.FindDevice(disk, [])
    if found is None:
        return None
    return {"dev_path": found.dev_path, "attached": found.attached, "repr": repr(found)}


def link(name: str, disks: list[objects.Disk]) -> Any:
    """What the daemon does with the disks of an instance that it starts."""
    instance = objects.Instance(
        name=name, hypervisor=constants.HT_KVM, disks_info=disks, disk_template="gluster"
    )
    return [path for _, path, _ in backend._GatherAndLinkBlockDevs(instance)]


def decoded(value: Any) -> Any:
    """An argument with its disks as Ganeti's objects."""
    if isinstance(value, dict) and "disk" in value:
        return objects.Disk.FromDict(value["disk"])
    if isinstance(value, dict) and "instance" in value:
        return objects.Instance(name=value["instance"], hypervisor=constants.HT_KVM)
    return [decoded(item) for item in value] if isinstance(value, list) else value


def plain(value: Any) -> Any:
    """A result with Ganeti's objects as dictionaries."""
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.ToDict() if hasattr(value, "ToDict") else value


def answer(request: dict[str, Any]) -> dict[str, Any]:
    """The result of a request, or how it failed."""
    call = globals().get(request["call"]) or getattr(backend, request["call"])
    try:
        result = call(*decoded(request["args"]))
    except backend.RPCFail as err:
        return {"failed": str(err)}
    except Exception as err:
        return {"raised": type(err).__name__, "text": str(err)}
    return {"ok": plain(result)}


def main() -> None:
    """Reads requests until the end of standard input."""
    constants.DISK_REMOVE_RETRY_TIMEOUT = 1  # seconds; Ganeti's own half minute is for devices in use
    logging.basicConfig(filename=sys.argv[1], level=logging.DEBUG)
    seams.install()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            print(json.dumps(answer(json.loads(line)), default=str), flush=True)
            os._exit(0)
        os.waitpid(child, 0)


main()
