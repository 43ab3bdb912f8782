# SPDX-License-Identifier: BSD-2-Clause
"""A machine with Ganeti's packages, where dpkg installs and removes ours."""

import os
import shlex
import subprocess
from pathlib import Path

from ganeti_machine import MODULE, ROOT, GanetiMachine

PACKAGES = (
    "libganeti-gluster0",
    "libganeti-gluster-dev",
    "python3-ganeti-gluster",
    "ganeti-gluster",
)
STATE = ("/run/ganeti-gluster", "/var/lib/ganeti-gluster")

# What dpkg and its triggers write down whatever the package is, and what Python compiles of
# Ganeti's modules.
_RECORDS = ("/var/lib/dpkg/*-old", "/var/log/*", "/var/cache/*", "*/ganeti/storage/__pycache__/*")


def built(name: str) -> Path:
    """A package as it was built."""
    [found] = Path(os.environ["GANETI_GLUSTER_PACKAGES"]).glob(f"{name}_*.deb")
    return found


def changed(package: Path, script: str, folder: Path) -> Path:
    """The package once more, after a shell script has changed what it consists of."""
    tree, result = folder / f"tree-{package.stem}", folder / f"changed-{package.name}"
    subprocess.run(["dpkg-deb", "--raw-extract", package, tree], check=True)
    subprocess.run(["sh", "-euc", script], cwd=tree, check=True)
    build = ["dpkg-deb", "-Znone", "--root-owner-group", "--build", tree, result]
    subprocess.run(build, check=True, stdout=subprocess.DEVNULL)
    return result


class PackagedNode(GanetiMachine):
    """Runs dpkg, and compares what is there before and after."""

    def dpkg(self, *words: str | Path, status: int = 0) -> str:
        """What dpkg and the scripts of packages say."""
        # Each switch runs Python some times, and some triggers look at everything.
        argv = ["sh", "-c", f"dpkg {shlex.join(map(str, words))} 2>&1"]
        result = self.machine.run(argv, check=False, timeout=600)
        assert result.returncode == status, result
        return result.stdout

    def install(self) -> str:
        return self.dpkg("--install", *map(built, PACKAGES))

    def is_on(self, version: str = "3.0") -> bool:
        """Whether the installed module is in the place of Ganeti's."""
        ours = self.read("/usr/share/ganeti-gluster/gluster.py")
        return self.read(f"{ROOT}/{version}/{MODULE}") == ours

    def files(self) -> set[str]:
        """Type, name and target of all that packages bring and programs keep."""
        left_out = " -o ".join(f"-path {shlex.quote(pattern)}" for pattern in _RECORDS)
        what = f"'(' {left_out} ')' -prune -o -printf '%y %p %l\\n'"
        return set(self.shell(f"find /etc /run /usr /var {what}").splitlines())
