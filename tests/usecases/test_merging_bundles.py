"""Bundles: what builds on a missing one is refused, and what was never handed over is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, agreeing, cvr_number, ledger_in, refuses, session_over
from kmtrack.ledger.settings import put_setting
from kmtrack.ledger.store.copies import copy_ledger
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.events import add_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.merge.bundle import write_bundle
from kmtrack.usecases.methods import add_method, assess_method
from kmtrack.usecases.people import erase_persons, find_persons
from kmtrack.usecases.restore import restore_ledger

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session


def _company(session: Session, **values: Any) -> str:
    named = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(agreeing(session), {**named, **values})["id"])


@pytest.fixture
def third(tmp_path: Path) -> Iterator[Session]:
    """Yield the session of broker BB, who has stated nothing yet."""
    (tmp_path / "third").mkdir()
    with session_over(ledger_in(tmp_path / "third"), broker="BB") as session:
        yield session


def _erases(session: Session, company: str) -> None:
    erase_persons(session, find_persons(session, "Inger Holm")[0])


def _joins(session: Session, company: str) -> None:
    other = _company(session, name="Mols", cvr="")
    join_companies(session, other, company)


@pytest.mark.everyday(2)
@pytest.mark.parametrize(
    "deed",
    [
        lambda session, company: add_contact(session, company, {"date": "2011-03-02"}),
        lambda session, company: add_event(session, "hire", company, {"level": "master"}),
        lambda session, company: edit_company(session, company, {"employees": "41"}, None),
        _erases,
        _joins,
    ],
)
def test_a_bundle_that_builds_on_what_is_missing_is_refused(
    session: Session,
    other: Session,
    third: Session,
    tmp_path: Path,
    deed: Callable[[Session, str], object],
) -> None:
    """It is the first that its maker states: nothing is missing in between of the maker's own."""
    company = _company(session)
    add_contact(session, company, {"date": "2011-03-01", "person": "Inger Holm"})
    merge_ledgers(third, [session.store.location])
    write_bundle(third, tmp_path / "1.db", None)
    deed(third, company)
    write_bundle(third, tmp_path / "2.db", None)
    with refuses("record_gap"):
        merge_ledgers(other, [tmp_path / "2.db"])
    assert other.store.get("SELECT count(*) FROM company")[0] == 0
    merge_ledgers(other, [tmp_path / "1.db", tmp_path / "2.db"])
    assert check_ledger(other.store).damage == []
    assert merge_ledgers(other, [third.store.location]).commands == 0


def test_a_redaction_of_an_entry_that_is_missing_is_refused(
    session: Session, other: Session, third: Session, tmp_path: Path
) -> None:
    """Else the name would stand again once the entry came by another way."""
    company = _company(session)
    add_contact(session, company, {"date": "2011-03-01", "person": "Inger Holm"})
    contact = add_contact(session, company, {"date": "2011-03-02"}).record["id"]
    for each in (other, third):
        merge_ledgers(each, [session.store.location])
    with session.unit_of_work("contact edit") as work:
        work.append("contact", contact, "edit", {"note": "Inger Holms chef"})
    merge_ledgers(third, [session.store.location])
    write_bundle(third, tmp_path / "1.db", None)
    _erases(third, company)
    write_bundle(third, tmp_path / "2.db", None)
    with refuses("record_gap"):
        merge_ledgers(other, [tmp_path / "2.db"])


def test_a_bundle_on_a_method_that_is_missing_is_refused(
    session: Session, other: Session, third: Session, tmp_path: Path
) -> None:
    method = add_method(session, {"name": "Besøgsguide", "kind": "tool"})["id"]
    merge_ledgers(third, [session.store.location])
    write_bundle(third, tmp_path / "1.db", None)
    assess_method(third, method, {"verdict": "keep", "text": "god"})
    write_bundle(third, tmp_path / "2.db", None)
    with refuses("record_gap"):
        merge_ledgers(other, [tmp_path / "2.db"])


def test_a_whole_ledger_that_refers_to_nothing_is_refused(session: Session, other: Session) -> None:
    _company(other, cvr=cvr_number(1))
    with other.unit_of_work("company join") as work:
        [row] = other.store.all("SELECT id FROM company")
        work.append("company", row["id"], "join", {"with": "c0a0b0c0d0e"})
    with refuses("foreign_damaged"):
        merge_ledgers(session, [other.store.location])


def _contacts(session: Session) -> int:
    return int(session.store.get("SELECT count(*) FROM contact")[0])


@pytest.mark.files
def test_what_is_stated_after_a_restoring_is_handed_over(
    session: Session, other: Session, tmp_path: Path
) -> None:
    """A restoring takes numbers back, and they are given again."""
    company = _company(session)
    copy_ledger(session.store, tmp_path / "copy.db")
    for day in ("2011-03-01", "2011-03-02", "2011-03-03"):
        add_contact(session, company, {"date": day})
    write_bundle(session, tmp_path / "1.db", None)
    restore_ledger(session, tmp_path / "copy.db")
    for number, days in enumerate((("2011-04-01", "2011-04-02"), ("2011-05-01", "2011-05-02"))):
        for day in days:
            add_contact(session, company, {"date": day})
        write_bundle(session, tmp_path / f"after-{number}.db", None)
    merge_ledgers(other, [tmp_path / name for name in ("1.db", "after-0.db", "after-1.db")])
    assert _contacts(other) == 3 + 4


@pytest.mark.files
def test_a_restoring_to_a_time_between_two_bundles_hands_over_little_again(
    session: Session, tmp_path: Path
) -> None:
    company = _company(session)
    write_bundle(session, tmp_path / "1.db", None)
    copy_ledger(session.store, tmp_path / "copy.db")
    add_contact(session, company, {"date": "2011-03-01"})
    write_bundle(session, tmp_path / "2.db", None)
    restore_ledger(session, tmp_path / "copy.db")
    with refuses("nothing_new"):
        write_bundle(session, tmp_path / "3.db", None)
    add_contact(session, company, {"date": "2011-03-02"})
    assert write_bundle(session, tmp_path / "3.db", None).commands == 1


def test_all_is_handed_over_again_where_only_a_number_was_noted(
    session: Session, tmp_path: Path
) -> None:
    _company(session)
    put_setting(session.store, "bundled", "2")
    assert write_bundle(session, tmp_path / "1.db", None).commands == 2
    with refuses("nothing_new"):
        write_bundle(session, tmp_path / "2.db", None)
