"""Which company is meant: a table of names as they are typed, and what holds for any names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import (
    CVR,
    TODAY,
    add_contact,
    agreeing,
    cvr_number,
    ledger_in,
    ledger_with,
    refuses,
    session_over,
)
from kmtrack.errors import Phrase, Refusal, in_words
from kmtrack.i18n import say
from kmtrack.usecases.companies import add_company, edit_company, withdraw_company
from kmtrack.usecases.company_lookup import find_company, suggested_companies
from kmtrack.usecases.doubts import YES, Answers, Doubt
from kmtrack.usecases.record_lists import company_listing
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

NAMES = (
    "Hedelunds Maskinfabrik ApS",
    "Engholm Byg ApS",
    "B&O",
    "3F",
    "GN Store Nord A/S",
    "A.P. Møller - Mærsk A/S",
    "Sørensens Smedje I/S",
    "Aarhus Værft",
    "Café Müller",
    "Top-Toy K/S",
    "Bæk & Søn",
    "Vester Auto",
    "Vester Autolak",
)


def _named(session: Session) -> None:
    for number, name in enumerate(NAMES):
        add_company(agreeing(session), {"name": name, "cvr": cvr_number(number)})


@pytest.fixture
def named(tmp_path: Path) -> Iterator[Session]:
    """Yield a session over a ledger that has all these companies."""
    with session_over(ledger_with(tmp_path, _named)) as session:
        yield session


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("hedelund maskinfabrik", "Hedelunds Maskinfabrik ApS"),
        ("hedelunds maskinfabrik", "Hedelunds Maskinfabrik ApS"),
        ("Hedelunds Maskinfabrik A/S", "Hedelunds Maskinfabrik ApS"),
        ("maskinfabrik hedelund", "Hedelunds Maskinfabrik ApS"),
        ("mask hed", "Hedelunds Maskinfabrik ApS"),
        ("hed", "Hedelunds Maskinfabrik ApS"),
        ("HEDELUND'S", "Hedelunds Maskinfabrik ApS"),
        ("engholm", "Engholm Byg ApS"),
        ("byg", "Engholm Byg ApS"),
        ("b&o", "B&O"),
        ("B & O", "B&O"),
        ("b og o", "B&O"),
        ("3f", "3F"),
        ("gn", "GN Store Nord A/S"),
        ("GN", "GN Store Nord A/S"),
        ("ap møller", "A.P. Møller - Mærsk A/S"),
        ("A.P. Møller", "A.P. Møller - Mærsk A/S"),
        ("a p moller", "A.P. Møller - Mærsk A/S"),
        ("moeller-maersk", "A.P. Møller - Mærsk A/S"),
        ("mærsk", "A.P. Møller - Mærsk A/S"),
        ("sorensen", "Sørensens Smedje I/S"),
        ("soerensens smedje", "Sørensens Smedje I/S"),
        ("sørensen smedje i/s", "Sørensens Smedje I/S"),
        ("århus", "Aarhus Værft"),
        ("arhus", "Aarhus Værft"),
        ("vaerft", "Aarhus Værft"),
        ("cafe", "Café Müller"),
        ("muller", "Café Müller"),
        ("top toy", "Top-Toy K/S"),
        ("bæk og søn", "Bæk & Søn"),
        ("baek son", "Bæk & Søn"),
        ("vester auto", "Vester Auto"),
        ("vester autol", "Vester Autolak"),
    ],
)
def test_it_is_found_by(named: Session, typed: str, name: str) -> None:
    assert find_company(named, typed)["name"] == name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("holm", "Engholm Byg ApS"),
        ("fabrik", "Hedelunds Maskinfabrik ApS"),
        ("holm byg", "Engholm Byg ApS"),
        ("hedelnd", "Hedelunds Maskinfabrik ApS"),
        ("hedelnud maskin", "Hedelunds Maskinfabrik ApS"),
        ("hedelund maskinfabirk", "Hedelunds Maskinfabrik ApS"),
        ("hedelumd", "Hedelunds Maskinfabrik ApS"),
        ("enghlom", "Engholm Byg ApS"),
        ("sørnsens", "Sørensens Smedje I/S"),
        ("maersc", "A.P. Møller - Mærsk A/S"),
        ("toptoy", "Top-Toy K/S"),
        ("hede lund", "Hedelunds Maskinfabrik ApS"),
        ("hedelundmaskinfabrik", "Hedelunds Maskinfabrik ApS"),
        ("mueller", "Café Müller"),
        ("o", "B&O"),
    ],
)
def test_what_is_nearly_right_is_asked_about(named: Session, typed: str, name: str) -> None:
    with refuses("company_near") as doubt:
        find_company(named, typed)
    assert isinstance(doubt.value, Doubt)
    assert doubt.value.facts["company"] == [name]
    answered = named._replace(answers=Answers().plus(doubt.value, YES))
    assert find_company(answered, typed)["name"] == name


@pytest.mark.parametrize(
    "typed",
    [
        "hedexx " * 2000,
        "k",
        "g",
        "he",
        "lo",
        "hedexxnd",
        "fabrikken",
        "3g",
        "gm",
        "b&p",
        "a",
        "!!!",
        "ApS",
        "A/S",
    ],
)
def test_what_is_too_little_or_too_far_off_is_nobody(named: Session, typed: str) -> None:
    with refuses("unknown_company"):
        find_company(named, typed)


def test_yes_never_settles_which_company_is_meant(named: Session) -> None:
    for typed, key in (("holm", "company_near"), ("ves", "ambiguous_company")):
        with refuses(key):
            find_company(agreeing(named), typed)


def test_of_several_one_is_chosen(named: Session) -> None:
    with refuses("ambiguous_company") as doubt:
        find_company(named, "vester")
    assert isinstance(doubt.value, Doubt)
    labels = [str(in_words(choice.label)) for choice in doubt.value.choices]
    assert labels == [f"Vester Auto, CVR {cvr_number(11)}", f"Vester Autolak, CVR {cvr_number(12)}"]
    answered = named._replace(answers=Answers().plus(doubt.value, doubt.value.choices[1].value))
    assert find_company(answered, "vester")["name"] == "Vester Autolak"


def test_several_that_are_nearly_right_are_listed(named: Session) -> None:
    with refuses("companies_near") as doubt:
        find_company(named, "vestre")
    assert isinstance(doubt.value, Doubt)
    assert len(doubt.value.choices) == 2


def test_those_met_of_late_come_first_in_the_list(named: Session) -> None:
    add_contact(named, "vester autolak", {"date": "2011-03-14"})
    with refuses("ambiguous_company") as doubt:
        find_company(named, "vester")
    assert isinstance(doubt.value, Doubt)
    first = doubt.value.choices[0].label
    assert isinstance(first, list)
    assert first[0] == "Vester Autolak"
    assert first[-1] == Phrase("word.last_contact", day=TODAY.replace(month=3, day=14))


def test_every_doubt_has_its_words_in_a_pipe(named: Session) -> None:
    for typed in ("holm", "vestre", "vester"):
        with pytest.raises(Refusal) as refused:
            find_company(named, typed)
        words = refused.value.words()
        assert typed in refused.value.sentence()
        assert typed in say(f"question.{refused.value.key}", **words) or typed == "holm"


def test_the_whole_name_without_its_legal_form_goes_before_beginnings(session: Session) -> None:
    for name in ("Holmgaard", "Holm Byg", "Holm ApS"):
        add_company(session, {"name": name})
    assert find_company(session, "holm")["name"] == "Holm ApS"


def test_two_legal_forms_of_one_name_are_several_unless_it_is_typed(session: Session) -> None:
    for name in ("Holm ApS", "Holm A/S"):
        add_company(agreeing(session), {"name": name})
    with refuses("ambiguous_company"):
        find_company(session, "holm")
    assert find_company(session, "holm a/s")["name"] == "Holm A/S"


def test_a_beginning_of_a_name_goes_before_that_of_an_id(session: Session) -> None:
    with session.unit_of_work("company add") as work:
        work.add("company", {"name": "Bogtryk", "kind": "company"}, "cafe1234567")
    assert find_company(session, "caf")["name"] == "Bogtryk"
    add_company(session, {"name": "Café Holm"})
    assert find_company(session, "caf")["name"] == "Café Holm"
    assert find_company(session, "cafe1234567")["name"] == "Bogtryk"


def test_a_live_company_goes_before_those_withdrawn_or_undone(session: Session) -> None:
    add_company(session, {"name": "Holm Byg"})
    undo_command(session, None, keep=True)
    gone = add_company(session, {"name": "Holm Auto"})["id"]
    withdraw_company(session, gone, "lukket")
    with refuses("company_withdrawn"):
        find_company(session, "holm")
    stays = add_company(session, {"name": "Holm Is"})["id"]
    assert find_company(session, "holm")["id"] == stays


def test_what_is_nearly_a_withdrawn_company_is_nobody(session: Session) -> None:
    gone = add_company(session, {"name": "Engholm"})["id"]
    withdraw_company(session, gone, "lukket")
    with refuses("unknown_company"):
        find_company(session, "holm")


def test_a_company_is_nearly_right_by_its_new_name_only(session: Session) -> None:
    company = add_company(session, {"name": "Engholm"})["id"]
    edit_company(session, company, {"name": "Engmark"}, None)
    with refuses("unknown_company"):
        find_company(session, "holm")
    with refuses("company_near"):
        find_company(session, "mark")


_WORDS = st.sampled_from(["Holm", "Byg", "Auto", "Hede", "Lund", "Sø", "3F", "Ås", "Bak"])
_NAMES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)


@pytest.mark.slow
@pytest.mark.files  # hundreds of ledgers
@given(names=st.lists(_NAMES, min_size=1, max_size=6, unique=True), turn=st.integers(0, 5))
def test_a_whole_name_finds_its_company_in_whatever_order_they_were_entered(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], turn: int
) -> None:
    orders = (names, names[turn:] + names[:turn], list(reversed(names)))
    found: list[list[str]] = []
    for order in orders:
        with session_over(ledger_in(tmp_path_factory.mktemp("ledger"))) as session:
            for name in order:
                add_company(agreeing(session), {"name": name})
            for name in names:
                assert find_company(session, name)["name"] == name
            found.append([_said(session, typed) for typed in ("hol", "lund", "auto byg", "olm")])
    assert found[0] == found[1] == found[2]


def _said(session: Session, typed: str) -> str:
    try:
        return str(find_company(session, typed)["name"])
    except Doubt as doubt:
        labels = [choice.label for choice in doubt.choices]
        names = [label[0] for label in labels if isinstance(label, list)]
        return f"{doubt.key} {names} {doubt.facts.get('company')}"
    except Refusal as refusal:
        return refusal.key


# What is typed so far.


def test_what_is_typed_so_far_suggests_those_met_of_late(named: Session) -> None:
    for name, day in (("gn", "2011-03-01"), ("b&o", "2011-05-01"), ("engholm", "2011-04-01")):
        add_contact(named, name, {"date": day})
    assert [match.name for match in suggested_companies(named, "")] == [
        "B&O",
        "Engholm Byg ApS",
        "GN Store Nord A/S",
    ]
    add_contact(named, "vester autolak", {"date": "2011-01-04"})
    assert [match.name for match in suggested_companies(named, "v")] == [
        "Vester Autolak",
        "Aarhus Værft",
        "Vester Auto",
    ]
    assert [match.name for match in suggested_companies(named, "vester autol")] == [
        "Vester Autolak"
    ]
    assert [match.name for match in suggested_companies(named, "auto v", 1)] == ["Vester Autolak"]
    assert suggested_companies(named, "xyz") == []
    [match] = suggested_companies(named, cvr_number(3)[:8])
    assert (match.name, match.cvr, match.municipality) == ("3F", cvr_number(3), None)


def test_a_suggestion_has_its_municipality_and_last_contact(session: Session) -> None:
    add_company(session, {"name": "Holm", "cvr": CVR, "municipality": "Viborg"})
    [match] = suggested_companies(session, "ho")
    assert (match.municipality, match.last_contact) == ("Viborg", None)
    add_contact(session, "holm", {"date": "2011-03-14"})
    [match] = suggested_companies(session, "ho")
    assert match.last_contact == TODAY.replace(month=3, day=14)


# The list of those that words may name.


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("vester", ["Vester Auto", "Vester Autolak"]),
        ("auto vest", ["Vester Auto", "Vester Autolak"]),
        ("holm", ["Engholm Byg ApS"]),
        ("hedelnud", ["Hedelunds Maskinfabrik ApS"]),
        (cvr_number(3), ["3F"]),
        ("xyz", []),
        ("\udcff", []),
    ],
)
def test_a_list_has_those_that_words_may_name(named: Session, words: str, names: list[str]) -> None:
    listed = company_listing(named, {"words": words}, 10)
    assert [record["name"] for record in listed.records] == names
    assert listed.number == len(names)
    assert company_listing(named, {"words": words}, 1).number == len(names)


def test_a_list_without_words_has_all(named: Session) -> None:
    assert company_listing(named, {}, 3).number == len(NAMES)
