# SPDX-License-Identifier: BSD-2-Clause
"""Our classes have the names and arguments of Ganeti's own, for whoever is written against those."""

import inspect
import sys
from pathlib import Path
from types import ModuleType

import pytest

sys.path.insert(0, "/usr/share/ganeti/3.0")
from ganeti import errors  # noqa: E402
from ganeti.storage import base, filestorage, gluster  # noqa: E402

from ganeti_gluster import _native, backend, node  # noqa: E402

PARAMS = {"host": "127.0.0.1", "port": "24007", "volume": "gv0", "access": "kernelspace"}
DISK = ("loop", "ganeti/8a6f0b6e-6c44-4f0a-9d0c-1a7f5c1f2c33.0")


def names(cls: type) -> set[str]:
    return {name for name in vars(cls) if not name.startswith("_") or name == "__init__"}


def parameters(cls: type, name: str) -> list[str]:
    member = inspect.getattr_static(cls, name)
    if isinstance(member, property):
        return []
    return list(inspect.signature(getattr(cls, name)).parameters)


@pytest.mark.parametrize(
    "module, name",
    [
        (gluster, "GlusterVolume"),
        (gluster, "GlusterStorage"),
        (filestorage, "FileDeviceHelper"),
        (base, "BlockDev"),
    ],
)
def test_every_name_is_there_with_the_same_arguments(module: ModuleType, name: str) -> None:
    stock = getattr(module, name)
    ours = getattr(backend, "GlusterStorage" if name == "BlockDev" else name)
    for member in names(stock):
        # What ours takes besides, at the end, has defaults.
        wanted = parameters(stock, member)
        assert parameters(ours, member)[: len(wanted)] == wanted, member


def volume(host: str = "203.0.113.42", port: int | str = 24007) -> backend.GlusterVolume:
    return backend.GlusterVolume(host, port, "testvol", _mount_point="/nowhere")


def test_volumes_are_equal_by_what_they_are_called() -> None:
    assert volume() == volume(port="24007") and hash(volume()) == hash(volume(port="24007"))
    assert volume() != volume(port=9001) and volume() != "testvol"
    assert volume("") == volume("127.0.0.1")
    assert repr(volume()) == 'GlusterVolume("203.0.113.42", 24007, "testvol")'


def test_a_name_that_does_not_resolve_stands_for_itself() -> None:
    unknown = volume("nosuch.invalid")
    assert unknown.server_ip == "nosuch.invalid"
    assert unknown.GetKVMMountString("a/b") == "gluster://nosuch.invalid:24007/testvol/a/b"


def test_qemu_gets_addresses() -> None:
    assert volume().GetKVMMountString("a/b") == "gluster://203.0.113.42:24007/testvol/a/b"
    assert volume("localhost").server_ip == "127.0.0.1"


@pytest.mark.parametrize("host", ["2001:DB8::1", "no_such.invalid"])
def test_a_server_that_ganeti_cannot_write_in_a_uri_is_told_early(host: str) -> None:
    with pytest.raises(errors.BlockDeviceError, match="neither an IPv6 address nor a name with '_'"):
        volume(host).GetKVMMountString("a/b")
    assert volume(f"{host},203.0.113.42").GetKVMMountString("a/b") == (
        "gluster://203.0.113.42:24007/testvol/a/b"
    )


def test_the_settings_belong_to_the_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "gluster.toml"
    monkeypatch.setattr(node, "load_settings", lambda: _native.Settings.load(str(file)))
    file.write_text('[volume.testvol]\nsubdir = "vms"\n')
    assert volume().GetKVMMountString("a/b") == "gluster://203.0.113.42:24007/testvol/vms/a/b"
    file.write_text('[volume.testvol]\ntransport = "unix"\nservers = ["/run/glusterd.socket"]\n')
    with pytest.raises(errors.BlockDeviceError, match="a unix socket has none"):
        volume().GetKVMMountString("a/b")


@pytest.mark.parametrize("port", ["many", 0, 65536])
def test_a_port_that_is_none_is_a_value_error(port: int | str) -> None:
    with pytest.raises(ValueError):
        volume(port=port)


@pytest.fixture(autouse=True)
def storage_dir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "storage_dir", lambda: "/nowhere")


def device(unique_id: object = DISK, children: object = None, **params: object) -> object:
    return backend.GlusterStorage(unique_id, children, 64, {**PARAMS, **params}, {}, any="thing")


def test_missing_parameters_are_kept_as_an_error() -> None:
    for params in ({}, None):
        disk = backend.GlusterStorage(DISK, None, 64, params, {})
        with pytest.raises(errors.BlockDeviceError, match="parameters"):
            disk.Assemble()


def test_a_disk_that_is_no_pair_or_has_children_is_refused() -> None:
    for unique_id in (("loop",), ("a", "b", "c"), None):
        with pytest.raises(ValueError):
            device(unique_id)
    with pytest.raises(errors.BlockDeviceError):
        device(children=[object()])
    with pytest.raises(errors.ProgrammerError):
        backend.GlusterStorage.Create(DISK, None, 64, None, PARAMS, True, {})


@pytest.mark.parametrize(
    "unique_id, params, cause",
    [
        (DISK, {"port": "many"}, "port"),
        (DISK, {"volume": "no/../volume"}, "../volume"),
        (DISK, {"host": "a b"}, "a b"),
        (("loop", "ganeti/../../etc/passwd"), {}, "etc/passwd"),
        (("loop", "/etc/passwd"), {}, "etc/passwd"),
        (DISK, {}, "not acceptable|No paths are valid|not below"),
    ],
)
def test_what_cannot_be_is_kept_until_somebody_needs_the_disk(
    unique_id: tuple[str, str], params: dict[str, str], cause: str
) -> None:
    disk = device(unique_id, **params)
    assert disk.attached and disk.dev_path.startswith("/dev/null/")
    for call in (
        disk.Assemble,
        disk.Open,
        lambda: disk.Grow(1, True, True, False),
        disk.GetActualSize,
        disk.GetSyncStatus,
        disk.Remove,
        lambda: disk.Rename(DISK),
        lambda: disk.SetInfo("text"),
        disk.Import,
        disk.Export,
        disk.Attach,
        lambda: disk.size,
    ):
        with pytest.raises(errors.BlockDeviceError, match=cause):
            call()
    assert disk.GetActualDimensions() is None
    assert disk == disk and disk != device(("loop", "ganeti/0"))
    assert "GlusterStorage" in repr(disk)


def test_a_disk_that_qemu_cannot_reach_says_so_when_its_uri_is_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disk = device(host="2001:db8::1")
    monkeypatch.setattr(disk, "_ready", lambda: None)  # no path is allowed on this machine
    with pytest.raises(errors.BlockDeviceError, match="cannot write it as a URI for Ganeti"):
        disk.GetUserspaceAccessUri("kvm")
