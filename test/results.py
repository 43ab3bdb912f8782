# SPDX-License-Identifier: BSD-2-Clause
"""Counts the test cases of all suites; used by test/run.

Reads REPORTS/SUITE.xml (JUnit, or Catch2's XML) and REPORTS/SUITE.status of each suite.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def _texts(case: ElementTree.Element) -> str:
    return " ".join(" ".join(case.itertext()).split())


def read_catch2(root: ElementTree.Element) -> tuple[int, list[str]]:
    """Number of passed cases, and a line for each failed one."""
    passed, failures = 0, []
    for case in root.iter("TestCase"):
        result = case.find("OverallResult")
        if result is not None and result.get("success") == "true":
            passed += 1
            continue
        wrong = [item for item in case.iter("Expression") if item.get("success") == "false"]
        wrong += [*case.iter("Failure"), *case.iter("Exception"), *case.iter("FatalErrorCondition")]
        lines = [f"  {item.get('filename')}:{item.get('line')}: {_texts(item)}" for item in wrong]
        failures.append("\n".join([case.get("name", "?"), *lines]))
    return passed, failures


def read_junit(root: ElementTree.Element) -> tuple[int, list[str]]:
    """Number of passed cases, and a line for each failed or skipped one."""
    cases: dict[tuple[str, str], list[str]] = {}
    for case in root.iter("testcase"):
        # pytest writes a case that failed and whose clean-up failed as well twice.
        name = (case.get("classname", ""), case.get("name", ""))
        wrong = cases.setdefault(name, [])
        for item in case:
            if item.tag in ("failure", "error", "skipped"):
                wrong.append(f"{item.tag}: {item.get('message', '')}".splitlines()[0])
    failures = [f"{file}::{name}: {'; '.join(wrong)}" for (file, name), wrong in cases.items() if wrong]
    return len(cases) - len(failures), failures


def read_suite(reports: Path, suite: str) -> tuple[int, list[str]]:
    """As above; a suite that did not run to its end is one failure more."""
    status = (reports / f"{suite}.status").read_text().strip()
    try:
        root = ElementTree.parse(reports / f"{suite}.xml").getroot()
    except (OSError, ElementTree.ParseError) as error:
        return 0, [f"no report, exit status {status}: {error}"]
    passed, failures = read_catch2(root) if root.tag.startswith("Catch") else read_junit(root)
    if status == "0" and passed == 0:
        failures.append("no test case was run")
    elif status != "0" and not failures:
        failures.append(f"exit status {status}, though no test case failed")
    return passed, failures


def main() -> int:
    """Prints what failed and the closing line; 1 if anything failed."""
    reports, suites = Path(sys.argv[1]), sys.argv[2:]
    all_passed = all_failed = 0
    for suite in suites:
        passed, failures = read_suite(reports, suite)
        print(f"{suite}: {passed} passed, {len(failures)} failed")
        for failure in failures:
            print(f"FAILED {suite}: {failure}")
        all_passed += passed
        all_failed += len(failures)
    print(f"{all_passed} passed, {all_failed} failed")
    return 1 if all_failed else 0


if __name__ == "__main__":
    sys.exit(main())
