"""Names that are nearly right: asked about, never taken, whatever it is that has the name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import CVR, add_contact, contract, refuses
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.doubts import NO_ANSWERS, YES, Doubt
from kmtrack.usecases.lookup import find_method, find_point
from kmtrack.usecases.methods import add_method
from kmtrack.usecases.people import find_persons

if TYPE_CHECKING:
    from kmtrack.errors import Refusal
    from kmtrack.usecases.session import Session


def saying_yes(session: Session, doubt: Refusal) -> Session:
    """Return the session of somebody who answers this doubt with yes."""
    assert isinstance(doubt, Doubt)
    return session._replace(answers=NO_ANSWERS.plus(doubt, YES))


@pytest.mark.parametrize("typed", ["worskhop", "designworkshop", "shop", "desing workshop"])
def test_what_is_nearly_a_method_is_asked_about(session: Session, typed: str) -> None:
    method = add_method(session, {"name": "Design workshop", "kind": "method"})
    add_method(session, {"name": "Virksomhedsspil", "kind": "tool"})
    with refuses("method_near") as doubt:
        find_method(session, typed)
    assert doubt.value.facts["id"] == method["id"]
    assert find_method(saying_yes(session, doubt.value), typed)["id"] == method["id"]


@pytest.mark.parametrize("typed", ["imger holm", "Inger Hlom", "ingerholm", "nger"])
def test_what_is_nearly_a_person_is_asked_about(session: Session, typed: str) -> None:
    add_company(session, {"name": "Hedelunds Maskinfabrik", "cvr": CVR})
    for day, name in (("2011-03-14", "Inger Holm"), ("2011-03-15", "Ove Kjær")):
        add_contact(session, CVR, {"date": day, "person": name})
    with refuses("person_near") as doubt:
        find_persons(session, typed)
    [person] = find_persons(saying_yes(session, doubt.value), typed)
    assert (person["id"], person["name"]) == (doubt.value.facts["id"], "Inger Holm")


@pytest.mark.parametrize("typed", ["ancoring", "nchoring", "anhcoring"])
def test_what_is_nearly_a_point_is_asked_about(typed: str) -> None:
    target = contract().target("continuation-model")
    assert target is not None
    with refuses("point_near") as doubt:
        find_point(NO_ANSWERS.to, target, typed)
    assert isinstance(doubt.value, Doubt)
    assert doubt.value.facts["id"] == "anchoring"
    answers = NO_ANSWERS.plus(doubt.value, YES)
    assert find_point(answers.to, target, typed) == "anchoring"


@pytest.mark.parametrize("typed", ["engholm bgy", "enghlom byg", "byk engholm"])
def test_a_short_word_may_be_mistyped_beside_another(session: Session, typed: str) -> None:
    company = add_company(session, {"name": "Engholm Byg ApS", "cvr": CVR})
    with refuses("company_near") as doubt:
        find_company(session, typed)
    assert find_company(saying_yes(session, doubt.value), typed)["id"] == company["id"]


def test_a_short_word_alone_is_nobody(session: Session) -> None:
    add_company(session, {"name": "Engholm Byg ApS", "cvr": CVR})
    with refuses("unknown_company"):
        find_company(session, "bgy")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Кафе Москва", "кафе моква"),
        ("Кафе Москва", "Кафе Mосква"),
        ("Guðmundsson", "Gudmundsson"),
        ("Pawłowski Byg", "pawlowski"),
        ("Kılıç Kebab", "kilıc"),
    ],
)
def test_a_letter_that_no_word_begins_with_may_be_mistyped(
    session: Session, name: str, typed: str
) -> None:
    company = add_company(session, {"name": name, "cvr": CVR})
    with refuses("company_near") as doubt:
        find_company(session, typed)
    assert find_company(saying_yes(session, doubt.value), typed)["id"] == company["id"]
