"""Finding what a person means: a company by number, id or name, a record by the beginning of its id."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest

from builders import CVR, add_contact, agreeing, cvr_number, refuses
from kmtrack.errors import Phrase, in_words
from kmtrack.usecases.companies import add_company, join_companies, withdraw_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.events import add_event, withdraw_event
from kmtrack.usecases.imports.company_index import CompanyIndex
from kmtrack.usecases.record_lookup import UnknownRecord, find_record

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

SMEDJE, NORD = "Århus Smedje ApS", "Smedjen Nord"


@pytest.fixture
def smedje(session: Session) -> str:
    """Return the id of one of two companies."""
    add_company(session, {"name": NORD, "municipality": "740"})
    return str(add_company(session, {"name": SMEDJE, "cvr": CVR, "municipality": "791"})["id"])


@pytest.mark.parametrize(
    "reference",
    [
        CVR,
        "DK 13 74 81 36",
        "CVR-nr. 13748136",
        " 13748136 ",
        SMEDJE,
        "århus smedje",
        "ÅRHUS",
        "aarhus",
        "Aarhus Smedje",
        normalize("NFD", "Århus"),
    ],
)
def test_a_company_is_found_by(session: Session, smedje: str, reference: str) -> None:
    assert find_company(session, reference)["id"] == smedje


@pytest.mark.parametrize("length", [3, 7, 11])
def test_a_company_is_found_by_the_beginning_of_its_id(
    session: Session, smedje: str, length: int
) -> None:
    assert find_company(session, smedje[:length])["id"] == smedje


def test_a_company_is_found_by_its_id_in_capitals(session: Session, smedje: str) -> None:
    assert find_company(session, smedje.upper())["id"] == smedje


@pytest.mark.parametrize(
    "reference",
    ["Bogtryk", cvr_number(1), "c0000", "c00", "c0", "", "%", "sm%dje", "sm_dje", "x" * 300],
)
def test_what_names_no_company_is_refused(session: Session, smedje: str, reference: str) -> None:
    with refuses("unknown_company"):
        find_company(session, reference)


def test_what_fits_several_is_refused_and_names_them(session: Session, smedje: str) -> None:
    with refuses("ambiguous_company") as refused:
        find_company(session, "smedje")
    among = str(in_words(refused.value.facts["among"]))
    assert f"{SMEDJE} ({CVR})" in among
    assert NORD in among


def test_of_many_that_fit_some_are_named(session: Session) -> None:
    for number in range(7):
        add_company(agreeing(session), {"name": f"Firma {number}"})
    with refuses("ambiguous_company") as refused:
        find_company(session, "firma")
    among = str(in_words(refused.value.facts["among"]))
    assert (among.count("Firma"), among.endswith(", …")) == (5, True)


def test_the_whole_name_is_the_company_of_that_name(session: Session) -> None:
    add_company(session, {"name": "Smedjen Nord"})
    exact = add_company(agreeing(session), {"name": "Smedjen"})
    assert find_company(session, "smedjen")["id"] == exact["id"]


def test_two_companies_of_one_name_are_several(session: Session) -> None:
    for municipality in ("791", "740"):
        add_company(session, {"name": "Smedjen", "municipality": municipality})
    with refuses("ambiguous_company"):
        find_company(session, "Smedjen")


@pytest.mark.parametrize("reference", [CVR, SMEDJE, "id"])
def test_a_company_that_is_withdrawn_is_refused(
    session: Session, smedje: str, reference: str
) -> None:
    withdraw_company(session, smedje, "closed")
    with refuses("company_withdrawn") as refused:
        find_company(session, smedje if reference == "id" else reference)
    assert refused.value.facts == {"name": SMEDJE, "reason": "closed"}


def test_a_company_that_is_withdrawn_is_found_where_it_will_do(
    session: Session, smedje: str
) -> None:
    withdraw_company(session, smedje, "closed")
    assert find_company(session, CVR, withdrawn=True)["id"] == smedje


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_company_that_stands_comes_before_one_that_is_withdrawn(
    session: Session, smedje: str, withdrawn: bool
) -> None:
    withdraw_company(session, smedje, "typed twice")
    again = add_company(session, {"name": SMEDJE, "cvr": CVR})
    assert find_company(session, CVR, withdrawn=withdrawn)["id"] == again["id"]


def test_a_company_named_like_the_beginning_of_an_id_is_not_mistaken(session: Session) -> None:
    with session.unit_of_work("company add") as work:
        other = {"name": "Bogtryk", "kind": "company"}
        work.add("company", other, "cafe1234567")
    named = add_company(session, {"name": "Café"})
    assert find_company(session, "cafe")["id"] == named["id"]


# Records.


@pytest.fixture
def contact(session: Session, smedje: str) -> str:
    """Return the id of a contact."""
    return str(add_contact(session, smedje, {}).record["id"])


@pytest.mark.parametrize("length", [3, 8, 11])
def test_a_record_is_found_by_the_beginning_of_its_id(
    session: Session, contact: str, length: int
) -> None:
    noun, row = find_record(session, contact[:length])
    assert (noun, row["id"]) == ("contact", contact)


def test_a_record_is_found_by_its_id_in_capitals_and_blanks(session: Session, contact: str) -> None:
    assert find_record(session, f" {contact.upper()} ")[1]["id"] == contact


@pytest.mark.parametrize("reference", ["", "k", "k12", "xyz", "13748136", "k000", "k_%", "k12l"])
def test_what_is_no_id_of_a_record_is_refused(
    session: Session, contact: str, reference: str
) -> None:
    with pytest.raises(UnknownRecord):
        find_record(session, reference)


def test_two_characters_are_too_few(session: Session, contact: str) -> None:
    with pytest.raises(UnknownRecord):
        find_record(session, contact[:2])


def test_a_beginning_of_several_is_refused_and_names_them(session: Session, smedje: str) -> None:
    ids = ["k1230000000", "k123zzzzzzz", "k1240000000"]
    with session.unit_of_work("contact add") as work:
        for record_id in ids:
            facts = {"company_id": smedje, "date": "2011-03-01", "channel": "visit"}
            work.add("contact", facts, record_id)
    with refuses("ambiguous_record") as refused:
        find_record(session, "k123")
    assert refused.value.facts["among"] == ["k1230000000", "k123zzzzzzz"]


def test_a_record_of_another_noun_is_refused(session: Session, contact: str) -> None:
    with refuses("wrong_noun") as refused:
        find_record(session, contact, ["hire"])
    command = f"contact show {contact}"
    assert refused.value.facts == {
        "id": contact,
        "noun": Phrase("noun.contact"),
        "command": command,
    }


def test_a_company_is_no_record_of_an_event(session: Session, smedje: str) -> None:
    with refuses("wrong_noun"):
        find_record(session, smedje)


@pytest.mark.parametrize("noun", ["collaboration", "hire"])
def test_each_noun_is_found(session: Session, smedje: str, noun: str) -> None:
    record = add_event(session, noun, smedje, {"kind": "project"} if noun != "hire" else {}).record
    assert find_record(session, record["id"][:6])[0] == noun


def test_a_record_that_is_withdrawn_is_refused(session: Session, contact: str) -> None:
    withdraw_event(session, "contact", contact, "typed twice")
    with refuses("record_withdrawn") as refused:
        find_record(session, contact)
    assert refused.value.facts == {"id": contact, "reason": "typed twice"}


def test_a_record_that_is_withdrawn_is_found_where_it_will_do(
    session: Session, contact: str
) -> None:
    withdraw_event(session, "contact", contact, "typed twice")
    assert find_record(session, contact, withdrawn=True)[1]["withdrawn"] == "typed twice"


def test_the_name_of_a_company_that_was_joined_leads_to_the_one_that_stands(
    session: Session,
) -> None:
    names = ("Alfa A/S", "Gamma Maskinværksted")
    alfa, gamma = (
        add_company(session, {"name": name, "municipality": "Viborg"})["id"] for name in names
    )
    add_company(session, {"name": "Alfabet", "municipality": "740"})
    join_companies(session, alfa, gamma)
    for reference in (*names, alfa, gamma, "alfa a/s", "alfa as", "alfa", "gamma"):
        assert find_company(session, reference)["id"] == alfa
    index = CompanyIndex(session.store)
    assert [index.named(name).id for name in names] == [alfa, alfa]
    with refuses("ambiguous_company"):
        find_company(session, "alf")
    with refuses("unknown_company"):
        find_company(session, "beta")
