# SPDX-License-Identifier: BSD-2-Clause
"""The watch of a mount table."""

from testbed import Client, Volume, watched_mounts


def test_every_change_is_told_also_one_that_is_over_before_anybody_looks(
    client: Client, volume: Volume
) -> None:
    target = "/run/watched"
    client.run(["mkdir", target])
    with watched_mounts(client) as watch:
        client.run(["grep", "-c", "", "/proc/self/mountinfo"])
        assert watch.changes() == []
        client.run(["sh", "-c", f"mount -t tmpfs none {target} && umount {target}"])
        told = watch.changes()
        assert told and not any(told)
        client.mount(volume.source, target)
        assert watch.changes()[-1] == [target]
        client.unmount(target)
        assert watch.changes()[-1] == []
        assert watch.changes() == []
