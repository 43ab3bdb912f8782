# SPDX-License-Identifier: BSD-2-Clause
"""The Python module on a mounted volume; the cases are in native_program.py."""

from pathlib import Path

import pytest
from driver import STORAGE_DIR, built
from testbed import Client, Volume

PROGRAM = Path(__file__).with_name("native_program.py")


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("callback", id="an exception of a progress function cancels and comes out"),
        pytest.param("threads", id="a progress function runs while other threads do"),
        pytest.param("images", id="store and helper tell of images"),
        pytest.param("released", id="a released lease refuses"),
        pytest.param("dropped", id="a lease lives as long as what works through it"),
        pytest.param("error", id="an errno arrives"),
    ],
)
def test_the_python_module_on_a_volume(
    client: Client, volume: Volume, disk: str, case: str
) -> None:
    client.run(
        ["/usr/bin/python3", "-B", str(PROGRAM), volume.source, STORAGE_DIR, disk, case],
        env={"PYTHONPATH": built("bindings")},
        timeout=120,
    )
