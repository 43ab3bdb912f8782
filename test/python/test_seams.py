# SPDX-License-Identifier: BSD-2-Clause
"""Functions of Ganeti that are replaced at run time, if they are the ones that we know."""

import json
import subprocess
import sys
from typing import Any

import pytest

# In a process of its own, as what was replaced stays so.
_REPORT = """
import json, sys
sys.path.insert(0, "/usr/share/ganeti/3.0")
from ganeti import backend
from ganeti_gluster import seams
{change}
print(json.dumps(seams.report()))
"""
FUNCTIONS = [
    "CreateFileStorageDir",
    "BlockdevWipe",
    "BlockdevImage",
    "InstanceOsAdd",
    "RunRenameInstance",
    "StartImportExportDaemon",
]


def report(change: str = "") -> dict[str, Any]:
    """State and detail of each, in a Ganeti that has been changed."""
    words = [sys.executable, "-B", "-c", _REPORT.format(change=change)]
    told = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: (state, detail) for name, state, detail in json.loads(told)}


def test_the_functions_of_this_ganeti_are_replaced() -> None:
    expected = ["container._STORAGE_TYPES", *(f"backend.{name}" for name in FUNCTIONS)]
    assert report() == {name: ("in place", "") for name in expected}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_with_other_arguments_is_left_alone(name: str) -> None:
    told = report(f"backend.{name} = lambda this, that: None")
    assert told.pop(f"backend.{name}") == ("left alone", "it takes other arguments")
    assert {state for state, _ in told.values()} == {"in place"}


def test_a_function_that_is_not_there_is_told() -> None:
    told = report("del backend.InstanceOsAdd")
    assert told["backend.InstanceOsAdd"] == ("left alone", "there is no such function")
