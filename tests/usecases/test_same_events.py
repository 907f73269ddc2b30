"""The same contact, collaboration or hire twice: asked about at a terminal, and reported elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, session_over
from kmtrack.ledger.queries.events import number_of_events
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import YES, Answers, Doubt
from kmtrack.usecases.events import add_event, edit_event, withdraw_event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

HIRE = {"level": "kandidat", "agreed": "4.3.2011"}
PROJECT = {"kind": "projekt", "agreed": "4.3.2011"}


@pytest.fixture
def session(ledger: Path) -> Iterator[Session]:
    """Yield a session over a ledger with a company that was visited on 1 March."""
    with session_over(ledger) as session:
        add_company(
            session, {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"}
        )
        add_contact(session, CVR, {"date": "1.3.2011"})
        yield session


def at_terminal(session: Session) -> Session:
    """Return the session of somebody who can be asked."""
    return session._replace(answers=Answers(can_ask=True))


@pytest.mark.parametrize(
    ("noun", "values", "key"),
    [
        ("contact", {"date": "1.3.2011", "channel": "phone"}, "same_contact"),
        ("collaboration", PROJECT, "same_collaboration"),
        ("collaboration", {"kind": "projekt"}, "same_collaboration"),
        ("hire", HIRE, "same_hire"),
        ("hire", {"level": "phd"}, "same_hire"),
    ],
)
def test_the_same_again_is_reported_in_a_pipe_and_asked_at_a_terminal(
    session: Session, noun: str, values: dict[str, Any], key: str
) -> None:
    if noun != "contact":
        assert add_event(session, noun, CVR, values).same is None
    before = number_of_events(session.store, noun)
    with pytest.raises(Doubt) as asked:
        add_event(at_terminal(session), noun, CVR, values)
    assert (asked.value.key, number_of_events(session.store, noun)) == (key, before)
    answered = Answers(can_ask=True).plus(asked.value, YES)
    assert add_event(session._replace(answers=answered), noun, CVR, values).same is None
    reported = add_event(session, noun, CVR, values).same
    assert reported is not None
    assert (reported.key, "kmtrack undo" in reported.sentence()) == (key, True)
    assert number_of_events(session.store, noun) == before + 2


@pytest.mark.parametrize(
    ("noun", "first", "second"),
    [
        ("contact", {"date": "2.3.2011"}, {"date": "3.3.2011"}),
        ("collaboration", PROJECT, {**PROJECT, "title": "Web"}),
        ("collaboration", PROJECT, {**PROJECT, "kind": "praktik"}),
        ("collaboration", PROJECT, {**PROJECT, "agreed": "5.3.2011"}),
        ("collaboration", PROJECT, {**PROJECT, "agreed": ""}),
        ("hire", HIRE, {**HIRE, "level": "phd"}),
        ("hire", HIRE, {**HIRE, "field": "Logistik"}),
        ("hire", HIRE, {**HIRE, "municipality": "740"}),
    ],
)
def test_another_one_is_not_asked_about(
    session: Session, noun: str, first: dict[str, Any], second: dict[str, Any]
) -> None:
    sitting = at_terminal(session)
    add_event(sitting, noun, CVR, first)
    assert add_event(sitting, noun, CVR, second).same is None


def test_what_is_withdrawn_is_not_there(session: Session) -> None:
    sitting = at_terminal(session)
    withdrawn = add_event(sitting, "hire", CVR, HIRE).record["id"]
    withdraw_event(session, "hire", withdrawn, "fejl")
    add_event(sitting, "hire", CVR, HIRE)
    assert number_of_events(session.store, "hire") == 1


def test_the_same_at_another_company_is_another_one(session: Session) -> None:
    add_company(session, {"name": "Mols Bogtryk"})
    assert add_contact(at_terminal(session), "mols", {"date": "1.3.2011"}).same is None


def test_an_edit_to_the_same_is_asked_about_and_any_other_edit_is_not(session: Session) -> None:
    later = add_contact(session, CVR, {"date": "2.3.2011"}).record["id"]
    sitting = at_terminal(session)
    with pytest.raises(Doubt) as asked:
        edit_event(sitting, "contact", later, {"date": "1.3.2011"})
    assert asked.value.key == "same_contact"
    assert edit_event(session, "contact", later, {"date": "1.3.2011"}).same is not None
    assert edit_event(sitting, "contact", later, {"note": "x"}).same is None
