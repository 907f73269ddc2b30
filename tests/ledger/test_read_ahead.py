"""What is read ahead of a server's lock: it is trusted only while nobody else stores anything."""

from __future__ import annotations

from contextlib import closing, contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from builders import CVR, add_contact, refuses, session_over
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.errors import Outdated
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import withdraw_event
from kmtrack.usecases.record_lookup import find_records
from kmtrack.usecases.undo import undo_command
from kmtrack.usecases.undo_reads import read_for_undo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.server

_FIND = "kmtrack.usecases.events.find_records"
_ALL = "SELECT name, value FROM setting ORDER BY name"


@pytest.fixture
def session(served: Any) -> Iterator[Session]:
    """Yield the session of JH, who entered a company and a contact."""
    with session_over(served) as session:
        company = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
        add_company(session, company)
        add_contact(session, CVR, {"date": "2011-03-01"})
        yield session


def _said(store: Store) -> dict[str, str]:
    return {row["name"]: row["value"] for row in store.all(_ALL)}


def _store_a_command(at: Any, day: str = "2011-03-02") -> None:
    with session_over(at, broker="MK") as other:
        add_contact(other, CVR, {"date": day})


@contextmanager
def _trusting(store: Store, meanwhile: Callable[[], object] = tuple) -> Iterator[None]:
    def read() -> None:
        _said(store)
        meanwhile()

    store.rehearse(read, is_trusted=True)
    with store.writing("a" * 32):
        yield


def test_what_was_read_ahead_is_not_asked_again(session: Session, served: Any) -> None:
    with closing(open_store(served)) as store:

        def change_unseen() -> None:
            session.store.run("INSERT INTO setting (name, value) VALUES ('columns x', '')")

        with _trusting(store, change_unseen):
            assert "columns x" not in _said(store)
            store.run("UPDATE setting SET value = value")
            assert "columns x" in _said(store)


@pytest.mark.parametrize("asks", [True, False])
def test_nothing_is_stored_by_what_no_longer_holds(
    session: Session, served: Any, *, asks: bool
) -> None:
    with closing(open_store(served)) as store:
        before = _said(store)
        with (
            pytest.raises(Outdated),
            _trusting(store, partial(_store_a_command, served)),
        ):
            _said(store)
            store.run("INSERT INTO setting (name, value) VALUES ('columns x', '')")
            if asks:
                store.get("SELECT count(*) FROM command")
        assert {**_said(store), "writer": ""} == {**before, "writer": ""}
        with store.writing("b" * 32):  # and the next transaction trusts nothing
            store.get("SELECT count(*) FROM command")


def test_a_refusal_by_what_no_longer_holds_is_none(session: Session, served: Any) -> None:
    with closing(open_store(served)) as store:
        with (
            pytest.raises(Outdated),
            _trusting(store, partial(_store_a_command, served)),
        ):
            raise ArithmeticError
        with pytest.raises(ArithmeticError), _trusting(store):
            raise ArithmeticError


@pytest.mark.parametrize("is_ahead", [True, False])
def test_what_was_sent_after_a_failure_is_not_taken_for_prepared(
    session: Session, *, is_ahead: bool
) -> None:
    """The driver prepares what it is asked for the sixth time."""
    store, query = session.store, "SELECT count(*) FROM company"
    for _ in range(5):
        store.get(query)
    if is_ahead:
        store.foresee(partial(store.get, "SELECT 1 / 0"), partial(store.get, query))
    else:
        with pytest.raises(psycopg.Error), store.writing("a" * 32):
            store.run("SELECT 1 / 0")
            store.get(query)
    for _ in range(3):
        assert store.get(query)[0] == 1


def test_an_undo_sees_what_another_stored_before_its_lock(
    session: Session, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = add_contact(session, CVR, {"date": "2011-03-05"}).record["id"]
    times: list[Any] = []

    def read_slowly(*given: Any) -> None:
        read_for_undo(*given)
        times.append(given)
        if len(times) == 1:
            with session_over(served, broker="MK") as other:
                withdraw_event(other, "contact", contact, "X")

    monkeypatch.setattr("kmtrack.usecases.undo.read_for_undo", read_slowly)
    done = undo_command(session)
    assert len(times) == 2
    assert [(each.id, each.before and each.before["withdrawn"]) for each in done.records] == [
        (contact, "X")
    ]
    assert check_ledger(session.store).damage == []


def test_what_is_only_tried_is_gone_through_once(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is pending is nothing that somebody else stored."""
    times: list[Any] = []

    def read(*given: Any) -> None:
        times.append(given)
        read_for_undo(*given)

    monkeypatch.setattr("kmtrack.usecases.undo.read_for_undo", read)
    assert undo_command(session, keep=False).records
    assert len(times) == 1


def test_a_withdrawal_of_what_another_withdrew_is_refused(
    session: Session, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = add_contact(session, CVR, {"date": "2011-03-05"}).record["id"]
    times: list[Any] = []

    def find_slowly(*given: Any) -> Any:
        found = find_records(*given)
        times.append(given)
        if len(times) == 1:
            monkeypatch.setattr(_FIND, find_records)
            with session_over(served, broker="MK") as other:
                withdraw_event(other, "contact", contact, "X")
        return found

    monkeypatch.setattr(_FIND, find_slowly)
    with refuses("record_withdrawn"):
        withdraw_event(session, "contact", contact, "Y")
    assert check_ledger(session.store).damage == []
