# SPDX-License-Identifier: BSD-2-Clause
"""The private file systems of a machine, as a shell script that runs inside it once."""

import shlex
from dataclasses import dataclass
from pathlib import Path

from .network import Addresses

# Written to without a trace on the host: a layer in memory over the host's folder.
OVERLAYS = ("/etc", "/var/lib", "/var/log")
# Empty at first, whatever the host has there.
EMPTY = ("/var/lib/glusterd", "/var/lib/ganeti", "/var/lib/ganeti-gluster", "/etc/ganeti")
BRICK_FOLDER = "/var/lib/bricks"
LOG_FOLDER = "/var/log/glusterfs"


@dataclass(frozen=True)
class MachinePlan:
    """What makes one machine different from the others."""

    name: str
    address: Addresses
    hosts: str
    family: str
    folder: Path
    overlays: tuple[str, ...]
    bricks: tuple[Path, ...] = ()
    private_root: bool = False
    shared: tuple[str, ...] = ()

    @property
    def log_folder(self) -> Path:
        """The machine's /var/log/glusterfs on the host."""
        return self.folder / "log"

    def shared_folder(self, path: str) -> Path:
        """Where the host keeps a folder that all machines share."""
        return self.folder.parent / "shared" / path.lstrip("/")


def glusterd_volfile(family: str) -> str:
    """glusterd.vol as Debian ships it, with the address family stated."""
    options = [
        "working-directory /var/lib/glusterd",
        "transport-type socket",
        "transport.socket.keepalive-time 10",
        "transport.socket.keepalive-interval 2",
        "transport.socket.read-fail-log off",
        "transport.socket.listen-port 24007",
        f"transport.address-family {family}",
        "ping-timeout 0",
        "event-threads 1",
        "max-port 60999",
    ]
    body = "".join(f"    option {option}\n" for option in options)
    return f"volume management\n    type mgmt/glusterd\n{body}end-volume\n"


def _overlay(folder: str) -> list[str]:
    # Relative to the folder of the layers, whose path may hold what overlayfs gives a meaning.
    layer = folder.lstrip("/").replace("/", "-")
    options = f"lowerdir={folder},upperdir={layer}/upper,workdir={layer}/work"
    return [
        f"mkdir -p {layer}/upper {layer}/work",
        f"mount -t overlay -o {options} overlay {folder}",
    ]


def _file(path: str, text: str) -> list[str]:
    # Removed first: the host's file may be a symbolic link out of the machine.
    return [f"rm -f {path}", f"printf %s {shlex.quote(text)} >{path}"]


def _private_root(layers: str) -> list[str]:
    """Puts a layer over "/" as well; what is mounted below it, and /tmp, stays as it is."""
    layer = "upperdir=top/upper,workdir=top/work"
    return [
        "mkdir -p top/upper top/work top/root",
        f"mount -t overlay -o lowerdir=/,{layer} overlay top/root",
        # The mount points below "/" that are not below another one.
        "awk '$5 != \"/\" {print $5}' /proc/self/mountinfo | LC_ALL=C sort -u |"
        " awk '{for (kept in above) if (index($0, kept \"/\") == 1) next; above[$0]; print}' |"
        " while read -r target; do",
        '  target=$(printf %b "$target")',
        '  mount --rbind "$target" "top/root$target"',
        "done",
        "cd top/root",
        "mkdir .host",
        "pivot_root . .host",
        "umount -l /.host",
        "rmdir /.host",
        # Came with its parent, and everything for a second time in it.
        f"! mountpoint -q {layers} || umount -l {layers}",
    ]


def setup_script(plan: MachinePlan) -> str:
    """The script. Its last mounts hide the host's /run, where the scratch folder may lie."""
    layers = shlex.quote(str(plan.folder / "layers"))
    # A mount of its own, so that a layer over "/" leaves it alone; before what is mounted below it.
    own_tmp = ["mountpoint -q /tmp || mount --bind /tmp /tmp"] if plan.private_root else []
    lines = [
        "set -eu",
        f"hostname {plan.name}",
        *own_tmp,
        "mount -t sysfs sysfs /sys",
        "mount -t fusectl fusectl /sys/fs/fuse/connections",
        f"mount -t tmpfs -o mode=755 testbed {layers}",
        f"cd {layers}",
        "mkdir groups",
        "! test -d /var/lib/glusterd/groups || cp -r /var/lib/glusterd/groups .",
    ]
    for folder in plan.overlays:
        lines += _overlay(folder)
    for folder in EMPTY:
        lines += [f"mkdir -p {folder}", f"mount -t tmpfs -o mode=755 testbed {folder}"]
    lines += [
        # The option groups of `gluster volume set VOLUME group NAME`.
        "cp -r groups /var/lib/glusterd/",
        f"mkdir -p {LOG_FOLDER}",
        f"mount --bind {shlex.quote(str(plan.log_folder))} {LOG_FOLDER}",
    ]
    lines += _file("/etc/hostname", f"{plan.name}\n")
    lines += _file("/etc/hosts", plan.hosts)
    # Nobody listens on the loopback address: unknown names fail at once.
    lines += _file("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    lines += _file("/etc/glusterfs/glusterd.vol", glusterd_volfile(plan.family))
    for number, image in enumerate(plan.bricks, start=1):
        target = f"{BRICK_FOLDER}/b{number}"
        lines += [f"mkdir -p {target}", f"mount -o loop {shlex.quote(str(image))} {target}"]
    for folder in plan.shared:
        source = shlex.quote(str(plan.shared_folder(folder)))
        lines += [f"mkdir -p {source} {folder}", f"mount --bind {source} {folder}"]
    lines += [
        "mount -t tmpfs -o mode=755 testbed /run",
        "mkdir -m 755 /run/gluster /run/ganeti",
        "mkdir -m 1777 /run/lock",
    ]
    if plan.private_root:
        lines += _private_root(layers)
    return "\n".join(lines) + "\n"
