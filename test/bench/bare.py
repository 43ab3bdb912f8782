# SPDX-License-Identifier: BSD-2-Clause
"""The system calls without which the promises about a disk cannot be kept, and nothing else."""

import ctypes
import fcntl
import os
import select
import struct
import subprocess

_AT_FDCWD = -100
_AT_EMPTY_PATH = 0x1000
_AT_STATX_FORCE_SYNC = 0x2000
_STATX_BASIC_STATS = 0x7FF
_F_OFD_SETLK = 37
_libc = ctypes.CDLL(None, use_errno=True)
_answer = ctypes.create_string_buffer(256)


def _ask(dir_fd: int, path: str = "") -> None:
    """A look past the kernel's cache."""
    flags = _AT_STATX_FORCE_SYNC | (0 if path else _AT_EMPTY_PATH)
    if _libc.statx(dir_fd, path.encode(), flags, _STATX_BASIC_STATS, _answer) != 0:
        raise OSError(ctypes.get_errno(), "statx", path)


def round_trip(root: int) -> None:
    """One answer of the mount, from an expendable child that is waited for with a limit."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        _ask(root)
        os.write(writer, b"y")
        os._exit(0)
    os.close(writer)
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    assert poll.poll(10_000) and os.read(reader, 1) == b"y"
    os.close(reader)
    os.waitpid(child, 0)


def _lease(storage_dir: str) -> int:
    """A mount that is known and answers."""
    root = os.open(storage_dir, os.O_PATH | os.O_DIRECTORY)
    with open("/proc/self/mountinfo", "rb") as table:
        table.read()
    round_trip(root)
    return root


def mount(source: str, storage_dir: str) -> None:
    subprocess.run(["mount", "-t", "glusterfs", source, storage_dir], check=True)
    os.close(_lease(storage_dir))


def construct(storage_dir: str, path: str) -> None:
    root = _lease(storage_dir)
    size(path)
    os.close(root)


def create(path: str, size_bytes: int) -> None:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    os.ftruncate(fd, size_bytes)
    os.fsync(fd)
    os.close(fd)


def assemble(state_dir: str) -> None:
    """A record that is replaced under a lock, which names its holder."""
    lock = os.open(f"{state_dir}/bare-lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    os.pwrite(lock, _read("/proc/self/stat") + _read("/proc/self/cmdline"), 0)
    fd = os.open(f"{state_dir}/.bare", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(fd, b"held")
    os.close(fd)
    os.rename(f"{state_dir}/.bare", f"{state_dir}/bare")
    os.close(lock)


def size(path: str) -> None:
    _ask(_AT_FDCWD, path)


def grow(path: str, size_bytes: int) -> None:
    """Nobody else grows it, its size is asked anew, the volume has room, and the label tells."""
    fd = os.open(path, os.O_RDWR)
    fcntl.fcntl(fd, _F_OFD_SETLK, struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 1 << 62, 1, 0))
    os.fsync(fd)
    _ask(fd)
    os.fstatvfs(fd)
    os.ftruncate(fd, size_bytes)
    os.fsync(fd)
    os.setxattr(fd, "user.bare.label", b"x" * 120)
    os.close(fd)


def _read(file: str) -> bytes:
    fd = os.open(file, os.O_RDONLY)
    content = os.read(fd, 4096)
    os.close(fd)
    return content
