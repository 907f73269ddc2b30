"""Answers over large ledgers: a page reads what it shows, and what is whole is read bit by bit."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

import pytest

import servers
from builders import add_contact, cvr_number, ledger_in, session_over
from kmtrack.ledger.mentions import mentions
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.ledger.unit_of_work import unit_of_work
from kmtrack.rules.explanation import TargetExplanation
from kmtrack.usecases import history
from kmtrack.usecases.companies import edit_company, join_companies
from kmtrack.usecases.history import Filter, each_of_history, history_of
from kmtrack.usecases.people import find_persons, person_records
from kmtrack.usecases.record_lists import listing_of, whole_listing
from kmtrack.usecases.undo import redo_command, undo_command
from kmtrack.usecases.why import why
from kmtrack.views import lists
from kmtrack.views.history import history_as_dicts, render_history
from kmtrack.views.lists import show_whole_list

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.mentions import Mention
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.written_names import WrittenName
    from kmtrack.usecases.session import Session

COMPANIES: Final = 300
EACH: Final = 2
FAR: Final = date(2012, 12, 31)


def fill(session: Session, companies: int = COMPANIES) -> None:
    """Import companies, each with two contacts, by one command."""
    with unit_of_work(session.store, "2011-05-01T08:00:00.000000Z", "JH", "import") as work:
        for number in range(companies):
            facts = {"name": f"Firma {number:05} ApS", "cvr": cvr_number(number)}
            if number % 7 == 5:
                del facts["cvr"]
            where = {"municipality": "791", "employees": str(number % 300)}
            if number % 11 == 3:
                del where["employees"]
            company = work.add("company", {**facts, **where, "kind": "company"})
            for day in range(EACH):
                met = {"date": f"2011-03-{1 + day + number % 20:02}", "channel": "visit"}
                work.add("contact", {"company_id": company, "broker": "JH", **met})


# A database on a server lives for one test.
@pytest.fixture(scope="function" if servers.IN_USE else "module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger with an import that was undone and redone; it is only read."""
    ledger = ledger_in(tmp_path_factory.mktemp("large"))
    with session_over(ledger) as session:
        fill(session)
        undo_command(session)
        redo_command(session)
    return ledger


