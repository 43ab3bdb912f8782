# SPDX-License-Identifier: BSD-2-Clause
"""Runs gluster-mount-check where it looks at nothing: it explains, or refuses its arguments."""

import os
import subprocess
from pathlib import Path

PROGRAM = Path(os.environ["GANETI_GLUSTER_BUILD"]) / "tools/gluster-mount-check"


def run_check(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PROGRAM, *arguments],
        env={"PATH": "/usr/bin:/bin", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
