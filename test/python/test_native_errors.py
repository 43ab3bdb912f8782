# SPDX-License-Identifier: BSD-2-Clause
"""The library's errors as Python sees them."""

import errno
import pickle
from pathlib import Path

import pytest
from ganeti_gluster import _native

LEAVES = [
    _native.VolumeError,
    _native.MountError,
    _native.ImageError,
    _native.PathPolicyError,
    _native.SettingsError,
]


def leaf(call: object, *arguments: object) -> _native.Error:
    """The error that a call of the library raises."""
    with pytest.raises(_native.Error) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value


def test_all_errors_are_errors_of_the_library_and_of_nothing_else() -> None:
    for made in LEAVES:
        assert made.__bases__ == (_native.Error,)
    assert _native.Error.__bases__ == (Exception,)


@pytest.mark.parametrize(
    ("expected", "code", "call"),
    [
        (_native.VolumeError, "INVALID_VOLUME", lambda: _native.GlusterVolume(["a b"])),
        (
            _native.VolumeError,
            "UNSUPPORTED_TRANSPORT",
            lambda: _native.GlusterVolume(["a"], transport="rdma"),
        ),
        (_native.MountError, "UNSAFE_STORAGE_DIR", lambda: _native.Mounter("relative")),
        (_native.ImageError, "INVALID_DISK", lambda: _native.DiskPath("ganeti/../etc/passwd")),
        (
            _native.PathPolicyError,
            "PATH_NOT_ALLOWED",
            lambda: _native.PathPolicy("/nonexistent").check("/srv/a"),
        ),
    ],
)
def test_an_error_arrives_as_its_leaf_with_its_code(
    expected: type[_native.Error], code: str, call: object
) -> None:
    error = leaf(call)
    assert type(error) is expected
    assert error.code == code == _native.Errc(code)
    assert error.errno is None


def test_an_error_has_its_parts_and_is_one_line() -> None:
    error = leaf(_native.GlusterVolume, ["node1"], 24007, "gv0", "", "rdma")
    assert error.subject == 'transport "rdma"'
    assert error.why and error.cure
    line = f"{error.subject}: {error.failed}: {error.why}; {error.cure}"
    assert str(error) == line
    assert "\n" not in line


def test_an_errno_is_an_errno_and_has_its_name(tmp_path: Path) -> None:
    error = leaf(_native.Settings.load, str(tmp_path))
    assert type(error) is _native.SettingsError
    assert (error.code, error.errno) == ("EISDIR", errno.EISDIR)
    assert error.why


def test_settings_with_a_mistake_name_the_line(tmp_path: Path) -> None:
    file = tmp_path / "gluster.toml"
    file.write_text("[all]\nunknown = 1\n")
    error = leaf(_native.Settings.load, str(file))
    assert (error.code, error.errno) == (_native.Errc.INVALID_SETTINGS, None)
    assert f"{file}:2" in str(error)


def test_an_error_with_foreign_bytes_arrives() -> None:
    error = leaf(_native.GlusterVolume, [b"node\xff"])
    assert "\\xff" in str(error)


def test_a_disk_as_text_is_checked_like_any_other() -> None:
    mounter = _native.Mounter("/srv/gluster")
    error = leaf(_native.GlusterStorage, mounter, _native.GlusterVolume(["a"]), "etc/passwd")
    assert (type(error), error.code) == (_native.ImageError, "INVALID_DISK")


def test_an_error_of_python_code_has_all_fields() -> None:
    error = _native.MountError("text")
    assert (str(error), error.code, error.errno, error.why) == ("text", "", None, "")


def test_an_error_survives_pickling() -> None:
    error = leaf(_native.DiskPath, "none")
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), str(copy), vars(copy)) == (type(error), str(error), vars(error))
