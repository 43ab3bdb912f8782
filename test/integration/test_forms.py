# SPDX-License-Identifier: BSD-2-Clause
"""Every form of a disk and of a volume, each taken by the program that it is meant for."""

import json
import shlex
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from driver import REAL_DIR
from images import MIB
from test_tool import DISK, FILE, ask, refusal, tool
from testbed import Client, Cluster, Machine, Volume
from testbed.faults import refusing_address
from tool_disks import mounted

SUBDIR = "vms+a@b"  # with characters that a URI may have to encode
WORK = "/run/forms"
PLACE = f"{WORK}/mount-point"
# Closing libgfapi takes ten seconds.
QEMU_SECONDS = 120.0


@pytest.fixture
def dead(cluster: Cluster) -> Iterator[str]:
    """A server that refuses connections."""
    with refusing_address(cluster) as address:
        yield address.ipv4


@pytest.fixture
def work(client: Client) -> Iterator[str]:
    """A folder for files, gone with the test."""
    client.run(["mkdir", "-p", PLACE])
    yield WORK
    client.run(["rm", "-rf", WORK])


@pytest.fixture
def source(client: Client, volume: Volume) -> Iterator[str]:
    """A directory inside the volume, with the image DISK of 4 MiB in it."""
    with mounted(client, volume):
        client.run(["mkdir", f"{REAL_DIR}/{SUBDIR}"])
    tool(client, "disk", "create", DISK, "--size", "4M", "--volume", f"{volume.source}/{SUBDIR}")
    yield f"/{volume.name}/{SUBDIR}"
    client.write_file(FILE, "")
    with mounted(client, volume):
        client.run(["rm", "-r", f"{REAL_DIR}/{SUBDIR}"])


def qemu_io(machine: Machine, command: str, *words: str) -> str:
    return machine.run(["qemu-io", *words, "-c", command], timeout=QEMU_SECONDS).stdout


def shown(machine: Client, *words: str) -> str:
    """What a command shows, on one line."""
    return tool(machine, *words).stdout.removesuffix("\n")


def test_qemu_reaches_a_disk_by_every_form(client: Client, source: str, dead: str) -> None:
    live = ["--volume", f"node1:{source}"]
    first_dead = ["--volume", f"{dead},node2:{source}"]
    uri = shown(client, "disk", "uri", DISK, *live)
    for_ganeti = shown(client, "disk", "uri", DISK, "--ganeti", *live)
    assert uri == f"gluster://node1:24007/gv0/vms%2Ba%40b/{DISK}"
    assert for_ganeti == f"gluster://198.51.100.11:24007/gv0/vms+a@b/{DISK}"
    dotted = shown(client, "disk", "qemu", DISK, *first_dead)
    file_name = shown(client, "disk", "qemu", DISK, "--file-name", *first_dead)
    log = ["--log-level", "9", "--log-file", "/var/log/glusterfs/qemu,1.log"]
    logging = shown(client, "disk", "qemu", DISK, "--node-name", "disk0", *log, *live)

    assert client.mounts() and client.fuse_mounts() == []
    assert "wrote 65536/65536" in qemu_io(client, "write -P 90 1M 64k", "-f", "raw", uri)
    forms = [
        ["-f", "raw", for_ganeti],
        ["--image-opts", dotted],
        ["--image-opts", logging],
        [file_name],
    ]
    with ThreadPoolExecutor() as pool:
        infos = [
            pool.submit(
                client.run, ["qemu-img", "info", "--output=json", *form], timeout=QEMU_SECONDS
            )
            for form in forms
        ]
        reads = [pool.submit(qemu_io, client, "read -P 90 1M 64k", *form) for form in forms]
    for info in infos:
        # libgfapi says more on standard output than it was asked for.
        text = info.result().stdout
        found = json.loads(text[text.index("{\n") : text.rindex("}") + 1])
        assert (found["virtual-size"], found["format"]) == (4 * MIB, "raw")
    for read in reads:
        assert "read 65536/65536" in read.result()
        assert "verification failed" not in read.result()
    assert client.path("/var/log/glusterfs/qemu,1.log").read_text() != ""
    assert client.fuse_mounts() == []


