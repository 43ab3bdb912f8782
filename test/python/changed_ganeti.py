# SPDX-License-Identifier: BSD-2-Clause
"""Asks the Ganeti that is on the path for one thing, by the name of a function below."""

import json
import sys
from types import SimpleNamespace
from typing import Any
from unittest import mock

from ganeti import constants, errors, objects


def classes() -> list[str]:
    """Where the class for Gluster disks, and that for list-storage, come from."""
    from ganeti import backend  # as the node daemon loads it
    from ganeti.storage import bdev, container

    disk = bdev.DEV_MAP[constants.DT_GLUSTER]
    unit = container.GetStorage(constants.ST_GLUSTER, ["/run/ganeti/gluster"])
    assert backend.bdev is bdev
    return [disk.__module__, type(unit).__module__]


def classes_first() -> list[str]:
    """The same, if ours are loaded before Ganeti's."""
    import ganeti_gluster.backend
    import ganeti_gluster.reporting

    assert ganeti_gluster.backend and ganeti_gluster.reporting
    return classes()


def _folders(template: str, path: str) -> list[str]:
    from ganeti.cmdlib import instance_storage

    lu = mock.MagicMock()
    disk = objects.Disk(dev_type=template, logical_id=("", path))
    instance = SimpleNamespace(name="instance1", primary_node="node1")
    others = ("GetInstanceInfoText", "CheckDiskTemplateEnabled", "_CreateBlockDev")
    with mock.patch.multiple(instance_storage, **{name: mock.DEFAULT for name in others}):
        instance_storage.CreateDisks(lu, instance, disks=[disk], target_node_uuid="node1")
    return [call.args[1] for call in lu.rpc.call_file_storage_dir_create.call_args_list]


def folders() -> dict[str, list[str]]:
    """The folders that the master asks for when it creates a disk of each template."""
    paths = {constants.DT_FILE: "/srv/disks/instance1/0", constants.DT_GLUSTER: "ganeti/uuid.0"}
    return {template: _folders(template, path) for template, path in paths.items()}


def _export_error(template: str, **options: Any) -> str:
    from ganeti.cmdlib import backup

    defaults: dict[str, Any] = {
        "mode": constants.EXPORT_MODE_LOCAL,
        "remove_instance": False,
        "shutdown": True,
        "long_sleep": False,
        "zero_free_space": False,
        "zeroing_timeout_fixed": None,
        "zeroing_timeout_per_mib": None,
    }
    lu = backup.LUBackupExport.__new__(backup.LUBackupExport)
    state = options.pop("state", constants.ADMINST_UP)
    lu.op = mock.MagicMock(**{**defaults, **options})
    lu.cfg = mock.MagicMock()
    instance = lu.cfg.GetInstanceInfoByName.return_value
    instance.name, instance.admin_state = "instance1", state
    lu.cfg.GetInstanceDisks.return_value = [objects.Disk(dev_type=template)]
    others = ("CheckNodeOnline", "CheckNodeNotDrained", "CheckCompressionTool")
    with mock.patch.multiple(backup, **{name: mock.DEFAULT for name in others}):
        try:
            lu.CheckPrereq()
        except errors.OpPrereqError as error:
            assert error.args[1] == errors.ECODE_STATE
            return str(error.args[0])
    return ""


def exports() -> dict[str, str]:
    """Why an export is refused before anything is done; empty if it is not."""
    gluster = constants.DT_GLUSTER
    return {
        "running": _export_error(gluster),
        "live": _export_error(gluster, shutdown=False),
        "long sleep": _export_error(gluster, long_sleep=True),
        "stopped": _export_error(gluster, state=constants.ADMINST_DOWN),
        "removed afterwards": _export_error(gluster, remove_instance=True),
        "with snapshots": _export_error(constants.DT_PLAIN),
    }


if __name__ == "__main__":
    print(json.dumps(globals()[sys.argv[1]]()))
