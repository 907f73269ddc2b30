"""Questions about an event: at which company, what happened there, and whether there is another one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.cli.errors import CHANGE
from kmtrack.cli.field_questions import field_questions, refuse_typed
from kmtrack.cli.output import notify, notify_line
from kmtrack.cli.prompts import Settler, in_place
from kmtrack.cli.questions import AGAIN, Question, ask_all, says_yes
from kmtrack.errors import Declined, Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.usecases.companies import company_facts, refuse_known_company, refuse_taken_cvr
from kmtrack.usecases.events import add_event, add_followup
from kmtrack.usecases.first_visits import add_event_at_new_company
from kmtrack.usecases.lookup import find_company
from kmtrack.views.format import day_in_words, heading_of
from kmtrack.views.matches import company_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.usecases.events import Confirmation
    from kmtrack.usecases.session import Session

    Values = Mapping[str, Any]

_COMPANY: Final = "company"
# The refusals after which a company may be a new one.
_NOT_THERE: Final = frozenset({"unknown_company", "company_withdrawn", "declined"})
# What holds for the contacts of a day that are told one after the other.
_OF_THE_DAY: Final = ("broker", "others")


class NewCompany(NamedTuple):
    """A company that the ledger does not know yet; it is stored together with the event."""

    values: Values


def asked_events(
    session: Session, name: str, facts: type[Facts], company: str | None, values: Values
) -> Iterator[Confirmation]:
    """Ask for an event of a noun, a follow-up by that name, store it and yield what was stored.

    `company` and `values` are what was typed. After a contact the next one is asked for, until there is
    none. Raises Refusal, and KeyboardInterrupt where somebody stops answering.
    """
    noun = "contact" if name == "followup" else name
    refuse_typed(session, facts, values)
    is_first, defaults = True, dict[str, str]()
    notify("question.how")
    while True:
        settle = Settler(session)
        asked = _Asked(session, settle, name, noun, {})
        with in_place(session.store):
            answers = asked.event(facts, company, values, defaults, is_first=is_first)
        if answers is None:
            return
        confirmation = settle(partial(_add, name, noun, answers))
        yield confirmation
        if noun != "contact" or session.token is not None:  # a token is that of one command
            return
        CHANGE.go_on()
        company, values = None, {k: v for k, v in values.items() if k in _OF_THE_DAY}
        is_first, defaults = False, {"date": day_in_words(confirmation.record["date"])}


def _add(name: str, noun: str, answers: Values, session: Session) -> Confirmation:
    values = dict(answers)
    company = values.pop(_COMPANY)
    if isinstance(company, NewCompany):
        return add_event_at_new_company(session, noun, company.values, values)
    if name == "followup":
        return add_followup(session, company, values)
    return add_event(session, noun, company, values)


class _Asked(NamedTuple):
    """What the questions about one event work with."""

    session: Session
    settle: Settler
    name: str
    noun: str
    # The new companies that were told of, by what was typed: whoever goes back need not tell it again.
    new: dict[str, NewCompany]

    def event(
        self,
        facts: type[Facts],
        company: str | None,
        values: Values,
        defaults: Mapping[str, str],
        *,
        is_first: bool,
    ) -> Values | None:
        """Ask about one event; None if there is none."""
        given = dict(values)
        questions = field_questions(
            self.session, self.noun, facts, given, defaults=defaults, checks={}
        )
        if company is not None:
            given[_COMPANY] = self._found(company)
        else:
            questions = [
                self._company_question(is_first=is_first),
                *(each._replace(applies=_has_company) for each in questions),
            ]
        answers = ask_all(questions, given)
        return answers if answers and _COMPANY in answers else None

    def _company_question(self, *, is_first: bool) -> Question:
        return Question(
            _COMPANY,
            heading_of(self.noun, _COMPANY) if is_first else say("question.next_company"),
            self._company,
            missing=Refusal("company_missing") if is_first else None,
        )

    def _company(self, typed: str, _: Values) -> object:
        """Return the id of the company that was typed, a new one, or AGAIN."""
        if typed in self.new:
            return self.new[typed]
        try:
            return self._found(typed)
        except Refusal as refusal:
            if (
                self.name == "followup" or refusal.key not in _NOT_THERE
            ):  # which needs an earlier contact
                raise
            if refusal.key == "company_withdrawn":
                notify_line(refusal.sentence())
        if not says_yes(say("question.new_company", name=shown(typed))):
            return AGAIN
        return self._new_company(typed)

    def _found(self, typed: str) -> str:
        row = self.settle(lambda at: find_company(at.store, typed))
        notify_line(f"  {company_in_words(row)}")
        return str(row["id"])

    def _new_company(self, typed: str) -> object:
        """Ask about a company that is not known; AGAIN where it proves to be another one after all."""
        questions = field_questions(
            self.session,
            _COMPANY,
            CompanyFacts,
            {},
            defaults={"cvr" if looks_like_cvr(typed) else "name": typed},
            checks={"cvr": partial(refuse_taken_cvr, self.session.store)},
        )
        try:
            answers = ask_all(questions, can_leave=True)
            if answers is None:
                return AGAIN
            facts = company_facts(self.session, answers)
            self.settle(lambda at: refuse_known_company(at, facts))
        except Declined:
            return AGAIN
        self.new[typed] = NewCompany(answers)
        return self.new[typed]


def _has_company(answers: Values) -> bool:
    return _COMPANY in answers