def test_the_servers_of_the_settings_are_in_the_forms(client: Client) -> None:
    client.write_file(
        FILE, 'default_volume = "node1:/gv0"\n[volume.gv0]\nservers = ["node2"]\nsubdir = "vms"\n'
    )
    answer = ask(client, "disk", "qemu", DISK)
    assert answer["volume"] == "node1,node2:/gv0/vms"
    file = answer["options"]["file"]
    assert [server["host"] for server in file["server"]] == ["node1", "node2"]
    assert file["path"] == f"vms/{DISK}"
    assert answer["blockdev"] == shown(client, "disk", "qemu", DISK)
    assert ask(client, "disk", "uri", DISK) == {
        "disk": DISK,
        "volume": "node1,node2:/gv0/vms",
        "uri": f"gluster://node1:24007/gv0/vms/{DISK}",
    }
    assert ask(client, "disk", "libvirt", DISK)["xml"].count("<host ") == 2


def test_what_a_form_cannot_have_is_told(client: Client) -> None:
    volume = ["--volume", "[2001:db8:100::11]:/gv0"]
    assert refusal(client, "disk", "uri", DISK, "--ganeti", *volume)[0] == "RESOLVE_FAILED"
    assert shown(client, "disk", "uri", DISK, *volume).startswith("gluster://[2001:db8:100::11]:")
    for words in (["uri"], ["qemu"], ["libvirt"]):
        assert refusal(client, "disk", *words, "x", *volume, status=2)[0] == "INVALID_DISK"
    client.write_file(
        FILE, '[volume.gv0]\ntransport = "unix"\nservers = ["/var/run/glusterd.socket"]\n'
    )
    volume = ["--volume", "node1:/gv0"]
    for words in (["disk", "uri", DISK, "--ganeti"], ["volume", "forms"]):
        assert refusal(client, *words, *volume)[0] == "UNSUPPORTED_TRANSPORT"


def test_qemu_reaches_a_disk_by_the_socket_of_glusterd(
    cluster: Cluster, client: Client, source: str
) -> None:
    client.write_file(
        FILE, '[volume.gv0]\ntransport = "unix"\nservers = ["/var/run/glusterd.socket"]\n'
    )
    volume = ["--volume", f"node1:{source}"]
    uri = shown(client, "disk", "uri", DISK, *volume)
    assert uri == f"gluster+unix:///gv0/vms%2Ba%40b/{DISK}?socket=/var/run/glusterd.socket"
    forms = [
        ["-f", "raw", uri],
        ["--image-opts", shown(client, "disk", "qemu", DISK, *volume)],
        [shown(client, "disk", "qemu", DISK, "--file-name", *volume)],
    ]
    with ThreadPoolExecutor() as pool:
        reads = [pool.submit(qemu_io, cluster.node(1), "read 0 64k", *form) for form in forms]
    for read in reads:
        assert "read 65536/65536" in read.result()


def domain_with(disk: str) -> str:
    return (
        "<domain type='qemu'><name>forms</name><memory>65536</memory>"
        "<os><type arch='x86_64' machine='pc'>hvm</type></os>"
        "<devices><emulator>/usr/bin/qemu-system-x86_64</emulator>"
        f"{disk}</devices></domain>"
    )


@contextmanager
def libvirt(client: Client, work: str) -> Iterator[Callable[[str], list[str]]]:
    """libvirt's QEMU driver inside virsh; gives QEMU's command line for a domain in a file."""
    # Its default user, which the package of the daemon's service would make.
    client.run(["useradd", "--system", "--user-group", "libvirt-qemu"])
    try:
        virsh = ["virsh", "--quiet", "--connect", f"qemu:///embed?root={work}/libvirt"]

        def command_line(file: str) -> list[str]:
            for _ in range(3):
                words = [*virsh, "domxml-to-native", "qemu-argv", file]
                result = client.run(words, check=False, timeout=120)
                # libvirt 9.0 talks past the QEMU that it asks what it can do, now and then on a busy machine.
                if "Failed to probe capabilities" not in result.stderr:
                    break
            assert result.returncode == 0, result.stderr
            return shlex.split(result.stdout)

        yield command_line
    finally:
        client.run(["userdel", "libvirt-qemu"])


