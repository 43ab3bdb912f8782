# SPDX-License-Identifier: BSD-2-Clause
"""This node as Ganeti describes it: where files lie, where the volume is mounted.

Everything is read anew when it is asked for: a request of the node daemon lives for a moment, and
what it was forked from may be older than the files.
"""

from ganeti import constants, pathutils, ssconf, utils

from ganeti_gluster import _native


def paths() -> _native.NodePaths:
    """Where Ganeti keeps its files, also on a node of a virtual cluster."""
    return _native.NodePaths(
        ganeti_data_dir=pathutils.DATA_DIR,
        instance_disks_dir=pathutils.DISK_LINKS_DIR,
        noded_pid_file=utils.DaemonPidFileName(constants.NODED),
        file_storage_paths_file=pathutils.FILE_STORAGE_PATHS_FILE,
    )


def storage_dir() -> str:
    """Where the cluster wants its volume mounted."""
    return ssconf.SimpleStore().GetGlusterStorageDir() or pathutils.DEFAULT_GLUSTER_STORAGE_DIR


def load_settings() -> _native.Settings:
    """The node's settings. @raise _native.SettingsError: if they have a mistake"""
    return _native.Settings.load(paths().settings_file)


def mounter(directory: str, settings: _native.Settings | None = None) -> _native.Mounter:
    """What mounts on `directory`, with the node's settings unless others are given.

    @raise _native.Error: if the settings have a mistake, or the directory is no absolute path
    """
    return _native.Mounter(directory, settings or load_settings(), paths())


def policy() -> _native.PathPolicy:
    """Which paths the node's admin allows for disks in files."""
    return _native.PathPolicy(pathutils.FILE_STORAGE_PATHS_FILE)
