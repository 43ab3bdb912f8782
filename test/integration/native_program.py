# SPDX-License-Identifier: BSD-2-Clause
"""Runs in a machine: native_program.py SOURCE STORAGE_DIR DISK CASE: the Python module on a volume.

Each function is one case; what it asserts must hold, and it leaves no image.
"""

import gc
import sys
import threading

from ganeti_gluster import _native

MIB = 1 << 20
# More than is taken between two calls of a progress function.
SIZE_MIB = 128


class Cancelled(Exception):
    """What a callback raises."""


def refused(call: object, *arguments: object) -> str:
    """What ValueError a call raises."""
    try:
        call(*arguments)  # type: ignore[operator]
    except ValueError as error:
        return str(error)
    raise AssertionError("not refused")


def callback(mounter: _native.Mounter, volume: _native.GlusterVolume, disk: str) -> None:
    """A progress function is called; what it raises cancels and comes out unchanged."""
    calls: list[tuple[int, int]] = []
    raised = Cancelled("enough")

    def progress(done: int, total: int) -> None:
        calls.append((done, total))
        if len(calls) == 1:
            raise raised

    options = _native.SpaceOptions(_native.Preallocation.falloc, progress=progress)

    with mounter.ensure_mounted(volume) as lease:
        helper = _native.FileDeviceHelper(_native.FuseStore(lease), disk)
        try:
            helper.create(SIZE_MIB, options=options)
        except Cancelled as caught:
            assert caught is raised
            assert caught.__traceback__ is not None
        else:
            raise AssertionError(f"not cancelled: {calls}")
        assert not helper.exists()
        helper.create(SIZE_MIB, options=options)  # only the first call raises
        assert calls[-1] == (SIZE_MIB * MIB, SIZE_MIB * MIB), calls
        assert helper.size() == SIZE_MIB * MIB
        assert helper.remove()
    storage = _native.GlusterStorage(mounter, volume, disk)
    calls.clear()  # so that the next is the first again
    try:
        storage.create(SIZE_MIB, options=options)
    except Cancelled as caught:
        assert caught is raised
    else:
        raise AssertionError(f"not cancelled: {calls}")
    assert not storage.attach()
    storage.close()  # the exception has a traceback, which keeps everything here alive


def threads(mounter: _native.Mounter, volume: _native.GlusterVolume, disk: str) -> None:
    """A callback runs in the thread that called, while another thread has the GIL now and then."""
    stop = threading.Event()
    counter = threading.Thread(target=lambda: [None for _ in iter(stop.is_set, True)])
    counter.start()
    names: set[str] = set()

    def progress(done: int, total: int) -> None:
        names.add(threading.current_thread().name)

    options = _native.SpaceOptions(_native.Preallocation.full, progress=progress)
    storage = _native.GlusterStorage(mounter, volume, disk)
    storage.create(16, options=options)
    stop.set()
    counter.join()
    assert names == {threading.main_thread().name}
    assert storage.remove()


def images(mounter: _native.Mounter, volume: _native.GlusterVolume, disk: str) -> None:
    """What the store and the helper tell of an image."""
    with mounter.ensure_mounted(volume, _native.Retry.at_once) as lease:
        assert lease.volume == volume
        assert lease.root() > 2
        store = _native.FuseStore(lease)
        helper = _native.FileDeviceHelper(store, disk)
        assert store.find(disk) is None
        helper.create(4, _native.ImageLabel(instance="inst1"))
        label = helper.label()
        assert label is not None and (label.instance, label.disk) == ("inst1", disk)
        assert label.created is not None and label.created > 1_600_000_000
        found = store.find(_native.DiskPath(disk))
        assert found is not None and (found.size_bytes, found.mode) == (4 * MIB, 0o600)
        content = store.find_attribute(disk, _native.ImageLabel.ATTRIBUTE)
        assert content is not None and _native.ImageLabel.parse(content) == label
        assert store.find_attribute(disk, "user.none") is None
        assert helper.disk.file_name in store.list()
        space = store.space()
        assert space.size_bytes >= space.free_bytes > 0
        helper.grow(1)
        assert helper.info().size_bytes == 5 * MIB
        assert helper.remove() and not helper.remove()


def released(mounter: _native.Mounter, volume: _native.GlusterVolume, disk: str) -> None:
    """What is left of a lease that was released refuses to work."""
    lease = mounter.ensure_mounted(volume)
    store = _native.FuseStore(lease)
    helper = _native.FileDeviceHelper(store, disk)
    assert lease.release() is _native.Release.released
    assert lease.release() is _native.Release.not_mounted
    for call in (lease.root, lease.check, store.list, store.space, helper.exists, helper.create):
        arguments = (1,) if call == helper.create else ()
        assert refused(call, *arguments) == "the lease was released"
    assert refused(_native.FuseStore, lease) == "the lease was released"


def dropped(mounter: _native.Mounter, volume: _native.GlusterVolume, disk: str) -> None:
    """A lease lives as long as what works through it, and then gives the mount back."""
    helper = _native.FileDeviceHelper(_native.FuseStore(mounter.ensure_mounted(volume)), disk)
    gc.collect()
    assert not helper.exists()
    assert mounter.find_mounted_volume() == volume
    del helper
    assert mounter.find_mounted_volume() is None
    assert mounter.used_volumes() == [volume]


def error(mounter: _native.Mounter, volume: _native.GlusterVolume, disk: str) -> None:
    """An error of the volume arrives as its leaf, with an errno."""
    storage = _native.GlusterStorage(mounter, volume, disk)
    assert not storage.attach()
    assert storage.state is _native.DiskState.absent
    try:
        storage.size()
    except _native.ImageError as caught:
        assert (caught.code, caught.errno, caught.subject != "") == ("ENOENT", 2, True)
    else:
        raise AssertionError("there is an image")


def main(source: str, storage_dir: str, disk: str, what: str) -> None:
    cases = {
        case.__name__: case for case in (callback, threads, images, released, dropped, error)
    }
    cases[what](_native.Mounter(storage_dir), _native.GlusterVolume.parse(source), disk)


if __name__ == "__main__":
    main(*sys.argv[1:])