class Rows:
    """Counts the rows that a store returns from now on."""

    def __init__(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        kind = type(store)
        every, whole = kind.each, kind.all

        def each(self_: Store, statement: str, **named: object) -> Iterator[Any]:
            for row in every(self_, statement, **named):
                self.number += 1
                yield row

        def all_(self_: Store, statement: str, **named: object) -> list[Any]:
            rows = whole(self_, statement, **named)
            self.number += len(rows)
            return rows

        monkeypatch.setattr(kind, "each", each)
        monkeypatch.setattr(kind, "all", all_)


def test_a_page_of_history_reads_no_more_records_than_it_shows(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(large) as session:
        rows = Rows(session.store, monkeypatch)
        lines = list(render_history(history_of(session, Filter(), 10).items))
        assert rows.number < 500
    more = f"  … and {COMPANIES * (1 + EACH) - 10} more records; --json shows all"
    assert lines.count(more) == 3, lines  # of the import, of the undo, and of the redo


def test_the_whole_history_is_read_some_records_at_a_time(
    large: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "_AT_ONCE", 100)
    with session_over(large) as session:
        rows = Rows(session.store, monkeypatch)
        found = history_as_dicts(each_of_history(session, Filter()))
        imported = next(each for each in found if each["command"] == "import")
        next(imported["entries"])
        assert rows.number < 700
        assert sum(1 for _ in imported["entries"]) == COMPANIES * (1 + EACH) - 1


def test_a_large_command_is_told_as_a_small_one(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(session, 8)
    edit_company(session, cvr_number(3), {"name": "Anden"}, None)
    undo_command(session)
    join_companies(session, cvr_number(1), "Firma 00005")
    undo_command(session)
    undo_command(session, 2)
    redo_command(session)
    edit_company(session, cvr_number(2), {"employees": "41"}, None)

    def told(changes: int) -> tuple[list[str], list[Any]]:
        data = history_as_dicts(each_of_history(session, Filter()))
        entries = [sorted(map(str, each["entries"])) for each in data]
        return list(render_history(history_of(session, Filter(), changes).items)), entries

    small = told(1000)
    monkeypatch.setattr(history, "_SMALL", 3)
    for changes in (11, 1000):
        assert told(changes) == small


@pytest.mark.parametrize("target", ["new-contacts", "follow-ups"])
def test_a_page_of_a_target_reads_no_more_records_than_it_shows(
    large: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    with session_over(large) as session:
        whole = why(session, target, FAR)
        rows = Rows(session.store, monkeypatch)
        page = why(session, target, FAR, 10)
        assert rows.number < 200
        assert isinstance(whole, TargetExplanation)
        assert isinstance(page, TargetExplanation)
        assert sum(group.number for group in page.groups) == COMPANIES
        for one, other in zip(page.groups, whole.groups, strict=True):
            assert one._replace(members=()) == other._replace(members=())
            members = list(other.members)
            assert list(one.members) == members[:10]
            assert len(members) == one.number
            assert members == sorted(members, key=attrgetter("day", "record_id"))


def test_texts_are_searched_once_for_all_persons_of_a_name(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(session, 4)
    for number in (0, 1, 2):
        met = {"date": "2011-04-01", "person": "Inger Holm", "note": "Inger Holm"}
        add_contact(session, cvr_number(number), met)
    rows = find_persons(session, "Inger Holm")
    assert len(rows) == 3
    searched: list[WrittenName] = []

    def found(store: Store, name: WrittenName) -> Iterator[Mention]:
        searched.append(name)
        return mentions(store, name)

    monkeypatch.setattr("kmtrack.usecases.people.mentions", found)
    records = person_records(session.store, rows)
    assert len(searched) == 1
    assert [len(record["contacts"]) for record in records] == [1, 1, 1]
    assert all(len(record["texts"]) == 3 for record in records)


WHOLE_LISTS: dict[str, tuple[str, dict[str, str]]] = {
    "contacts": ("contact", {}),
    "sorted": ("contact", {"sort": "-company"}),
    "words": ("contact", {"words": "firma 00012"}),
    "follow-ups": ("followup", {}),
    "companies": ("company", {}),
    "some companies": ("company", {"municipality": "Viborg", "sort": "employees"}),
}


@pytest.mark.parametrize(("name", "typed"), WHOLE_LISTS.values(), ids=list(WHOLE_LISTS))
def test_a_whole_list_is_read_some_records_at_a_time(
    large: Path, monkeypatch: pytest.MonkeyPatch, name: str, typed: dict[str, str]
) -> None:
    with session_over(large) as session, session.store.reading():
        page = listing_of(session, name, typed, EVERYTHING)
        whole = whole_listing(session, name, typed)
        rows = Rows(session.store, monkeypatch)
        first = next(iter(whole.records))
        assert rows.number <= 20
        assert first == page.records[0]
        assert list(whole.records) == page.records
        assert (whole.noun, whole.fields, whole.columns) == (page.noun, page.fields, page.columns)


def _printed(
    session: Session, typed: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> list[str]:
    with session.store.reading():
        whole = whole_listing(session, "contact", typed)
        show_whole_list("contact", whole.noun, whole.records, whole.is_stated)
    return capsys.readouterr().out.splitlines()


def test_a_whole_list_in_a_pipe_is_walked_through_once(
    large: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lists, "_FIRST", 10)
    with session_over(large) as session:
        rows = Rows(session.store, monkeypatch)
        printed = _printed(session, {}, capsys)
    assert len(printed) == 1 + COMPANIES * EACH  # the headings, of which none is the municipality
    assert rows.number <= len(printed) + 20


@pytest.mark.parametrize("typed", [{}, {"words": "firma"}], ids=["all", "words"])
def test_a_column_that_only_the_last_record_states_is_in_a_whole_list(
    ledger: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    typed: dict[str, str],
) -> None:
    monkeypatch.setattr(lists, "_FIRST", 1)
    with session_over(ledger) as session:
        fill(session, companies=2)
        width = len(_printed(session, typed, capsys)[-1].split("\t"))
        add_contact(session, cvr_number(0), {"date": "2011-01-05", "municipality": "Skive"})
        last = _printed(session, typed, capsys)[-1].split("\t")
    assert "Skive" in last
    assert len(last) == width + 1
