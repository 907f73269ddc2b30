"""What is done behind: one thing at a time, and nothing that goes wrong is lost."""

from __future__ import annotations

import sqlite3
import sys
import threading
from concurrent.futures import Future
from functools import partial
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


def _fail(error: BaseException) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


def test_what_goes_wrong_is_raised_once_by_whoever_waits() -> None:
    behind = Behind()
    behind.do(_fail(ValueError("mine")))
    with pytest.raises(ValueError, match="mine"):
        behind.wait()
    behind.wait()


def test_what_goes_wrong_keeps_all_that_follows_from_beginning() -> None:
    behind, done = Behind(), []
    behind.do(_fail(ValueError("mine")))
    behind.do(lambda: done.append(1))
    with pytest.raises(ValueError, match="mine"):
        behind.wait()
    behind.do(lambda: done.append(2))
    behind.wait()
    assert done == [2]


def test_what_goes_wrong_is_raised_before_much_follows() -> None:
    done: list[int] = []
    behind = Behind()
    behind.do(_fail(ValueError("mine")))
    with pytest.raises(ValueError, match="mine"):
        for number in range(3):
            behind.do(partial(done.append, number))
    behind.wait()
    assert done == []


def test_no_more_than_two_things_are_ahead() -> None:
    behind, done = Behind(), []
    first = threading.Event()
    behind.do(first.wait)
    behind.do(lambda: done.append(1))
    threading.Timer(0.01, first.set).start()
    behind.do(lambda: done.append(2))
    assert first.is_set()
    behind.wait()


def test_it_is_idle_when_all_is_done() -> None:
    behind = Behind()
    first = threading.Event()
    assert behind.is_idle
    behind.do(first.wait)
    assert not behind.is_idle
    first.set()
    behind.wait()
    assert behind.is_idle


def test_what_comes_of_a_thing_is_asked_for_later() -> None:
    behind = Behind()
    first, second = behind.do(lambda: "a"), behind.do(_fail(ValueError("mine")))
    assert first() == "a"
    with pytest.raises(ValueError, match="mine"):
        second()
    with pytest.raises(ValueError, match="mine"):
        behind.wait()


def test_whoever_is_interrupted_while_waiting_can_wait_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    behind, done = Behind(), []
    first = threading.Event()
    behind.do(first.wait)
    behind.do(lambda: done.append(1))
    with monkeypatch.context() as patch:
        patch.setattr(Future, "exception", _fail(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            behind.wait()
    first.set()
    behind.wait()
    assert done == [1]


def test_the_interpreter_takes_its_usual_turns_again_when_all_is_done() -> None:
    usual = sys.getswitchinterval()
    behind = Behind()
    behind.do(lambda: None)
    assert sys.getswitchinterval() < usual
    behind.wait()
    assert sys.getswitchinterval() == usual
    behind.close()


def test_a_database_for_one_thread_only_is_used_by_one_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sqlite3, "threadsafety", 0)
    behind, threads = Behind(), []
    behind.do(lambda: threads.append(threading.current_thread()))
    assert threads == [threading.current_thread()]
