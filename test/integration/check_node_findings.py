# SPDX-License-Identifier: BSD-2-Clause
"""What a check can find of a node itself: settings, folders, logs, Ganeti's files."""

import json
from collections.abc import Sequence

from check_findings import CLIENT_LOG, SETTINGS, Provocation, labelled_image
from driver import REAL_DIR
from failure_bed import Bed
from testbed.faults import stopped

NODE_FINDINGS: dict[str, Provocation] = {}
ELSEWHERE = "/mnt/elsewhere"
CONFIG = "/var/lib/ganeti"


def finding(provoke: Provocation) -> Provocation:
    NODE_FINDINGS[provoke.__name__.upper()] = provoke
    return provoke


@finding
def invalid_settings(bed: Bed) -> Sequence[str]:
    bed.client.write_file(SETTINGS, '[all]\nprobe_timeout = "soon"\n')
    return ()


@finding
def volume_unknown(bed: Bed) -> Sequence[str]:
    bed.client.path(SETTINGS).unlink()
    return ()


@finding
def check_timeout(bed: Bed) -> Sequence[str]:
    """The settings lie on a file system that hangs, which the check cannot know."""
    bed.client.mount(bed.other_volume.source, ELSEWHERE)
    bed.stack.callback(bed.client.unmount, ELSEWHERE)
    bed.run(f"cp {SETTINGS} {ELSEWHERE} && mount --bind {ELSEWHERE}/gluster.toml {SETTINGS}", f"umount {SETTINGS}")
    bed.stack.enter_context(stopped(bed.client.fuse_client(ELSEWHERE)))
    return ("-t", "1")


@finding
def unsafe_storage_dir(bed: Bed) -> Sequence[str]:
    bed.run("mkdir -p /run/ganeti && chmod 777 /run/ganeti", "chmod 755 /run/ganeti")
    return ()


@finding
def path_not_allowed(bed: Bed) -> Sequence[str]:
    bed.client.write_file(f"{CONFIG}/ssconf_cluster_name", "cluster.example.com\n")
    bed.client.write_file("/etc/ganeti/file-storage-paths", "/srv/images\n")
    return ()


@finding
def backend_inactive(bed: Bed) -> Sequence[str]:
    """Ganeti is installed as it came, and the cluster has disks on Gluster."""
    bed.client.write_file(f"{CONFIG}/ssconf_enabled_disk_templates", "gluster\n")
    return ()


@finding
def client_log_huge(bed: Bed) -> Sequence[str]:
    bed.mounted()
    bed.run(f"truncate -s 3G {CLIENT_LOG}", f"truncate -s 0 {CLIENT_LOG}")
    return ()


@finding
def client_log_unwritable(bed: Bed) -> Sequence[str]:
    folder = CLIENT_LOG.rpartition("/")[0]
    bed.run(f"mount -t tmpfs -o ro none {folder}", f"umount {folder}")
    return ()


@finding
def client_outdated(bed: Bed) -> Sequence[str]:
    """The cluster of this node's own glusterd works as a later GlusterFS than the client is."""
    bed.mounted()
    bed.client.write_file("/var/lib/glusterd/glusterd.info", "UUID=x\noperating-version=110000\n")
    bed.stack.callback(bed.client.path("/var/lib/glusterd/glusterd.info").unlink)
    return ()


@finding
def image_orphaned(bed: Bed) -> Sequence[str]:
    """One image of a disk that the cluster does not have, beside several that are of no concern."""
    bed.mounted()
    host = bed.client.run(["hostname"]).stdout
    known = {"uuid": "disk-uuid-1", "logical_id": ["file", "ganeti/x"]}
    bed.client.write_file(f"{CONFIG}/ssconf_master_node", host)
    bed.client.write_file(f"{CONFIG}/ssconf_cluster_name", "cluster.example.com\n")
    bed.client.write_file(f"{CONFIG}/config.data", json.dumps({"disks": {"disk-uuid-1": known}}))
    ours = {"cluster": "cluster.example.com", "created": "2026-01-01T00:00:00Z"}
    labelled_image(bed, **ours, disk_uuid="disk-uuid-1")
    labelled_image(bed, **ours | {"cluster": "other.example.com"}, disk_uuid="disk-uuid-2")
    labelled_image(bed, **ours | {"created": "2999-01-01T00:00:00Z"}, disk_uuid="disk-uuid-3")
    bed.run(f"touch {REAL_DIR}/ganeti/unlabelled", f"rm {REAL_DIR}/ganeti/unlabelled")
    labelled_image(bed, **ours, disk_uuid="disk-uuid-4")
    return ()


