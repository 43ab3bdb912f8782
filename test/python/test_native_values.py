# SPDX-License-Identifier: BSD-2-Clause
"""Values of the library as Python sees them."""

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from ganeti_gluster import _native

DISK = "ganeti/c5d5f1a2-9c9b-4d1c-8a4e-6f0a1b2c3d4e.0"
OTHER_DISK = "ganeti/c5d5f1a2-9c9b-4d1c-8a4e-6f0a1b2c3d4e.1"


def test_a_volume_is_made_of_ganetis_parameters() -> None:
    volume = _native.GlusterVolume(["Node1", "::1"], port=24008, volume="gv1/a", transport="tcp")
    assert [server.host for server in volume.servers] == ["node1", "::1"]
    assert (volume.port, volume.name, volume.subdir) == (24008, "gv1", "a")
    assert volume.transport is _native.Transport.tcp
    assert str(volume) == volume.to_string() == "node1,[::1]:24008:/gv1/a"
    assert volume.name_with_subdir() == "gv1/a"
    assert volume.fuse_source() == "node1,::1:/gv1/a"
    assert volume.fuse_options() == ["server-port=24008"]


def test_a_volume_without_a_server_is_on_this_node() -> None:
    assert str(_native.GlusterVolume([])) == "127.0.0.1:/gv0"


def test_volumes_that_are_equal_have_one_hash() -> None:
    parsed = _native.GlusterVolume.parse("node1:gv0")
    made = _native.GlusterVolume(["node1"])
    assert parsed == made
    assert len({parsed, made}) == 1
    assert parsed != _native.GlusterVolume(["node2"])
    assert parsed != "node1:/gv0"


def test_a_volume_is_the_same_with_one_server_in_common() -> None:
    first = _native.GlusterVolume(["node1", "node2"])
    assert first.same_volume(_native.GlusterVolume(["node3"]).with_more_servers(["node2"]))
    assert not first.same_volume(_native.GlusterVolume(["node3"]))


def test_a_volume_takes_resolved_servers() -> None:
    server = _native.Server("node1", ["192.0.2.1"])
    volume = _native.GlusterVolume(["other"]).with_servers([server])
    assert volume.servers == [server]
    assert volume.servers[0].addresses == ["192.0.2.1"]


@pytest.mark.parametrize("limit", [5, 5.0, timedelta(seconds=5)])
def test_a_limit_is_seconds_or_a_timedelta(limit: float | timedelta) -> None:
    volume = _native.resolve(_native.GlusterVolume(["192.0.2.1"]), limit)
    assert volume.servers[0].addresses == ["192.0.2.1"]


@pytest.mark.parametrize("limit", [-1.0, float("nan"), float("inf")])
def test_a_limit_that_is_no_time_is_refused(limit: float) -> None:
    with pytest.raises(ValueError, match="limit must be between 0 and 86400 seconds"):
        _native.resolve(_native.GlusterVolume(["192.0.2.1"]), limit)


def test_paths_are_keywords_and_attributes() -> None:
    paths = _native.NodePaths(state_dir="/elsewhere")
    paths.settings_file = "/none"
    assert (paths.state_dir, paths.settings_file) == ("/elsewhere", "/none")
    assert paths.ganeti_data_dir == _native.NodePaths().ganeti_data_dir == "/var/lib/ganeti"
    with pytest.raises(TypeError):
        _native.NodePaths("/elsewhere")  # type: ignore[misc]


def test_the_clusters_names_come_from_ssconf(tmp_path: Path) -> None:
    paths = _native.NodePaths(ganeti_data_dir=str(tmp_path))
    assert _native.configured_storage_dir(paths) == "/var/run/ganeti/gluster"
    assert _native.cluster_name(paths) == ""
    (tmp_path / "ssconf_gluster_storage_dir").write_text("/srv/gluster\n")
    (tmp_path / "ssconf_cluster_name").write_text("cluster.example.com\n")
    assert _native.configured_storage_dir(paths) == "/srv/gluster"
    assert _native.cluster_name(paths) == "cluster.example.com"


def test_settings_are_read_from_their_file(tmp_path: Path) -> None:
    file = tmp_path / "gluster.toml"
    file.write_text(
        'default_volume = "node1:/gv0"\n[all]\nprobe_timeout = "5s"\n'
        '[volume.gv0]\nservers = ["node2"]\npreallocation = "full"\n'
    )
    settings = _native.Settings.load(str(file))
    assert str(settings.default_volume) == "node1:/gv0"
    assert settings.volumes() == ["gv0"]
    found = settings.for_volume("gv0")
    assert (found.servers, found.probe_timeout) == (["node2"], timedelta(seconds=5))
    assert found.preallocation is _native.Preallocation.full
    assert found.overcommit is _native.Overcommit.warn
    volume = _native.with_settings(_native.GlusterVolume(["node1"]), found)
    assert str(volume) == "node1,node2:/gv0"
    origins = {setting.key: setting.origin for setting in settings.in_force("gv0")}
    assert origins["servers"] == f"{file}:5"
    assert origins["overcommit"] == "default"


def test_no_settings_are_the_defaults() -> None:
    assert _native.Settings().default_volume is None
    assert _native.Settings().for_volume("gv0") == _native.VolumeSettings()
    assert [setting.key for setting in _native.Settings().in_force()][0] == "default_volume"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        _native.VolumeSettings().subdir = "a"  # type: ignore[misc]


def test_a_mounter_keeps_copies_of_what_it_is_made_of() -> None:
    paths = _native.NodePaths(state_dir="/elsewhere")
    mounter = _native.Mounter("/var/run//ganeti/gluster/", paths=paths)
    paths.state_dir = "/changed"
    assert mounter.storage_dir == "/var/run/ganeti/gluster"
    assert mounter.paths.state_dir == "/elsewhere"
    assert mounter.settings.volumes() == []


