# SPDX-License-Identifier: BSD-2-Clause
"""What a build needs is listed twice: for the Debian package, and for the tests' own builds."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OF_DEBIAN_ONLY = {"debhelper-compat", "dh-sequence-python3"}


def test_what_the_debian_package_needs_to_build_is_installed_for_the_tests() -> None:
    control = (ROOT / "data/debian/control").read_text()
    [needed] = re.findall(r"^Build-Depends:\n((?: .+\n)+)", control, re.MULTILINE)
    names = set(re.findall(r"^ ([^ ,]+)", needed, re.MULTILINE))
    listed = (ROOT / "test/packages").read_text().splitlines()
    assert OF_DEBIAN_ONLY < names
    assert names - OF_DEBIAN_ONLY <= set(listed)
