"""What is done behind: one thing at a time, and nothing that goes wrong is lost."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING

import pytest

from kmtrack.ledger.behind import Behind

if TYPE_CHECKING:
    from collections.abc import Callable


def test_one_thing_is_done_after_the_other() -> None:
    behind, done = Behind(), []
    first = threading.Event()

    def wait_first() -> None:
        first.wait()
        done.append(1)

    behind.do(wait_first)
    threading.Timer(0.01, first.set).start()
    behind.do(lambda: done.append(2))
    behind.wait()
    assert done == [1, 2]


def _fail(error: BaseException) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_what_goes_wrong_is_raised_once_by_whoever_waits() -> None:
    behind = Behind()
    behind.do(_fail(ValueError("mine")))
    with pytest.raises(ValueError, match="mine"):
        behind.wait()
    behind.wait()


def test_what_goes_wrong_keeps_the_next_from_beginning() -> None:
    behind, done = Behind(), []
    behind.do(_fail(ValueError("mine")))
    with pytest.raises(ValueError, match="mine"):
        behind.do(lambda: done.append(1))
    behind.wait()
    assert done == []


def test_a_database_for_one_thread_only_is_used_by_one_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite3, "threadsafety", 0)
    behind, threads = Behind(), []
    behind.do(lambda: threads.append(threading.current_thread()))
    assert threads == [threading.current_thread()]
