"""The contact person whom somebody names at a company: known, new, or nearly known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import CVR, add_contact
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import Answers, Doubt
from kmtrack.usecases.events import edit_event

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session


@pytest.fixture
def met(session: Session) -> Session:
    add_company(session, {"name": "Hedelund", "cvr": CVR})
    add_contact(session, CVR, {"date": "2011-03-01", "person": "Inge Holm"})
    return session


@pytest.mark.parametrize("typed", ["inge", "Inge Hom", "Holm, Inge", "inge holm"])
def test_whoever_has_nearly_that_name_is_asked_about(met: Session, typed: str) -> None:
    asking = met._replace(answers=Answers(can_ask=True))
    values = {"date": "2011-03-02", "person": typed}
    with pytest.raises(Doubt) as raised:
        add_contact(asking, CVR, values)
    known, new = raised.value.choices
    answered = asking._replace(answers=asking.answers.plus(raised.value, known.value))
    assert add_contact(answered, CVR, values).record["person"] == "Inge Holm"
    other = asking._replace(answers=asking.answers.plus(raised.value, new.value))
    stored = add_contact(other, CVR, {**values, "date": "2011-03-03"})
    assert (stored.record["person"], list(stored.persons)) == (typed, [])


def test_in_a_pipe_a_new_person_is_reported(met: Session) -> None:
    stored = add_contact(met, CVR, {"date": "2011-03-02", "person": "Inge Hom"})
    assert (stored.record["person"], list(stored.persons)) == ("Inge Hom", ["Inge Holm"])


@pytest.mark.parametrize("typed", ["Inge Holm", "Peter Lund", None])
def test_of_others_nothing_is_asked(met: Session, typed: str | None) -> None:
    asking = met._replace(answers=Answers(can_ask=True))
    stored = add_contact(asking, CVR, {"date": "2011-03-02", "person": typed})
    assert (stored.record["person"], list(stored.persons)) == (typed, [])


def test_the_name_of_the_person_met_is_corrected_without_a_question(met: Session) -> None:
    asking = met._replace(answers=Answers(can_ask=True))
    contact = add_contact(asking, CVR, {"date": "2011-03-02", "person": "Peter Lnd"}).record["id"]
    edited = edit_event(asking, "contact", contact, {"person": "Peter Lund"})
    assert edited.record["person"] == "Peter Lund"
