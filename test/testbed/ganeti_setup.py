# SPDX-License-Identifier: BSD-2-Clause
"""What makes a node of the testbed a machine that Ganeti takes for a node of its own."""

import shlex
import subprocess
from pathlib import Path

from .commands import CLEAN_ENVIRONMENT
from .network import Addresses
from .node import Node

DOMAIN = "example.com"
CLUSTER_NAME = f"cluster.{DOMAIN}"
INSTANCE_BRIDGE = "br0"
STORAGE_DIR = "/var/run/ganeti/gluster"
FILE_DIR = "/srv/ganeti/file-storage"
SHARED_FILE_DIR = "/srv/ganeti/shared-file-storage"
OS_NAME = "pattern"

_TREE = "3.0"
# Ganeti knows hosts by an RSA key only.
_HOST_KEY = "ssh_host_rsa_key"
_ROOT_KEY = "id_ed25519"
_OS_FOLDER = Path(__file__).resolve().parent / "ganeti_os"


def make_keys(folder: Path) -> None:
    """Makes the ssh keys of all nodes: the host key and root's own."""
    for name, kind in ((_HOST_KEY, "rsa"), (_ROOT_KEY, "ed25519")):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "testbed", "-f", str(folder / name)],
            env=CLEAN_ENVIRONMENT,
            check=True,
        )


def _put(text: str, path: str, mode: str = "644") -> str:
    return f"printf %s {shlex.quote(text)} | install -m {mode} /dev/stdin {path}"


def setup_script(name: str, keys: Path, cluster: Addresses) -> str:
    """The script, for the node with this name. The host's ssh keys are hidden, never changed."""
    storage = f"{STORAGE_DIR}\n{FILE_DIR}\n{SHARED_FILE_DIR}\n"
    lines = [
        "set -eu",
        # Ganeti knows a node by its full name.
        f"hostname {name}",
        "hostname >/etc/hostname",
        f"echo {cluster.ipv4} {CLUSTER_NAME} >>/etc/hosts",
        f"ln -s /usr/lib/ganeti/{_TREE} /etc/ganeti/lib",
        f"ln -s /usr/share/ganeti/{_TREE} /etc/ganeti/share",
        _put(storage, "/etc/ganeti/file-storage-paths"),
        f"mkdir -p {FILE_DIR} {SHARED_FILE_DIR} /srv/ganeti/os",
        f"cp -r {shlex.quote(str(_OS_FOLDER))}/. /srv/ganeti/os/",
        "rm -rf /root/.ssh /etc/ssh/ssh_host_*",
        "mkdir -m 700 /root/.ssh",
        *(
            _put((keys / source).read_text(), target, "600")
            for source, target in (
                (_ROOT_KEY, f"/root/.ssh/{_ROOT_KEY}"),
                (f"{_ROOT_KEY}.pub", f"/root/.ssh/{_ROOT_KEY}.pub"),
                (f"{_ROOT_KEY}.pub", "/root/.ssh/authorized_keys"),
                (_HOST_KEY, f"/etc/ssh/{_HOST_KEY}"),
                (f"{_HOST_KEY}.pub", f"/etc/ssh/{_HOST_KEY}.pub"),
            )
        ),
        "service ssh start >/dev/null",
        f"ip link add {INSTANCE_BRIDGE} type bridge",
        f"ip link set {INSTANCE_BRIDGE} up",
    ]
    return "\n".join(lines) + "\n"


def init_words(master: Node, volume: str) -> list[str]:
    """The words after `gnt-cluster init`."""
    small = "disk-size=1,memory-size=4,cpu-count=1,disk-count=0,nic-count=0,spindle-use=1"
    large = "disk-size=65536,memory-size=32768,cpu-count=8,disk-count=16,nic-count=8,spindle-use=12"
    # QEMU named `kvm` would take /dev/kvm, which proves nothing by being there; plain emulation
    # is the same everywhere. Without ACPI no guest is waited for: it is stopped by `quit`.
    kvm = {
        "kvm_path": "/usr/bin/qemu-system-x86_64",
        "kvm_flag": "disabled",
        "acpi": "false",
        "kernel_path": "",
        "serial_console": "false",
        "vnc_bind_address": "",
    }
    return [
        "--master-netdev=eth0",
        "--no-etc-hosts",
        "--enabled-hypervisors=fake,kvm",
        "--hypervisor-parameters=kvm:" + ",".join(f"{key}={value}" for key, value in kvm.items()),
        "--enabled-disk-templates=gluster,file,sharedfile,diskless",
        f"--gluster-storage-dir={STORAGE_DIR}",
        f"--disk-parameters=gluster:host={master.name}.{DOMAIN},port=24007,volume={volume}",
        f"--nic-parameters=mode=bridged,link={INSTANCE_BRIDGE}",
        f"--ipolicy-bounds-specs=min:{small}/max:{large}",
        CLUSTER_NAME,
    ]
