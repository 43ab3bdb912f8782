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
from ganeti import backend, constants, objects, serializer  # noqa: E402
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


def helper(path: str, new_path: str, size_mib: int) -> Any:
    """What becomes of an image in the hands of who has its path alone."""
    made = ganeti_gluster.backend.FileDeviceHelper.CreateFile(path, size_mib, create_folders=True)
    made.Grow(1, False, True, None)
    made.Move(new_path)
    found = ganeti_gluster.backend.FileDeviceHelper(new_path)
    size, removed = found.Size(), found.Remove()
    return [made.path, size, removed, found.Remove(), found.Exists()]


def mount_rows(volume: list[Any]) -> Any:
    """How often a volume is mounted: before, in and after a `with`, twice after another Mount."""

    def rows() -> int:
        return open("/proc/self/mountinfo").read().count(" fuse.glusterfs ")

    counted = [rows()]
    mounted = ganeti_gluster.backend.GlusterVolume(*volume)
    with mounted.Mount():
        counted.append(rows())
    counted.append(rows())
    mounted.Mount()
    mounted.Mount()
    counted.append(rows())
    mounted.Unmount()
    mounted.Unmount()
    return [*counted, rows()]


def device(disk: objects.Disk) -> Any:
    """What a disk looks like from outside."""
    found = bdev.FindDevice(disk, [])
    if found is None:
        return None
    return {"dev_path": found.dev_path, "attached": found.attached, "repr": repr(found)}


def _instance(name: str, disks: list[objects.Disk]) -> objects.Instance:
    return objects.Instance(
        name=name,
        hypervisor=constants.HT_KVM,
        disks_info=disks,
        disk_template="gluster",
        os="probe",
        nics=[],
        secondary_nodes=[],
        osparams={},
        osparams_private=serializer.PrivateDict(),
        beparams={},
        hvparams={},
    )


def link(name: str, disks: list[objects.Disk]) -> Any:
    """What the daemon does with the disks of an instance that it starts."""
    return [path for _, path, _ in backend._GatherAndLinkBlockDevs(_instance(name, disks))]


def start_import(instance: objects.Instance, kind: str, arguments: list[Any]) -> Any:
    """What the daemon does to fill a disk from another node."""
    options = objects.ImportExportOptions(key_name=None, ca_pem=None, ipv6=False)
    return backend.StartImportExportDaemon(
        constants.IEM_IMPORT, options, None, None, instance, "disk0", kind, arguments
    )


def decoded(value: Any) -> Any:
    """An argument with its disks as Ganeti's objects."""
    if isinstance(value, dict) and "disk" in value:
        return objects.Disk.FromDict(value["disk"])
    if isinstance(value, dict) and "instance" in value:
        return _instance(value["instance"], decoded(value.get("disks", [])))
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
