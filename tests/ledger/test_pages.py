"""A page has the first records of the whole list, in whichever way it was read."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from builders import add_contact
from kmtrack.ledger.queries import company_pages, pages
from kmtrack.ledger.queries.companies import all_listed_companies
from kmtrack.ledger.queries.company_pages import listed_companies
from kmtrack.ledger.queries.events import all_events
from kmtrack.ledger.queries.pages import newest_events
from kmtrack.ledger.queries.record_filters import CompanyFilter, RecordFilter, Sort
from kmtrack.ledger.schema.filters import filters_of
from kmtrack.ledger.schema.names import words_of
from kmtrack.usecases.brokers import add_broker
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.events import add_event, withdraw_event

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

_FILTERS = (
    RecordFilter(),
    RecordFilter(brokers=("JH",)),
    RecordFilter(brokers=("MK", "JH")),
    RecordFilter(brokers=("ZZ",)),
    RecordFilter(municipality="791"),
    RecordFilter(municipality="101"),
    RecordFilter(since="2011-03-05", until="2011-04-05"),
    RecordFilter(brokers=("MK",), municipality="779", since="2011-03-01"),
)
_OF_EVENTS = (
    RecordFilter(status="counted"),
    RecordFilter(status="waiting", brokers=("JH",)),
    RecordFilter(targets=("follow-ups",)),
    RecordFilter(words=tuple(words_of("café ørsted"))),
    RecordFilter(words=tuple(words_of("mols"))),
    RecordFilter(words=tuple(words_of("zebra"))),
)


@pytest.fixture
def filled(session: Session) -> Session:
    """Return a session of a ledger with companies and contacts of every kind that filters know."""
    add_broker(session, {"initials": "MK", "council": "Skive Erhvervsråd"})
    for at, (name, place, employees) in enumerate(
        (
            ("Ørsted Café", "Viborg", "40"),
            ("Åle Smedje", "Skive", "20-49"),
            ("Mols Bogtryk", "Viborg", None),
            ("Ære Væveri", None, "7"),
            ("Aarhus Tømmer", "Skive", "7"),
        )
    ):
        facts = {"name": name, "municipality": place, "employees": employees}
        row = add_company(session, {key: value for key, value in facts.items() if value})
        for month in range(3, 4 + at % 3):
            others = {"others": "MK"} if month == 4 else {}
            told = {
                "broker": "MK" if at % 2 else "JH",
                "channel": "phone" if month == 3 else "visit",
            }
            if month == 3 and at == 4:
                told["municipality"] = "Viborg"
            facts = {"date": f"2011-0{month}-0{at + 1}", "note": "Ørsted på café", **told, **others}
            add_contact(session, row["id"], facts)
    add_event(session, "hire", "mols", {"level": "master", "agreed": "2011-05-01"})
    edit_company(session, "mols", {"municipality": "Skive"}, "2011-04-01")
    # Nobody else was ever there.
    edit_company(session, "ørsted", {"municipality": "Silkeborg"}, "2011-03-01")
    newest = session.store.get("SELECT id FROM contact ORDER BY date DESC, id LIMIT 1")["id"]
    withdraw_event(session, "contact", newest, "typed twice")
    return session


@pytest.mark.parametrize(("first", "few"), [(1, 1), (1, 1000)])
def test_a_page_is_the_beginning_of_the_list(
    filled: Session, monkeypatch: pytest.MonkeyPatch, first: int, few: int
) -> None:
    store = filled.store
    for module in (pages, company_pages):
        monkeypatch.setattr(module, "FIRST", first)
        monkeypatch.setattr(module, "FEW", few)
    for noun in ("contact", "hire", "company"):
        keys = [
            field.name for field in filters_of(noun).sorts if field.name not in {"date", "agreed"}
        ]
        keys += ["company"] if noun == "company" else ["company", "day", "status"]
        sorts = [None, *(Sort(*each) for each in product(keys, (False, True)))]
        filters = _FILTERS if noun == "company" else _FILTERS + _OF_EVENTS
        for sought in (each._replace(sort=sort) for each in filters for sort in sorts):
            if noun == "company":
                page = listed_companies(store, 2, CompanyFilter(sought))
                whole = [row["id"] for row in all_listed_companies(store, CompanyFilter(sought))]
            else:
                page = [dict(row) for row in newest_events(store, noun, 2, sought)]
                whole = [row["id"] for row in all_events(store, noun, sought)]
            assert [row["id"] for row in page] == whole[:2], (noun, sought)
