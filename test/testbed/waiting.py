# SPDX-License-Identifier: BSD-2-Clause
"""Waiting for conditions instead of sleeping."""

import time
from collections.abc import Callable
from typing import TypeVar

POLL_INTERVAL = 0.02

T = TypeVar("T")


class ConditionTimeout(AssertionError):
    """A condition did not come true in time."""


def await_condition(
    predicate: Callable[[], T],
    what: str,
    timeout: float = 20.0,
    interval: float = POLL_INTERVAL,
) -> T:
    """Polls `predicate` until it answers something true and returns that answer.

    Raises ConditionTimeout, which names `what` and the last answer, after `timeout` seconds.
    """
    deadline = time.monotonic() + timeout
    while True:
        answer = predicate()
        if answer:
            return answer
        if time.monotonic() >= deadline:
            raise ConditionTimeout(f"not within {timeout:g} s: {what} (last answer: {answer!r})")
        time.sleep(interval)