def test_the_status_of_what_is_not_there_is_told(tmp_path: Path) -> None:
    paths = _native.NodePaths(state_dir=str(tmp_path / "state"))
    status = _native.Mounter(str(tmp_path / "gluster"), paths=paths).status()
    assert status.storage_dir == status.real_path == str(tmp_path / "gluster")
    assert status.state is _native.MountState.not_mounted
    assert str(status.state) == "not mounted"
    assert (status.row, status.client, status.last_failure) == (None, None, None)
    assert (status.holds, status.stray_files) == ([], [])


def test_stray_files_of_any_name_are_told(tmp_path: Path) -> None:
    (tmp_path / "gluster").mkdir()
    (tmp_path / "gluster" / os.fsdecode(b"a\xff\xc3\xa9")).touch()
    paths = _native.NodePaths(state_dir=str(tmp_path / "state"))
    status = _native.Mounter(str(tmp_path / "gluster"), paths=paths).status()
    assert status.stray_files == ["a\\xff\u00e9"]


def test_enumerators_are_the_texts_of_the_tool() -> None:
    assert str(_native.Release.not_mounted) == "not mounted"
    assert _native.Overcommit("refuse") is _native.Overcommit.refuse
    options = _native.SpaceOptions(preallocation="falloc")  # type: ignore[arg-type]
    assert options.preallocation is _native.Preallocation.falloc
    with pytest.raises(TypeError):
        _native.SpaceOptions(preallocation="some")  # type: ignore[arg-type]


def test_a_disk_is_a_checked_path() -> None:
    disk = _native.DiskPath(DISK)
    assert str(disk) == disk.text == DISK
    assert f"{_native.DiskPath.folder()}/{disk.file_name}" == DISK
    assert {disk, _native.DiskPath(DISK)} == {disk}
    assert disk != _native.DiskPath(OTHER_DISK)


@pytest.mark.parametrize("disk", [DISK, _native.DiskPath(DISK)])
def test_a_storage_that_was_not_attached_tells_its_address(disk: str | _native.DiskPath) -> None:
    volume = _native.GlusterVolume(["node1"])
    storage = _native.GlusterStorage(_native.Mounter("/srv/gluster"), volume, disk)
    assert storage.state is _native.DiskState.detached
    assert (storage.disk, storage.volume) == (_native.DiskPath(DISK), volume)
    assert storage.device_path == f"/srv/gluster/{DISK}"


def test_a_policy_allows_what_the_list_allows(tmp_path: Path) -> None:
    allowed = tmp_path / "file-storage-paths"
    allowed.write_text("/srv/gluster\n")
    policy = _native.PathPolicy(str(allowed))
    policy.check("/srv/gluster/ganeti")
    policy.check_folder("/srv/gluster")
    with pytest.raises(_native.PathPolicyError):
        policy.check("/srv/gluster")
    assert _native.PathPolicy.is_forbidden("/etc/ganeti")
    assert not _native.PathPolicy.is_forbidden("/srv/gluster")


def test_a_label_is_written_and_read() -> None:
    label = _native.ImageLabel(cluster="cluster.example.com", size_mib=4, created=1_700_000_000)
    label.set_info("originstname+inst1.example.com")
    assert label.instance == "inst1.example.com"
    parsed = _native.ImageLabel.parse(label.format())
    assert parsed == label
    assert (parsed.size_mib, parsed.created) == (4, 1_700_000_000)
    assert _native.ImageLabel().created is None


def test_a_label_with_foreign_bytes_can_be_read() -> None:
    label = _native.ImageLabel.parse(b"cluster = a\xffb\ninstance = inst1\n")
    assert (label.cluster, label.instance) == ("a\\xffb", "inst1")


def test_a_disk_has_forms_for_hypervisors() -> None:
    volume = _native.GlusterVolume(["node1", "node2"], volume="gv0/vms")
    uri = _native.gluster_uri(volume, DISK)
    assert uri == _native.ganeti_uri(volume, _native.DiskPath(DISK))
    assert uri == f"{_native.ganeti_uri_base(volume)}/{DISK}"
    assert _native.parse_gluster_uri(uri) == (
        _native.GlusterVolume(["node1"], volume="gv0/vms"),
        _native.DiskPath(DISK),
    )
    options = _native.qemu_options(volume, DISK, node_name="disk0", debug=9, log_file="/run/log")
    parsed = json.loads(options.json)
    assert [server["host"] for server in parsed["file"]["server"]] == ["node1", "node2"]
    assert (parsed["node-name"], parsed["file"]["debug"]) == ("disk0", 9)
    assert options.dotted.endswith(",file.debug=9,file.logfile=/run/log")
    assert '<target dev="vdb" />' in _native.libvirt_disk_xml(volume, DISK, "vdb")
    with pytest.raises(_native.VolumeError, match="no fragment"):
        _native.parse_gluster_uri(uri + "#a")


def test_a_volume_has_forms_for_those_who_mount_it() -> None:
    volume = _native.GlusterVolume(["node1", "node2"])
    line = _native.fstab_line(volume, "/mnt/gv0", ["noatime"])
    assert line == "node1,node2:/gv0 /mnt/gv0 glusterfs _netdev,noatime 0 0"
    unit = _native.systemd_mount_unit(volume, "/mnt/gv0")
    assert unit.name == "mnt-gv0.mount" and "Options=_netdev\n" in unit.text
    domain = _native.ovirt_domain(volume)
    assert (domain.spec, domain.vfs_type) == ("node1:/gv0", "glusterfs")
    assert domain.options == "backup-volfile-servers=node2"
    assert "<name>gv0</name>" in _native.libvirt_pool_xml(volume)
