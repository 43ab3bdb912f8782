# SPDX-License-Identifier: BSD-2-Clause
"""What gluster-mount-check prints for other programs is what these take."""

import json
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest
from check_program import run_check

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "test/data/check"
SCHEMA = json.loads((ROOT / "data/schema/check.schema.json").read_text())
DOCUMENTS = sorted(DATA.glob("*.json"))


def finding_codes() -> list[str]:
    return re.findall(r"^[A-Z_]+$", run_check("explain").stdout, re.MULTILINE)


def validate(document: dict) -> None:
    jsonschema.Draft202012Validator(SCHEMA).validate(document)


def keys(document: object, path: str = "") -> set[str]:
    """Paths of all keys; all elements of a list have the same path."""
    if isinstance(document, dict):
        return set().union(*({f"{path}.{key}"} | keys(value, f"{path}.{key}") for key, value in document.items()))
    if isinstance(document, list):
        return set().union(*(keys(element, f"{path}[]") for element in document))
    return set()


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.name)
def test_documents_are_valid(file: Path) -> None:
    validate(json.loads(file.read_text()))


@pytest.mark.parametrize("path", sorted(keys(json.loads((DATA / "recorded-1.json").read_text()))))
def test_the_schema_demands_each_key_that_was_ever_printed(path: str) -> None:
    """So none can be lost by later versions, whose documents are compared with the schema too."""
    document = json.loads((DATA / "recorded-1.json").read_text())

    def remove(node: object, rest: str) -> None:
        found = re.match(r"(?:\.(\w+)|(\[\]))(.*)", rest)
        assert found is not None
        key, _, after = found.groups()
        if key is None:
            for element in node:
                remove(element, after)
        elif after:
            if node is not None:
                remove(node[key], after)
        elif isinstance(node, dict):
            del node[key]

    remove(document, path)
    with pytest.raises(jsonschema.ValidationError):
        validate(document)


def test_later_versions_may_add_keys() -> None:
    document = json.loads((DATA / "ill.json").read_text())
    document["data"]["findings"][0]["new"] = 1
    document["data"]["new"] = {}
    validate(document)


def test_promtool_has_nothing_to_say_about_any_finding() -> None:
    text = (DATA / "worst.prom").read_text()
    active = re.findall(r'finding_active\{code="(\w+)".*\} 1$', text, re.MULTILINE)
    assert sorted(active) == finding_codes()
    lint = subprocess.run(["/usr/bin/promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    assert (lint.returncode, lint.stdout, lint.stderr) == (0, "", "")


def test_promtool_finds_what_is_wrong() -> None:
    text = "# TYPE ganeti_gluster_total_count gauge\nganeti_gluster_total_count 1\n"
    lint = subprocess.run(["/usr/bin/promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    assert lint.returncode == 3
