# SPDX-License-Identifier: BSD-2-Clause
"""The library's messages in Python's logging."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from ganeti_gluster import _native


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """The library's logger, as it was before after the test."""
    logger = logging.getLogger("ganeti_gluster")
    before = logger.handlers[:]
    yield logger
    logger.handlers[:] = before


def check(allowed: Path, content: bytes) -> None:
    """A check of the policy that logs what it thinks of its list."""
    allowed.write_bytes(content)
    with pytest.raises(_native.PathPolicyError):
        _native.PathPolicy(str(allowed)).check("/srv/a")


def test_messages_go_to_the_librarys_logger(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    check(tmp_path / "list", b"100%s\n")
    assert caplog.record_tuples == [
        ("ganeti_gluster", logging.INFO, "Ignoring relative path '100%s' for file storage")
    ]


def test_a_level_that_is_not_wanted_is_not_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    check(tmp_path / "list", b"relative\n")
    assert caplog.records == []
    check(tmp_path / "list", b"/srv/\xff\n")
    assert [record.levelno for record in caplog.records] == [logging.WARNING]


def test_a_handler_that_raises_does_not_fail_the_call(
    tmp_path: Path, logger: logging.Logger, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(logging.Handler):
        def handle(self, record: logging.LogRecord) -> bool:
            raise KeyboardInterrupt(record.getMessage())

    told: list[str] = []
    logger.addHandler(Broken())
    with monkeypatch.context() as patched:
        patched.setattr(sys, "unraisablehook", lambda args: told.append(str(args.exc_value)))
        check(tmp_path / "list", b"/srv/\xff\n")
    assert told == [f"{tmp_path / 'list'} is not in UTF-8: as in Ganeti, it allows nothing"]
