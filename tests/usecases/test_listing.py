"""Filters of lists: each is answered from the records themselves, in both databases."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import pytest

from builders import add_contact, cvr_number, ledger_in, refuses, register, session_over
from kmtrack.ledger.schema.filters import LISTS, filters_of
from kmtrack.ledger.store.base import EVERYTHING
from kmtrack.usecases.brokers import edit_broker
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.events import add_event, withdraw_event
from kmtrack.usecases.methods import add_method, methods
from kmtrack.usecases.record_filters import sorts_of
from kmtrack.usecases.record_lists import company_listing, due_contacts, listing_of
from kmtrack.usecases.status import grouped_status, status_of
from kmtrack.usecases.surveys.answers import surveys

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.session import Session

COMPANIES = (
    # name, municipality, employees
    ("Hede Smedje", "Viborg", "12"),
    ("Mølgaard Bogtryk", "Skive", "20-49"),
    ("Ågård Æbler A/S", "Viborg", "5"),
    ("Skive Kommune", "Skive", "1000+"),
)
CONTACTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Hede Smedje", {"date": "2011-03-01", "channel": "visit", "note": "Om en praktikplads, møde nr. 1"}),
    ("Hede Smedje", {"date": "2011-03-20", "channel": "phone", "next": "2011-04-01"}),
    ("Mølgaard Bogtryk", {"date": "2011-04-01", "channel": "visit", "broker": "AB", "next": "2011-05-05"}),
    ("Mølgaard Bogtryk", {"date": "2011-04-02", "channel": "email", "broker": "AB", "others": ["JH"]}),
    ("Ågård Æbler A/S", {"date": "2011-05-01", "channel": "meeting", "broker": "ABC", "note": "Café-møde"}),
    ("Ågård Æbler A/S", {"date": "2011-05-03", "person": "Inger Holm", "municipality": "Skive"}),
    ("Skive Kommune", {"date": "2011-05-04", "channel": "visit"}),
)  # fmt: skip


def _scope(fixture_name: str, config: pytest.Config) -> Literal["function", "module"]:
    """Return how long the ledger stays: on a server each test drops its databases."""
    del fixture_name
    return "function" if config.getoption("--on-server") else "module"


@pytest.fixture(scope=_scope)
def listed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """Yield a session over a ledger with some of everything; nobody changes it."""
    folder = tmp_path_factory.mktemp("listed")
    with session_over(ledger_in(folder)) as session:
        register(session, "AB", "ABC")
        edit_broker(session, "AB", {"council": "Skive Egnens Erhvervsråd"})
        for number, (name, municipality, employees) in enumerate(COMPANIES, 1):
            facts = {"name": name, "municipality": municipality, "employees": employees}
            kind = {"kind": "public"} if "Kommune" in name else {}
            add_company(session, {**facts, "cvr": cvr_number(number), **kind})
        for name, values in CONTACTS:
            add_contact(session, name, values)
        add_contact(session, "Hede Smedje", {"date": "2011-03-02", "note": "praktik"})
        withdraw_event(session, "contact", "last", "tastefejl")
        project = {"kind": "project", "agreed": "2011-05-01", "title": "Åbne døre"}
        add_event(session, "collaboration", "Hede Smedje", project)
        job = {"kind": "student-job", "institution": "VIA University College", "students": "3"}
        add_event(session, "collaboration", "Mølgaard", job)
        add_event(session, "hire", "Hede Smedje", {"level": "master", "agreed": "2011-05-02"})
        add_event(session, "hire", "Ågård", {"level": "bachelor", "agreed": "2011-05-09"})
        add_method(session, {"name": "Opgavekatalog", "kind": "tool", "date": "2011-05-01"})
        add_method(session, {"name": "Virksomhedsbesøg", "kind": "method", "date": "2011-06-01"})
        yield session


def days(
    session: Session, name: str = "contact", limit: int = EVERYTHING, **typed: Any
) -> list[str]:
    """Return the days of the records that a list has, month and day."""
    found = listing_of(session, name, typed, limit).records
    return [str(record.get("date") or record.get("agreed"))[5:] for record in found]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, ["05-04", "05-03", "05-01", "04-02", "04-01", "03-20", "03-01"]),
        ({"company": "hede"}, ["03-20", "03-01"]),
        ({"broker": "ab"}, ["04-02", "04-01"]),  # not ABC
        ({"broker": "JH"}, ["05-04", "05-03", "04-02", "03-20", "03-01"]),
        ({"mine": True}, ["05-04", "05-03", "04-02", "03-20", "03-01"]),
        ({"mine": True, "broker": "AB"}, ["04-02"]),
        ({"mine": False}, ["05-04", "05-03", "05-01", "04-02", "04-01", "03-20", "03-01"]),
        ({"council": "Skive Egnens Erhvervsråd"}, ["04-02", "04-01"]),
        ({"council": "viborg"}, ["05-04", "05-03", "04-02", "03-20", "03-01"]),
        ({"municipality": "Viborg"}, ["05-01", "03-20", "03-01"]),
        ({"municipality": "0779"}, ["05-04", "05-03", "04-02", "04-01"]),
        ({"since": date(2011, 4, 2)}, ["05-04", "05-03", "05-01", "04-02"]),
        ({"until": date(2011, 3, 20)}, ["03-20", "03-01"]),
        ({"since": date(2011, 4, 1), "until": date(2011, 4, 1)}, ["04-01"]),
        ({"channel": "besøg"}, ["05-04", "05-03", "04-01", "03-01"]),
        ({"channel": "visit", "municipality": "Skive"}, ["05-04", "05-03", "04-01"]),
        ({"words": "praktik"}, ["03-01"]),  # the beginning of a word of a note
        ({"words": "MODE"}, ["05-01", "03-01"]),
        ({"words": "møde hede"}, ["03-01"]),
        ({"words": "cafe"}, ["05-01"]),
        ({"words": "møl"}, ["04-02", "04-01"]),
        ({"words": "agard aebler"}, ["05-03", "05-01"]),
        ({"words": cvr_number(1)}, ["03-20", "03-01"]),
        ({"words": "cafemode"}, []),
        ({"words": "agaard aaebler"}, ["05-03", "05-01"]),
        ({"words": "holm"}, []),  # a contact person, never searched
        ({"words": "tyk"}, []),  # not a beginning
        ({"words": "hede", "channel": "phone", "mine": True}, ["03-20"]),
        ({"status": "tæller ikke"}, ["05-04", "04-02", "04-01"]),
    ],
)
def test_contacts_are_chosen(listed: Session, typed: dict[str, Any], found: list[str]) -> None:
    assert days(listed, **typed) == found


@pytest.mark.parametrize(
    ("sort", "companies"),
    [
        ("virksomhed", ["Hede Smedje", "Mølgaard Bogtryk", "Skive Kommune", "Ågård Æbler A/S"]),
        ("-company", ["Ågård Æbler A/S", "Skive Kommune", "Mølgaard Bogtryk", "Hede Smedje"]),
        ("kommune", ["Skive Kommune", "Ågård Æbler A/S", "Mølgaard Bogtryk", "Hede Smedje"]),
        ("dato", ["Skive Kommune", "Ågård Æbler A/S", "Mølgaard Bogtryk", "Hede Smedje"]),
        ("-date", ["Hede Smedje", "Mølgaard Bogtryk", "Ågård Æbler A/S", "Skive Kommune"]),
        ("kanal", ["Skive Kommune", "Ågård Æbler A/S", "Mølgaard Bogtryk", "Hede Smedje"]),
    ],
)
def test_contacts_are_sorted(listed: Session, sort: str, companies: list[str]) -> None:
    records = listing_of(listed, "contact", {"sort": sort}, EVERYTHING).records
    assert list(dict.fromkeys(record["company"] for record in records)) == companies


@pytest.mark.parametrize("name", ["contact", "followup", "collaboration", "hire", "company"])
def test_a_list_can_be_sorted_by_all_that_it_names(listed: Session, name: str) -> None:
    for word in sorts_of(name).values():
        for sort in (word, f"-{word}"):
            typed = {"sort": sort}
            found = (
                company_listing(listed, typed, 2)
                if name == "company"
                else listing_of(listed, name, typed, 2)
            )
            assert found.records or name == "followup", sort


@pytest.mark.parametrize(
    ("name", "typed", "number"),
    [
        ("collaboration", {"kind": "projekt"}, 1),
        ("collaboration", {"kind": "studiejob", "words": "via"}, 1),
        ("collaboration", {"words": "åbne"}, 1),
        ("collaboration", {"since": date(2011, 1, 1)}, 1),  # the other one has no day
        ("hire", {"level": "kandidat"}, 1),
        ("hire", {"level": "master", "company": "Ågård"}, 0),
        ("followup", {}, 3),
        ("followup", {"company": "mølgaard"}, 1),
        ("followup", {"words": "hede"}, 1),
    ],
)
def test_other_nouns_are_chosen(
    listed: Session, name: str, typed: dict[str, Any], number: int
) -> None:
    found = listing_of(listed, name, typed, EVERYTHING)
    assert (len(found.records), found.number) == (number, number)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ({"municipality": "Skive"}, ["Mølgaard Bogtryk", "Skive Kommune"]),
        ({"kind": "public"}, ["Skive Kommune"]),
        ({"broker": "AB"}, ["Mølgaard Bogtryk"]),
        ({"broker": "AB", "since": date(2011, 5, 1)}, []),
        ({"council": "viborg", "until": date(2011, 3, 31)}, ["Hede Smedje"]),
        ({"words": "sme", "municipality": "Viborg"}, ["Hede Smedje"]),
        ({"words": "sme", "municipality": "Skive"}, []),
        ({"sort": "-virksomhed", "municipality": "Viborg"}, ["Ågård Æbler A/S", "Hede Smedje"]),
        ({"sort": "ansatte"}, ["Ågård Æbler A/S", "Hede Smedje", "Mølgaard Bogtryk", "Skive Kommune"]),
    ],
)  # fmt: skip
def test_companies_are_chosen(listed: Session, typed: dict[str, Any], names: list[str]) -> None:
    found = company_listing(listed, typed, EVERYTHING)
    assert [record["name"] for record in found.records] == names


def test_a_company_is_listed_where_it_is_today(session: Session) -> None:
    add_company(session, {"name": "Flyttemand", "municipality": "Viborg"})
    edit_company(session, "Flyttemand", {"municipality": "Skive"}, "2011-06-01")
    edit_company(session, "Flyttemand", {"municipality": "Randers"}, "2011-12-01")
    for name, number in (("Viborg", 0), ("Skive", 1), ("Randers", 0)):
        assert len(company_listing(session, {"municipality": name}, 10).records) == number


@pytest.mark.parametrize(
    ("typed", "companies"),
    [
        ({}, ["Hede Smedje", "Mølgaard Bogtryk"]),
        ({"mine": True}, ["Hede Smedje"]),
        ({"broker": "AB"}, ["Mølgaard Bogtryk"]),
        ({"municipality": "Skive"}, ["Mølgaard Bogtryk"]),
        ({"words": "smedje"}, ["Hede Smedje"]),
    ],
)
def test_what_is_due_is_chosen(
    session: Session, typed: dict[str, Any], companies: list[str]
) -> None:
    register(session, "AB")
    for name, municipality, broker in (
        ("Hede Smedje", "Viborg", "JH"),
        ("Mølgaard Bogtryk", "Skive", "AB"),
    ):
        add_company(session, {"name": name, "municipality": municipality})
        planned = {"date": "2011-03-01", "next": "2011-05-05", "broker": broker}
        add_contact(session, name, planned)
    found = due_contacts(session, date(2011, 6, 30), typed).records
    assert [record["company"] for record in found] == companies


def test_methods_and_questionnaires_are_chosen(listed: Session) -> None:
    def named(**typed: Any) -> list[str]:
        return [record["name"] for record in methods(listed, typed)]

    assert named(kind="værktøj") == ["Opgavekatalog"]
    assert named(words="besøg") == []
    assert named(words="virksomhedsbesog") == ["Virksomhedsbesøg"]
    assert surveys(listed, {"wave": "before", "municipality": "Viborg", "words": "hede"}) == []


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ({"broker": "QX"}, "no_such_broker"),
        ({"broker": "?!"}, "bad_option"),
        ({"council": "Aarhus"}, "no_such_council"),
        ({"council": "Erhvervsråd"}, "several_councils"),
        ({"municipality": "Lilleby"}, "bad_option"),
        ({"status": "måske"}, "bad_option"),
        ({"channel": "brevdue"}, "bad_option"),
        ({"sort": "farve"}, "bad_option"),
        ({"company": "ukendt"}, "unknown_company"),
        ({"words": "?!"}, "no_words"),
        ({"words": "ikke", "status": "tæller"}, "words_of_option"),
        ({"words": "meeting", "channel": "online"}, "words_of_option"),
        ({"since": date(2011, 5, 2), "until": date(2011, 5, 1)}, "since_after_until"),
    ],
)
def test_a_filter_that_can_find_nothing_is_refused(
    listed: Session, typed: dict[str, Any], key: str
) -> None:
    with refuses(key):
        listing_of(listed, "contact", typed, 10)


def test_nobody_has_no_own_records(listed: Session) -> None:
    with refuses("mine_of_nobody"):
        listing_of(listed._replace(broker=None), "contact", {"mine": True}, 10)


def test_a_page_of_a_choice_says_that_there_is_more(listed: Session) -> None:
    first = listing_of(listed, "contact", {"broker": "JH"}, 2)
    assert ([r["date"] for r in first.records], first.number) == (
        ["2011-05-04", "2011-05-03"],
        None,
    )
    words = listing_of(listed, "contact", {"words": "e", "since": date(2011, 1, 1)}, 1)
    assert words.records == []
    whole = listing_of(listed, "contact", {"broker": "JH"}, 5)
    assert (len(whole.records), whole.number) == (5, 5)
    assert listing_of(listed, "contact", {}, 2).number == len(CONTACTS)


def test_a_status_has_the_records_that_it_counts(listed: Session) -> None:
    """One number has one source: the list of a municipality is as long as its group in the status."""
    status = status_of(listed.store, date(2011, 6, 30))
    groups = grouped_status(listed.store, status, "municipality")
    for outcome in ("counted", "waiting", "excluded"):
        for name in ("Viborg", "Skive"):
            number = sum(
                getattr(group.tally, outcome)
                for target in groups.targets
                for group in target.groups
                if group.name == name
            )
            typed = {"municipality": name, "status": outcome}
            found = sum(
                len(listing_of(listed, noun, typed, EVERYTHING).records)
                for noun in ("contact", "collaboration", "hire")
            )
            assert found == number, (outcome, name)


def test_every_list_has_the_filters_of_its_fields() -> None:
    fields = {name: [f.option for f in filters_of(name).chosen] for name in LISTS}
    assert fields == {
        "company": ["kind"],
        "contact": ["channel"],
        "followup": ["channel"],
        "collaboration": ["kind"],
        "hire": ["level", "terms"],
        "survey": ["wave"],
        "method": ["kind", "for"],
    }
    assert "status" not in filters_of("company").names
    assert filters_of("due").names == ("company", "broker", "mine", "council", "municipality")


@pytest.mark.parametrize(
    ("note", "typed"),
    [
        ("Besøg på Skovgården", "skovgaarden"),
        ("Moede om Aarhusprojektet", "møde århus"),
        ("Škoda, piña og garçon", "skoda pina garcon"),
        ("GØR-DET-SELV", "selv gor"),
        ("Ærø Æblemost", "aeroe aeblemost"),
        ("naïve Straße", "naive strasse"),
        ("Elevplads fra august; løn 12.500", "elevplads 12"),
        ("En lærlings arbejdsopgaver", "lærling arbejdsopgave"),
        ("Kolonne: a, o, å, ø, aa, oe, a, o, å", "kolonne"),
        ("Åååå", "aa"),
        ("Naboorganisationsforandringsaftalen", "naboorganisationsforandring"),
    ],
)
def test_words_of_a_note_are_folded_as_those_of_names(
    session: Session, note: str, typed: str
) -> None:
    add_company(session, {"name": "Hede Smedje", "municipality": "Viborg"})
    add_contact(session, "Hede Smedje", {"date": "2011-03-01", "note": note})
    assert days(session, words=typed) == ["03-01"]
    assert days(session, words=f"{typed} zzz") == []
