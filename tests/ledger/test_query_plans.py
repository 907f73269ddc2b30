"""Queries of everyday commands look rows up, so that they are as quick on a ledger of any size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from builders import add_contact
from kmtrack.ledger.open import open_store
from kmtrack.ledger.queries import pages
from kmtrack.ledger.queries.companies import company_parts, earlier_names, parts_of_company
from kmtrack.ledger.queries.company_names import companies_of_name, companies_with_words
from kmtrack.ledger.queries.company_pages import listed_companies
from kmtrack.ledger.queries.days import agreements_ending, waiting_verdicts
from kmtrack.ledger.queries.events import (
    all_events,
    contact_planned,
    contacts_due,
    number_of_events,
    number_of_verdicts,
)
from kmtrack.ledger.queries.pages import newest_events
from kmtrack.ledger.queries.record_filters import ALL_RECORDS, CompanyFilter, RecordFilter, Sort
from kmtrack.ledger.schema.names import words_of
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import withdraw_event

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session


def scans_of(ledger: Path, asked: Callable[[Store], Any]) -> list[str]:
    """Return where the statements of `asked` walk through all rows of a table, in whatever order."""
    store, statements = open_store(ledger), list[str]()
    connection: sqlite3.Connection = vars(store)["_connection"]
    connection.set_trace_callback(statements.append)
    asked(store)
    connection.set_trace_callback(None)
    store.close()
    assert statements
    with closing(sqlite3.connect(ledger)) as bare:
        plans = [
            [detail for *_, detail in bare.execute(f"EXPLAIN QUERY PLAN {text}")]
            for text in statements
        ]
    return [scan for plan in plans for scan in _scans(plan)]


def _scans(plan: list[str]) -> list[str]:
    found = [
        detail
        for detail in plan
        if detail.startswith("SCAN ")
        and "CONSTANT" not in detail
        and ("INDEX" not in detail or "autoindex" in detail)
    ]
    for detail in plan:  # what a part of the statement found is walked through once, by any name
        kind, _, name = detail.partition(" ")
        if kind in {"CO-ROUTINE", "MATERIALIZE"}:
            mine = [scan for scan in (f"SCAN {name}", "SCAN record") if scan in found]
            for scan in mine[:1]:
                found.remove(scan)
    return found


@pytest.mark.files
@pytest.mark.parametrize("noun", EVENTS)
@pytest.mark.parametrize("company", [None, "c1"])
def test_records_are_counted_without_reading_them(
    ledger: Path, noun: str, company: str | None
) -> None:
    assert scans_of(ledger, lambda store: number_of_events(store, noun, company)) == []


@pytest.mark.files
def test_the_next_contact_of_a_company_is_found_among_its_own(ledger: Path) -> None:
    scans = scans_of(ledger, lambda store: contact_planned(store, "c1"))
    assert not [each for each in scans if "record" in each or "since" in each or "company" in each]


@pytest.mark.files
@pytest.mark.parametrize("company", [None, "c1"])
def test_verdicts_are_counted_without_reading_them(ledger: Path, company: str | None) -> None:
    assert scans_of(ledger, lambda store: number_of_verdicts(store, "hires", company)) == []


@pytest.mark.files
def test_a_day_at_a_glance_reads_only_what_it_may_show(ledger: Path) -> None:
    """Of hundreds of thousands of contacts few have a next one, and few records wait or end."""
    day = date(2011, 6, 30)
    # The few successions are read, and the contacts that are due, once they are found.
    due = scans_of(ledger, lambda store: contacts_due(store, day, ALL_RECORDS))
    assert "SCAN record" not in due
    assert scans_of(ledger, lambda store: waiting_verdicts(store, day, 1000)) == []
    assert scans_of(ledger, lambda store: agreements_ending(store, day, day)) == []


@pytest.mark.files
def test_duplicates_are_found_without_reading_every_company(ledger: Path) -> None:
    assert scans_of(ledger, company_parts) == []
    assert scans_of(ledger, earlier_names) == []
    assert scans_of(ledger, lambda store: parts_of_company(store, "c1")) == []


@pytest.mark.files
@pytest.mark.parametrize("typed", ["hedelund", "hed mask", "gn"])
def test_a_company_is_found_without_reading_every_name(ledger: Path, typed: str) -> None:
    words = words_of(typed)
    assert scans_of(ledger, lambda store: companies_of_name(store, typed, typed)) == []
    assert scans_of(ledger, lambda store: companies_with_words(store, words, 1)) == []
    # As where every word is in too many names to look at each.
    assert scans_of(ledger, lambda store: companies_with_words(store, words, 0)) == []


@pytest.fixture
def visited(session: Session) -> Session:
    """Return a session of a ledger with visits that the filters below let through, a page of two at least."""
    for name, cvr in (("Hede Smedje", "13748136"), ("Mols Bogtryk", "25313763")):
        facts = {"name": name, "cvr": cvr, "municipality": "Viborg", "employees": "40"}
        add_company(session, facts)
        for day in ("2011-03-01", "2011-04-01"):
            add_contact(session, name, {"date": day, "note": "praktik"})
    return session


def scans_of_page(session: Session, asked: Callable[[Store], Any]) -> set[str]:
    """Return where a page walks through a table; the few brokers do not matter."""
    return set(scans_of(session.store.path, asked)) - {"SCAN stationed"}


FILTERS = [
    RecordFilter(),
    RecordFilter(brokers=("JH",)),
    RecordFilter(councils=("Viborg Erhvervsråd",)),
    RecordFilter(municipality="791"),
    RecordFilter(since="2011-01-01", until="2011-12-31"),
    RecordFilter(since="2011-01-01", brokers=("JH",), municipality="791"),
]


@pytest.mark.files
@pytest.mark.parametrize(
    "sought",
    [
        *FILTERS[1:],
        RecordFilter(status="counted"),
        RecordFilter(targets=("follow-ups",), status="counted"),
        RecordFilter(chosen={"channel": "visit"}),
        RecordFilter(sort=Sort("status")),
        RecordFilter(sort=Sort("status"), brokers=("JH",)),
    ],
)
def test_a_page_of_a_list_is_read_from_its_newest_end(
    visited: Session, sought: RecordFilter
) -> None:
    """The contacts come in the order of their days, so that reading stops where the page is full."""
    assert scans_of_page(visited, lambda store: newest_events(store, "contact", 2, sought)) == set()


@pytest.mark.files
@pytest.mark.parametrize("sought", [RecordFilter(), RecordFilter(sort=Sort("day", backwards=True))])
def test_the_first_page_of_all_is_read_from_an_index_of_days(
    visited: Session, sought: RecordFilter
) -> None:
    assert (
        scans_of_page(visited, lambda store: newest_events(store, "contact", 50, sought)) == set()
    )


@pytest.mark.files
@pytest.mark.parametrize("sought", FILTERS)
@pytest.mark.parametrize("key", ["name", "cvr", "employees"])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_page_of_companies_is_read_in_their_order(
    visited: Session, sought: RecordFilter, key: str, backwards: bool
) -> None:
    sorted_by = CompanyFilter(sought._replace(sort=Sort(key, backwards)))
    assert scans_of_page(visited, lambda store: listed_companies(store, 2, sorted_by)) == set()


@pytest.mark.files
@pytest.mark.parametrize("noun", ["contact", "hire"])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_page_by_company_is_read_in_the_order_of_names(
    visited: Session, noun: str, backwards: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "FEW", 0)  # as where there are more records
    sought = RecordFilter(sort=Sort("company", backwards))
    scans = scans_of_page(visited, lambda store: newest_events(store, noun, 2, sought))
    assert {each for each in scans if "record" not in each} == set()  # of these few are counted


@pytest.mark.files
@pytest.mark.parametrize(
    "sought",
    [
        RecordFilter(brokers=("ZZ",)),
        RecordFilter(chosen={"channel": "letter"}),
        RecordFilter(municipality="101"),
        RecordFilter(status="waiting"),
        RecordFilter(words=tuple(words_of("elefant"))),
        RecordFilter(brokers=("ZZ",), sort=Sort("company")),
        RecordFilter(brokers=("ZZ",), sort=Sort("municipality")),
    ],
)
def test_what_is_rare_is_looked_for_in_the_order_of_the_table(
    visited: Session, sought: RecordFilter
) -> None:
    """A walk through an index reads a page of the file for every row, and one of the table for many."""
    scans = scans_of_page(visited, lambda store: newest_events(store, "contact", 50, sought))
    assert scans <= {"SCAN record"}


@pytest.mark.files
def test_a_whole_list_is_read_in_the_order_of_the_table(visited: Session) -> None:
    """One by one in the order of their days, records would be read from all over the file."""

    def whole(sought: RecordFilter) -> list[str]:
        return scans_of(
            visited.store.path, lambda store: list(all_events(store, "contact", sought))
        )

    assert whole(ALL_RECORDS) == ["SCAN record"]
    assert whole(RecordFilter(sort=Sort("company"))) == ["SCAN record"]
    assert whole(RecordFilter(company="c1")) == []
    assert whole(RecordFilter(since="2011-04-01", until="2011-04-02")) == []


@pytest.mark.files
def test_the_probe_sees_a_scan(ledger: Path) -> None:
    found = scans_of(ledger, lambda store: store.all("SELECT * FROM contact WHERE note = 'x'"))
    assert found == ["SCAN contact"]


def test_withdrawn_records_are_left_out_of_the_numbers(session: Session) -> None:
    for name in ("Hede Smedje", "Mols Bogtryk"):
        add_company(session, {"name": name, "municipality": "Viborg"})
        for day in ("2011-03-01", "2011-04-01"):
            add_contact(session, name, {"date": day})
    withdraw_event(session, "contact", newest(session), "typed twice")
    company = session.store.get("SELECT id FROM company WHERE name = 'Mols Bogtryk'")["id"]
    store = session.store
    assert [number_of_events(store, "contact"), number_of_events(store, "contact", company)] == [
        3,
        1,
    ]
    assert number_of_events(store, "hire") == 0
    numbers = [number_of_verdicts(store, target, company) for target in ("new-contacts", "hires")]
    assert numbers == [1, 0]
    assert number_of_verdicts(store, "new-contacts") == 2


def newest(session: Session) -> str:
    found: str = session.store.get("SELECT id FROM contact ORDER BY recorded_at DESC LIMIT 1")["id"]
    return found
