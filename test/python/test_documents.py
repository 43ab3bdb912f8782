# SPDX-License-Identifier: BSD-2-Clause
"""Manual pages and examples are compared with the tables that the programs have."""

import re
from pathlib import Path

import pytest
from ganeti_gluster import _native

ROOT = Path(__file__).resolve().parents[2]


def section(page: str, heading: str) -> str:
    """The text of one section of a manual page."""
    parts = re.split(r"^# (.+)\n", (ROOT / "man" / f"{page}.scd").read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))[heading]


def rows(text: str) -> dict[str, list[str]]:
    """A table's rows by their first cell."""
    cells = [re.findall(r"(?:^|\n)[|:] +(.+)", row) for row in re.split(r"\n(?=\|)", text)]
    return {first: rest for first, *rest in cells[1:]}


@pytest.mark.parametrize("code", list(_native.Errc))
def test_each_error_code_is_in_the_manual_with_cause_and_cure(code: _native.Errc) -> None:
    meaning, cure = rows(section("ganeti-gluster.8", "ERROR CODES"))[code]
    assert meaning.strip() and cure.strip()


def test_the_manual_has_no_error_code_that_there_is_not() -> None:
    assert set(rows(section("ganeti-gluster.8", "ERROR CODES"))) == set(_native.Errc)


def test_the_example_in_the_manual_is_the_one_that_is_compiled() -> None:
    program = (ROOT / "data/examples/one_disk.cpp").read_text()
    assert re.findall(r"```\n(.*?)```", section("libganeti-gluster.3", "EXAMPLE"), re.DOTALL) == [
        program
    ]


def settings_keys() -> list[str]:
    """Keys for volumes, and the one that stands at the top."""
    return [setting.key for setting in _native.Settings().in_force()]


def test_each_setting_is_in_the_manual_and_explained_in_the_example() -> None:
    manual = (ROOT / "man/gluster.toml.5.scd").read_text()
    example = (ROOT / "data/gluster.toml").read_text()
    for key in settings_keys():
        assert f"\n*{key}*\n\t" in manual
        assert re.search(rf"^# .+\n#{key} = ", example, re.MULTILINE), key


def test_the_example_of_the_settings_is_valid_as_it_is_and_with_all_in_force(
    tmp_path: Path,
) -> None:
    example = ROOT / "data/gluster.toml"
    origins = {setting.origin for setting in _native.Settings.load(str(example)).in_force()}
    assert origins == {"default"}
    filled = tmp_path / "gluster.toml"
    filled.write_text(re.sub(r"^#(?=\w+ = |\[)", "", example.read_text(), flags=re.MULTILINE))
    settings = _native.Settings.load(str(filled))
    assert settings.volumes() == ["gv0"]
    given = {setting.key for setting in settings.in_force("gv0") if setting.origin != "default"}
    assert given | {"default_volume"} == set(settings_keys())
