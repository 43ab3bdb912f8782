# SPDX-License-Identifier: BSD-2-Clause
"""The path policy against Ganeti's own module: same verdict, same message, same log.

Nothing is mounted or changed, so this needs no machine of the testbed.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from driver import built

sys.path.append("/usr/share/ganeti/3.0")
from ganeti import errors  # noqa: E402
from ganeti.storage import filestorage  # noqa: E402

NAMES = ("", ".", "..", "...", "//", "a", "a b", "é", "#", "etc", "lib", "lib64", "local", "srv", "usr")
LINE_ENDS = ("\n", "\n", "\r\n", "\r", "\v", "\x1d", "\x85", "\u2028")
BLANKS = ("", "", " ", "\t", "\x1f", "\xa0", "\u3000", "\ufeff")


class Question(NamedTuple):
    file: str
    path: str
    exact: bool


Answer = dict[str, Any]


def library_says(questions: list[Question]) -> list[Answer]:
    lines = "".join(json.dumps(question._asdict()) + "\n" for question in questions)
    program = [built("test/integration/policy")]
    run = subprocess.run(program, input=lines, stdout=subprocess.PIPE, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


@pytest.fixture
def ganeti_says(caplog: pytest.LogCaptureFixture) -> Callable[[Question], Answer]:
    caplog.set_level(logging.INFO)

    def ask(question: Question) -> Answer:
        caplog.clear()
        refusal = None
        try:
            filestorage.CheckFileStoragePathAcceptance(
                question.path, _filename=question.file, exact_match_ok=question.exact
            )
        except errors.FileStoragePathError as error:
            refusal = str(error)
        return {"refusal": refusal, "log": caplog.messages}

    return ask


@pytest.fixture
def agree(ganeti_says: Callable[[Question], Answer]) -> Callable[[Path, Iterable[str]], list[Answer]]:
    """Asks both about these paths, as a disk's and as a folder's, and gives their one answer."""

    def compare(file: Path, paths: Iterable[str]) -> list[Answer]:
        questions = [Question(str(file), path, exact) for path in paths for exact in (False, True)]
        ours = library_says(questions)
        theirs = [ganeti_says(question) for question in questions]
        for question, our, their in zip(questions, ours, theirs, strict=True):
            assert our == their, (question, file.exists() and file.is_file() and file.read_bytes())
        return theirs

    return compare


def some_path(random: Random, slashes: Iterable[int]) -> str:
    return "/" * random.choice(tuple(slashes)) + "/".join(random.choices(NAMES, k=random.randrange(5)))


def some_line(random: Random, path: str) -> str:
    mark = random.choice(("", "", "", "", "#"))
    return random.choice(BLANKS) + mark + path + random.choice(BLANKS) + random.choice(LINE_ENDS)


def kind(answer: Answer) -> str:
    """Which of Ganeti's rules decided."""
    rules = ("No paths are valid", "uses a forbidden prefix", "is not acceptable")
    return next((rule for rule in rules if rule in (answer["refusal"] or "")), "allowed")


def test_generated_lists_and_paths_are_judged_as_ganeti_judges_them(
    agree: Callable[[Path, Iterable[str]], list[Answer]], tmp_path: Path
) -> None:
    random = Random(20130101)
    file = tmp_path / "file-storage-paths"
    answers = []
    for _ in range(150):
        listed = [some_path(random, (0, 1, 1, 1, 2, 3)) for _ in range(random.randrange(5))]
        file.write_bytes("".join(some_line(random, path) for path in listed).encode())
        paths = [some_path(random, (0, 1, 1, 1, 2, 3)) for _ in range(20)]
        paths += [path + some_path(random, (0, 1, 1, 2)) for path in listed for _ in range(10)]
        answers += agree(file, paths)
    kinds = [kind(answer) for answer in answers]
    # Each rule decided often enough to have been compared.
    assert len(set(kinds)) == 4
    assert min(kinds.count(each) for each in set(kinds)) >= 100
    assert sum(bool(answer["log"]) for answer in answers) >= 100


def test_every_blank_and_line_end_of_unicode_is_taken_off_as_ganeti_does(
    agree: Callable[[Path, Iterable[str]], list[Answer]], tmp_path: Path
) -> None:
    blanks = [code for code in range(sys.maxunicode) if chr(code).isspace()]
    ends = [code for code in range(sys.maxunicode) if len(f"a{chr(code)}b".splitlines()) == 2]
    codes = {near for code in blanks + ends for near in (code - 1, code, code + 1)}
    file = tmp_path / "file-storage-paths"
    lines = [f"{chr(code)}/{code}{chr(code)}/end-{code}\n" for code in codes]
    file.write_bytes("".join(lines).encode())
    answers = agree(file, [f"/{part}{code}/x" for code in codes for part in ("", "end-")])
    assert {kind(answer) for answer in answers} == {"allowed", "is not acceptable"}


def test_each_forbidden_prefix_of_ganeti_is_one(
    agree: Callable[[Path, Iterable[str]], list[Answer]], tmp_path: Path
) -> None:
    file = tmp_path / "file-storage-paths"
    file.write_text("/\n")
    forbidden = filestorage._GetForbiddenFileStoragePaths()
    for answer in agree(file, [path + below for path in forbidden for below in ("", "/x")]):
        assert kind(answer) == "uses a forbidden prefix"
    for answer in agree(file, [f"{path}x" for path in forbidden]):
        assert kind(answer) == "allowed"


def make_link(file: Path) -> None:
    (file.parent / "real").write_text("/srv\n")
    file.symlink_to("real")


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (lambda file: None, "No paths are valid"),
        (Path.touch, "No paths are valid"),
        (Path.mkdir, "No paths are valid"),
        (lambda file: file.symlink_to("nowhere"), "No paths are valid"),
        (lambda file: file.symlink_to(file.name), "No paths are valid"),
        (make_link, "allowed"),
    ],
    ids=["absent", "empty", "folder", "dangling link", "link to itself", "link"],
)
def test_what_stands_in_the_lists_place_is_read_as_ganeti_reads_it(
    agree: Callable[[Path, Iterable[str]], list[Answer]],
    tmp_path: Path,
    make: Callable[[Path], None],
    rule: str,
) -> None:
    file = tmp_path / "file-storage-paths"
    make(file)
    assert [kind(answer) for answer in agree(file, ["/srv/a"])] == [rule, rule]


def test_a_list_that_is_not_utf_8_allows_nothing_with_either(
    ganeti_says: Callable[[Question], Answer], tmp_path: Path
) -> None:
    file = tmp_path / "file-storage-paths"
    for content in (b"/srv\n\xff", b"/srv\n\xc0\xaf", b"/srv\n\xed\xa0\x80", b"/srv\n\xe2\x80"):
        file.write_bytes(content)
        question = Question(str(file), "/srv/a", exact=False)
        with pytest.raises(UnicodeDecodeError):
            ganeti_says(question)
        assert [kind(answer) for answer in library_says([question])] == ["No paths are valid"]
