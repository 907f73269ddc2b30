"""Questions about an event: at which company, what happened there, and whether there is another one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from kmtrack.cli.company_questions import (
    COMPANY,
    CompanyQuestion,
    NewCompany,
    new_company_values,
    values_besides,
)
from kmtrack.cli.errors import CHANGE
from kmtrack.cli.field_questions import field_questions, refuse_typed
from kmtrack.cli.output import notify, notify_line
from kmtrack.cli.prompts import Settler, in_place
from kmtrack.cli.questions import ask_all
from kmtrack.errors import Declined
from kmtrack.i18n import say
from kmtrack.ledger.queries.brokers import live_brokers
from kmtrack.usecases.companies import add_event_at_new_company
from kmtrack.usecases.events import (
    add_event,
    add_followup,
    refuse_never_visited,
    settle_same_contact,
)
from kmtrack.usecases.known_brokers import settle_own
from kmtrack.views.format import day_in_words, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session

    Values = Mapping[str, Any]

# Answers that apply to all contacts of a day entered one after the other.
_OF_THE_DAY: Final = ("broker", "others")


def asked_events(
    session: Session,
    name: str,
    facts: type[Facts],
    company: str | None,
    values: Values,
    own: Mapping[str, str],
) -> Iterator[Confirmation]:
    """Ask for an event of a noun (or "followup"), store it and yield what was stored.

    `company` and `values` are what was typed, `own` this person's default answers. After a contact
    the next one is asked for, until there is none. Raises Refusal, and KeyboardInterrupt if the
    person stops answering.
    """
    noun = "contact" if name == "followup" else name
    refuse_typed(session, facts, values)
    notify("question.how")
    session = _identified(session, values)
    usual = {field: value_in_words(noun, field, value) for field, value in own.items()}
    defaults, is_first = usual, True
    while True:
        settle = Settler(session)
        with in_place(session.store) as look:
            is_followup = name == "followup"  # which needs an earlier contact
            which = CompanyQuestion(
                session,
                settle,
                look,
                takes_new=not is_followup,
                refuse=refuse_never_visited if is_followup else None,
            )
            given = dict(values)
            questions = field_questions(session, noun, facts, given, defaults=defaults)
            questions = [each._replace(applies=_has_company) for each in questions]
            if not is_followup:
                questions = [*which.new_questions(), *questions]
            if company is not None:
                given[COMPANY] = which.named(company)
            else:
                text = "" if is_first else say("question.next_company")
                questions = [which.question(text, is_required=is_first), *questions]
            if noun == "contact":
                # Once the company and the day are known, of which the day may be given.
                last = COMPANY if "date" in given else "date"
                same = partial(_same_contact, settle, last)
                questions = [
                    each._replace(after=same) if each.name == last else each for each in questions
                ]
            answers = ask_all(questions, given, look)
        if COMPANY not in answers:
            return
        try:
            confirmation = settle(partial(_add, name, noun, answers))
        except Declined as no:
            if is_first:
                raise
            notify_line(no.sentence())  # of this one; those before it are stored
            continue
        yield confirmation
        if noun != "contact" or session.token is not None:  # a token is that of one command
            return
        CHANGE.go_on()
        company, values = None, {k: v for k, v in values.items() if k in _OF_THE_DAY}
        defaults = {**usual, "date": day_in_words(confirmation.record["date"])}
        is_first = False


def _identified(session: Session, values: Values) -> Session:
    """Settle who the current broker is before any other question, and return the session with the answers."""
    settle = Settler(session)
    who = settle(lambda at: at.identified(values))
    broker = who.broker
    if broker is None:
        return who
    known = {each["initials"] for each in live_brokers(who.store)}
    settle = Settler(who)
    settle(lambda at: settle_own(broker, known, at.settle))
    return settle.session


def _same_contact(settle: Settler, last: str, answers: Values) -> str | None:
    """Return the question to repeat if the company has this contact already, and it is the same."""
    company = answers.get(COMPANY)
    if not isinstance(company, str):
        return None
    values = {name: answers[name] for name in ("date",) if name in answers}
    try:
        settle(lambda at: settle_same_contact(at, company, values))
    except Declined:
        return last
    return None


def _has_company(answers: Values) -> bool:
    return COMPANY in answers


def _add(name: str, noun: str, answers: Values, session: Session) -> Confirmation:
    new, values = new_company_values(answers), values_besides(answers)
    company = values.pop(COMPANY)
    if isinstance(company, NewCompany):
        return add_event_at_new_company(session, noun, new, values)
    if name == "followup":
        return add_followup(session, company, values)
    return add_event(session, noun, company, values)