def test_libvirt_takes_disks_as_qemu_does(client: Client, source: str, work: str) -> None:
    several = ["--volume", f"node1,[2001:db8:100::12]:{source}"]
    unix = '[volume.gv0]\ntransport = "unix"\nservers = ["/var/run/glusterd.socket"]\n'
    with libvirt(client, work) as command_line:
        for settings, name in (("", "tcp"), (unix, "unix")):
            client.write_file(FILE, settings)
            file = f"{work}/{name}.xml"
            disk = shown(client, "disk", "libvirt", DISK, *several, "--target", "sdb")
            client.write_file(file, domain_with(disk))
            client.run(["virt-xml-validate", file, "domain"])
            wanted = ask(client, "disk", "qemu", DISK, *several)["options"]["file"]
            found = [json.loads(word) for word in command_line(file) if '"gluster"' in word]
            assert len(found) == 1
            assert {key: found[0][key] for key in wanted} == wanted


def test_libvirt_takes_the_pool(client: Client, work: str) -> None:
    pool = ask(client, "volume", "forms", "--volume", "node1,node2:/gv0/vms")["libvirt_pool"]
    client.write_file(f"{work}/pool.xml", pool)
    client.run(["virt-xml-validate", f"{work}/pool.xml", "storagepool"])
    element = ElementTree.fromstring(pool).find("source/dir")
    assert element is not None and element.get("path") == "/vms"


def test_the_line_for_fstab_mounts(client: Client, source: str, dead: str, work: str) -> None:
    client.write_file(FILE, '[volume.gv0]\nmount_options = ["noatime"]\n')
    words = ["--volume", f"{dead},node2:{source}", "--storage-dir", PLACE]
    line = ask(client, "volume", "forms", *words)["fstab"]
    assert line == f"{dead},node2:{source} {PLACE} glusterfs _netdev,noatime 0 0"
    table = f"{work}/fstab"
    client.write_file(table, f"{line}\n")
    said = client.run(["findmnt", "--verify", "--tab-file", table]).stdout
    assert "Success, no errors or warnings detected" in said
    client.run(["mount", "-T", table, PLACE])
    assert client.run(["stat", "-c", "%s", f"{PLACE}/{DISK}"]).stdout == f"{4 * MIB}\n"
    client.unmount(PLACE)


def test_the_fields_for_ovirt_mount(client: Client, source: str, dead: str, work: str) -> None:
    words = ["--volume", f"{dead},node2,[2001:db8:100::13]:{source}"]
    domain = ask(client, "volume", "forms", *words)["ovirt"]
    assert domain == {
        "spec": f"{dead}:{source}",
        "vfs_type": "glusterfs",
        "options": "backup-volfile-servers=node2:[2001:db8:100::13]",
    }
    # As oVirt's agent does it.
    kind = ["-t", domain["vfs_type"], "-o", domain["options"]]
    client.run(["mount", *kind, domain["spec"], PLACE])
    assert f"{PLACE}/ganeti" in client.run(["find", PLACE, "-maxdepth", "1"]).stdout
    client.unmount(PLACE)


def test_systemd_takes_the_unit(client: Client, work: str) -> None:
    odd = f"{work}/.a-b/c+d"
    client.run(["mkdir", "-p", odd])
    words = ["--volume", "node1,node2:/gv0", "--storage-dir", odd]
    unit = ask(client, "volume", "forms", *words)["systemd"]
    escaped = client.run(["systemd-escape", "--path", "--suffix=mount", odd]).stdout
    assert unit["unit"] == escaped.strip()
    file = f"{work}/{unit['unit']}"
    client.write_file(file, unit["text"])
    # It exits with 0 whatever it complains of in a unit that it can load.
    result = client.run(["systemd-analyze", "verify", "--man=no", file])
    assert unit["unit"] not in result.stderr
    shown_text = tool(client, "volume", "forms", *words).stdout
    assert f"# /etc/systemd/system/{unit['unit']}\n{unit['text']}" in shown_text


def test_the_mount_point_of_a_unit_has_no_link_in_it(client: Client) -> None:
    answer = ask(client, "volume", "forms", "--volume", "node1:/gv0")
    assert answer["systemd"]["unit"] == "run-ganeti-gluster.mount"
    assert "Where=/run/ganeti/gluster\n" in answer["systemd"]["text"]
