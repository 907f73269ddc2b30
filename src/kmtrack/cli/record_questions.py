"""Questions about one record without a company: its facts, or the reason for its withdrawal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.cli.field_questions import field_questions, refuse_typed
from kmtrack.cli.output import notify
from kmtrack.cli.prompts import in_place
from kmtrack.cli.questions import ask_all

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.usecases.session import Session

    Values = Mapping[str, Any]


def asked_values(
    session: Session,
    noun: str,
    facts: type[Facts],
    values: Values,
    **checks: Callable[[str], object],
) -> Values:
    """Return the typed values, with the answers to the questions for the others.

    `checks` are as those of `field_questions`. Raises Refusal `bad_option`, and as `in_place`.
    """
    refuse_typed(session, facts, values)
    questions = field_questions(session, noun, facts, values, checks=checks)
    if len(questions) > 1:
        notify("question.how")
    with in_place(session.store) as look:
        return ask_all(questions, values, look)
