# SPDX-License-Identifier: BSD-2-Clause
"""What Ganeti's own backend does wrong with a mount, and ours does not."""

from cleanliness import REAL_DIR, STRAY_DIR, assert_clean, files
from ill_mounts import foreign_mount
from instances import DISK, MAKE, QEMU, Instances
from testbed import GanetiCluster, GanetiNode
from testbed.faults import Barrier, kill_fuse_client

ROUNDS = 4
PROCESSES = 8
# One of many that use Ganeti's classes without Ganeti's locks. It is alone with its own disk.
CREATE_AND_REMOVE = f"""
import sys
sys.path.insert(0, "/usr/share/ganeti/3.0")
from ganeti.storage.gluster import GlusterStorage
host, number = sys.argv[1:]
unique_id = ("loop", f"ganeti/8f6bd1a5-6b8e-4f2c-9d1a-0c7c3c1f2b11.{{number}}")
params = {{"host": host, "port": 24007, "volume": "gv0", "access": "kernelspace"}}
for _ in range({ROUNDS}):
    disk = GlusterStorage.Create(unique_id, [], 16, None, params, False, {{}})
    assert disk.attached and disk.GetActualSize() == 16 << 20
    with open("/proc/self/mountinfo") as table:
        assert sum(" - fuse.glusterfs " in line for line in table) == 1
    assert disk.Remove()
    disk.Shutdown()
"""


def listed_sizes(ganeti: GanetiCluster) -> tuple[dict[str, int], str]:
    """The size in MiB that each node lists for the volume, and what is said of the other nodes."""
    words = ["--storage-type=gluster", "--no-headers", "--units=m", "-o", "node,size"]
    lines = ganeti.master.gnt("node", "list-storage", *words).stdout.splitlines()
    # Ganeti writes its warnings to standard output as well.
    rows = [line for line in lines if line.startswith(tuple(one.name for one in ganeti.nodes))]
    sizes = {node: int(size) for node, size in map(str.split, rows)}
    return sizes, "".join(f"{line}\n" for line in lines if line not in rows)


def own_size(node: GanetiNode) -> int:
    """The volume's size in MiB, by a mount that is none of Ganeti's."""
    script = (
        f"mkdir -p /run/own; mount -t glusterfs {node.name}:/gv0 /run/own\n"
        "stat -f -c '%b %S' /run/own; umount /run/own"
    )
    blocks, size = node.run(["sh", "-euc", script]).stdout.split()
    return int(blocks) * int(size) >> 20


def test_an_instance_keeps_its_mount_while_others_come_and_go(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    first, last = ganeti.nodes
    instances.add(name)
    (mount,) = first.fuse_mounts()
    instances.add("other.example.com")
    assert first.fuse_mounts() == [mount]
    instances.remove(["other.example.com"])
    assert first.fuse_mounts() == [mount]
    with open(first.path(mount.target) / instances.paths(name)[0], "rb") as disk:
        assert disk.readline().decode() == f"disk 0 of {name}\n"
    # The last one takes the mount along, also when it only goes to another node.
    ganeti.master.gnt("instance", "failover", "-f", "-n", last.full_name, name)
    assert first.fuse_mounts() == [] and len(last.fuse_mounts()) == 1
    instances.remove([name])
    assert last.fuse_mounts() == []
    for node in ganeti.nodes:
        assert not node.path(STRAY_DIR).exists()
        assert "Failed to unmount" not in node.noded_log()


def test_processes_without_ganetis_locks_share_one_mount(ganeti: GanetiCluster) -> None:
    node = ganeti.master
    with Barrier() as barrier:
        for number in range(PROCESSES):
            script = ["/usr/bin/python3", "-B", "-c", CREATE_AND_REMOVE]
            barrier.add(node, [*script, node.full_name, str(number)])
        results = barrier.release()
    assert [(result.returncode, result.stderr) for result in results] == [(0, "")] * PROCESSES
    assert_clean(ganeti)


def test_whatever_comes_next_heals_a_mount_whose_client_was_killed(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    first, last = ganeti.nodes
    instances.add(name)
    instances.add("other.example.com", *QEMU, "--no-install")
    ganeti.master.gnt("instance", "start", "other.example.com")
    for words in (
        ("instance", "info", name),
        ("instance", "grow-disk", name, "0", "16m"),
        ("instance", "add", *MAKE, *DISK, "-n", first.full_name, "third.example.com"),
        ("instance", "remove", "-f", "third.example.com"),
        ("instance", "reboot", "other.example.com"),
        ("instance", "failover", "-f", "-n", last.full_name, name),
    ):
        kill_fuse_client(first, REAL_DIR)
        ganeti.master.gnt(*words)
        (client,) = first.fuse_clients()
        first.run(["ls", REAL_DIR])
    assert instances.status("other.example.com") == instances.status(name) == "running"
    # Ganeti's own backend said that all was well, and left the image.
    kill_fuse_client(last, REAL_DIR)
    instances.remove([name])
    assert len(files(ganeti.volume)) == 1
    instances.remove(["other.example.com"])
    assert_clean(ganeti)


def test_a_foreign_file_system_is_neither_used_nor_unmounted(
    ganeti: GanetiCluster, instances: Instances, name: str
) -> None:
    node, other = ganeti.nodes
    instances.add(name)
    cause = (
        "a file system of type tmpfs (source foreign) is mounted there; it was not touched; find"
        f" out who mounted it, then: umount {REAL_DIR}\n"
    )
    with foreign_mount(node):
        add = ("add", *MAKE, *DISK, "-n", node.full_name, "other.example.com")
        for words in (add, ("info", name), ("grow-disk", name, "0", "16m")):
            refused = ganeti.master.gnt("instance", *words, check=False)
            assert refused.returncode != 0 and cause in refused.stdout + refused.stderr
        sizes, said = listed_sizes(ganeti)
        assert node.full_name not in sizes
        assert f"Can't get storage data from node {node.full_name}: " in said and cause in said
        assert list(node.path(REAL_DIR).iterdir()) == []
        # A broken node can be left: with Ganeti's own backend this ended in ERROR_down.
        ganeti.master.gnt("instance", "failover", "-f", "-n", other.full_name, name)
        assert instances.status(name) == "running"
    # What lay below could not be given back then; whatever comes next does it.
    node.run(["ganeti-gluster", "status"])
    assert node.fuse_mounts() == [] and len(files(ganeti.volume)) == 1
    instances.remove([name])
    assert_clean(ganeti)


def test_storage_is_listed_by_the_volumes_own_numbers_or_not_at_all(ganeti: GanetiCluster) -> None:
    node, other = ganeti.nodes
    assert node.fuse_mounts() == other.fuse_mounts() == []
    size = own_size(node)
    for one in ganeti.nodes:
        one.write_file("/etc/ganeti/gluster.toml", f'default_volume = "{node.full_name}:/gv0"\n')
    sizes, said = listed_sizes(ganeti)
    assert (sizes, said) == ({node.full_name: size, other.full_name: size}, "")
    for one in ganeti.nodes:
        one.path("/etc/ganeti/gluster.toml").unlink()
    # A node that never mounted anything.
    known = "/var/lib/ganeti-gluster/used--var-run-ganeti-gluster"
    other.run(["mv", known, "/run/aside"])
    sizes, said = listed_sizes(ganeti)
    other.run(["mv", "/run/aside", known])
    assert node.full_name in sizes and other.full_name not in sizes
    assert "this node has used none there yet" in said
    assert 'set default_volume = "HOST:/VOLUME" in /etc/ganeti/gluster.toml' in said
