# SPDX-License-Identifier: BSD-2-Clause
"""The alert rules for Prometheus are valid, and fire when they should and only then."""

import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "data/monitoring"


@pytest.mark.parametrize(
    "words",
    [
        ["check", "rules", "--lint-fatal", "ganeti-gluster.rules.yml"],
        ["test", "rules", "ganeti-gluster.rules.test.yml"],
    ],
    ids=["check", "test"],
)
def test_promtool_accepts_the_rules(words: list[str]) -> None:
    result = subprocess.run(
        ["promtool", *words], cwd=FOLDER, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0 and "SUCCESS" in result.stdout, result
