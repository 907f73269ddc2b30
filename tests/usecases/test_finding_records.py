"""Which record is meant: the last one, one of a company and a day, or one by its id."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import CVR, add_contact, cvr_number, ledger_in, refuses, session_over
from kmtrack.errors import in_words
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.doubts import Answers, Doubt
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.history import Filter, history_of
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.record_lookup import UnknownRecord, find_record, references_in
from kmtrack.usecases.undo import undo_command
from kmtrack.usecases.why import why

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session


@pytest.fixture
def visits(session: Session) -> dict[str, str]:
    """Return the ids of contacts by company and day."""
    found = {}
    for number, name in enumerate(("Hedelunds Byg ApS", "Engholm 14")):
        add_company(session, {"name": name, "cvr": cvr_number(number), "municipality": "Viborg"})
        for day in ("2011-03-14", "2010-03-14", "2011-04-01"):
            record = add_contact(session, cvr_number(number), {"date": day}).record
            found[f"{name.split()[0].lower()} {day}"] = str(record["id"])
    return found


@pytest.mark.parametrize(
    ("typed", "visit"),
    [
        ("hedelund 14.3.", "hedelunds 2011-03-14"),
        ("hedelunds byg 14/3", "hedelunds 2011-03-14"),
        ("hedelund 14. marts", "hedelunds 2011-03-14"),
        ("hedelund 14.3.2010", "hedelunds 2010-03-14"),
        ("hedelund 14. marts 2010", "hedelunds 2010-03-14"),
        ("hedelund mandag d. 14. marts", "hedelunds 2011-03-14"),
        ("hedelund 2011-04-01", "hedelunds 2011-04-01"),
        ("engholm 14 14.3.", "engholm 2011-03-14"),
        (f"{cvr_number(0)} 1.4.", "hedelunds 2011-04-01"),
    ],
)
def test_a_contact_is_named_by_company_and_day(
    session: Session, visits: dict[str, str], typed: str, visit: str
) -> None:
    assert find_record(session, typed, ["contact"])[1]["id"] == visits[visit]
    edited = edit_event(session, "contact", typed, {"note": "x"}).record
    assert edited["id"] == visits[visit]


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("hedelund 15.3.", "none_on_day"),
        ("hedelund 30.2.", "impossible_day"),
        ("vester 14.3.", "unknown_company"),
        ("holm 14.3.", "company_near"),
        ("hedelund", "bad_record"),
        ("14.3.", "bad_record"),
        ("k1", "short_id"),
        ("k", "short_id"),
        ("k0000000", "unknown_record"),
        ("", "bad_record"),
    ],
)
def test_what_is_none_is_refused_truly(
    session: Session, visits: dict[str, str], typed: str, key: str
) -> None:
    del visits
    with refuses(key) as refused:
        find_record(session, typed, ["contact"])
    assert refused.value.sentence()


def test_of_several_on_a_day_one_is_chosen(session: Session, visits: dict[str, str]) -> None:
    other = add_contact(session, "hedelund", {"date": "2011-03-14", "channel": "phone"}).record[
        "id"
    ]
    with refuses("ambiguous_record") as doubt:
        find_record(session, "hedelund 14.3.", ["contact"])
    assert isinstance(doubt.value, Doubt)
    assert {choice.value for choice in doubt.value.choices} == {
        other,
        visits["hedelunds 2011-03-14"],
    }
    assert "Hedelunds Byg ApS, 2011-03-14" in str(in_words(doubt.value.choices[0].label))
    answered = session._replace(answers=Answers().plus(doubt.value, other))
    assert find_record(answered, "hedelund 14.3.", ["contact"])[1]["id"] == other


def test_one_that_was_withdrawn_is_no_other_record_of_the_day(
    session: Session, visits: dict[str, str]
) -> None:
    withdraw_event(session, "contact", "hedelund 14.3.", "forkert")
    with refuses("record_withdrawn"):
        find_record(session, "hedelund 14.3.", ["contact"])
    again = add_contact(session, "hedelund", {"date": "2011-03-14"}).record["id"]
    assert find_record(session, "hedelund 14.3.")[1]["id"] == again
    assert visits


def test_why_and_history_take_company_and_day(session: Session, visits: dict[str, str]) -> None:
    explained = why(session, "hedelund 14.3.", session.clock.today)
    assert getattr(explained, "record")["id"] == visits["hedelunds 2011-03-14"]  # noqa: B009
    assert history_of(session, Filter("hedelund 14.3.")).number == 1
    assert history_of(session, Filter("Engholm 14")).number == 4  # the whole is a name


# The last one.


def test_the_last_one_is_that_of_the_noun(session: Session, visits: dict[str, str]) -> None:
    assert find_record(session, "last", ["contact"])[1]["id"] == visits["engholm 2011-04-01"]
    hire = add_event(session, "hire", cvr_number(0), {}).record["id"]
    assert find_record(session, "last", ["contact"])[1]["id"] == visits["engholm 2011-04-01"]
    assert find_record(session, "last")[1]["id"] == hire
    assert find_record(session, "SIDSTE")[1]["id"] == hire
    assert find_company(session, "last")["name"] == "Engholm 14"
    with refuses("no_last"):
        find_record(session, "last", ["survey"])


def test_the_last_one_is_not_undone(session: Session, visits: dict[str, str]) -> None:
    undo_command(session, None, keep=True)
    assert find_record(session, "last", ["contact"])[1]["id"] == visits["engholm 2010-03-14"]


def test_the_last_one_is_not_another_though_it_was_withdrawn(
    session: Session, visits: dict[str, str]
) -> None:
    withdraw_event(session, "contact", "last", "forkert")
    with refuses("record_withdrawn") as refused:
        find_record(session, "last", ["contact"])
    assert refused.value.facts["id"] == visits["engholm 2011-04-01"]


def test_the_last_one_is_mine_and_was_entered_here(session: Session, tmp_path: Path) -> None:
    add_company(session, {"name": "Alfa", "cvr": CVR, "municipality": "Viborg"})
    mine = add_contact(session, CVR, {"date": "2011-03-01"}).record["id"]
    other = session._replace(who="MK", broker="MK")
    assert find_record(session, "last")[1]["id"] == mine
    with refuses("no_last"):
        find_record(other, "last", ["contact"])
    elsewhere = ledger_in(tmp_path, "elsewhere.db")
    with session_over(elsewhere) as there:
        add_company(there, {"name": "Beta", "cvr": cvr_number(5), "municipality": "Viborg"})
        add_contact(there, "beta", {"date": "2011-05-01"})
    merge_ledgers(session, [elsewhere])
    assert find_record(session, "last")[1]["id"] == mine


def test_a_company_named_last_goes_before_the_last_one(session: Session) -> None:
    add_company(session, {"name": "Last"})
    add_company(session, {"name": "Beta"})
    assert find_company(session, "last")["name"] == "Last"


# Several.


@pytest.mark.parametrize(
    ("words", "references"),
    [
        (["k12", "k345"], ["k12", "k345"]),
        (["last"], ["last"]),
        (["hedelund", "14.3."], ["hedelund 14.3."]),
        (["k12"], ["k12"]),
    ],
)
def test_words_are_ids_or_together_a_company_and_a_day(
    words: list[str], references: list[str]
) -> None:
    assert references_in(words) == references


def test_an_unknown_record_can_be_told_apart(session: Session) -> None:
    for typed in ("k0000000", "xyz"):
        with pytest.raises(UnknownRecord):
            find_record(session, typed)
