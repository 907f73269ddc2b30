"""The question which company is meant, a company that is not known yet among the answers."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.cli.field_questions import field_questions
from kmtrack.cli.line_reader import Match
from kmtrack.cli.output import notify, notify_line
from kmtrack.cli.prompts import Settler
from kmtrack.cli.questions import AGAIN, Chosen, Instead, Question, read_answer, refuse
from kmtrack.cli.yes_or_no import says_yes
from kmtrack.errors import Declined, Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import clean_cvr, looks_like_cvr
from kmtrack.usecases.companies import (
    company_facts,
    refuse_known_company,
    refuse_number_as_name,
    refuse_taken_cvr,
)
from kmtrack.usecases.company_lookup import find_company, suggested_companies
from kmtrack.usecases.recent_contacts import recent_contacts
from kmtrack.views.company_matches import company_in_words, match_in_words
from kmtrack.views.format import heading_of
from kmtrack.views.recent_contacts import recent_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.session import Session

    Values = Mapping[str, Any]

COMPANY: Final = "company"
# Before the names of the fields of a new company among the answers.
_OF_NEW: Final = "new company "
# The refusals after which a company may be a new one.
_NOT_THERE: Final = frozenset({"unknown_company", "company_withdrawn", "declined"})


class NewCompany(NamedTuple):
    """A company that the ledger does not know yet, as typed; it is stored with the answers about it."""

    typed: str


def new_company_values(answers: Values) -> Values:
    """Return the answers about a new company, by the names of its fields."""
    return {
        name.removeprefix(_OF_NEW): value
        for name, value in answers.items()
        if name.startswith(_OF_NEW)
    }


def values_besides(answers: Values) -> dict[str, Any]:
    """Return the answers that are not about a new company."""
    return {name: value for name, value in answers.items() if not name.startswith(_OF_NEW)}


def _is_new(answers: Values) -> bool:
    return isinstance(answers.get(COMPANY), NewCompany)


class CompanyQuestion:
    """Asks for a company; the answer is the id of one, or a NewCompany if `takes_new`.

    `look` is that of `ask_all`. `refuse` raises a Refusal for an unsuitable company.
    """

    def __init__(
        self,
        session: Session,
        settle: Settler,
        look: Callable[[], None],
        *,
        takes_new: bool = False,
        refuse: Callable[[Session, Row], None] | None = None,
    ) -> None:
        self._session = session
        self._look = look
        self._settle = settle
        self._takes_new = takes_new
        self._refuse = refuse
        # What was typed for a company to be added: whoever goes back and on again has agreed once.
        self._agreed: set[str] = set()

    def question(self, text: str = "", *, is_required: bool = True) -> Question:
        """Return the question, in these words if it is not simply for the company."""
        return Question(
            COMPANY,
            text or heading_of(COMPANY, COMPANY),
            self._read,
            missing=Refusal("company_missing") if is_required else None,
            matches=self._matches,
        )

    def _matches(self, typed: str) -> list[Match]:
        """Return the companies that the text typed so far may mean, those met last first."""
        try:
            found = suggested_companies(self._session, typed)
        except Refusal:  # which the answer will meet, too
            return []
        names = Counter(each.name for each in found)
        return [
            Match(
                each.name if names[each.name] == 1 else each.cvr or each.id,
                each.name,
                match_in_words(each),
            )
            for each in found
        ]

    def new_questions(self) -> list[Question]:
        """Return the questions about an unknown company, once it was named."""
        checks: dict[str, Callable[[str], object]] = {
            "cvr": partial(refuse_taken_cvr, self._session.store),
            "name": refuse_number_as_name,
        }
        questions = [
            each._replace(
                name=_OF_NEW + each.name,
                read=partial(self._read_fact, each),
                default_from=partial(_default_of_new, each.name),
                applies=_is_new,
                about=COMPANY,
            )
            for each in field_questions(self._session, COMPANY, CompanyFacts, {}, checks=checks)
        ]
        questions[-1] = questions[-1]._replace(after=self._refused_new)
        return questions

    def named(self, typed: str) -> object:
        """Return the id of the company typed on the command line, or a new one.

        Raises Refusal, and Declined if it is not to be added.
        """
        answer = self._read(typed, {})
        if isinstance(answer, Chosen):
            return answer.answer
        raise Declined

    def found(self, typed: str) -> Chosen:
        """Return the id of the typed company, and show which it is. Raises Refusal."""
        # Each time it is typed, it is asked anew which of several it is.
        row = Settler(self._session)(lambda at: find_company(at, typed))
        if self._refuse is not None:
            self._refuse(self._session, row)
        notify_line(f"  {company_in_words(row, self._session.clock.today)}")
        if recent := recent_contacts(self._session, [row["id"]]).get(row["id"]):
            notify("recent.line", who=recent_in_words(recent))
        return Chosen(str(row["id"]), str(row["id"]), row["name"])

    def _read(self, typed: str, _: Values) -> object:
        """Return the id of the typed company, a new one, or AGAIN."""
        if typed in self._agreed:
            return Chosen(NewCompany(typed), typed)
        try:
            return self.found(typed)
        except Refusal as refusal:
            if refusal.key not in _NOT_THERE:
                raise
            is_unknown = refusal.key == "unknown_company"
            if is_unknown:
                self._refuse_unknown(typed)
            elif not self._takes_new:
                raise
            if refusal.key == "company_withdrawn":
                refuse(refusal)
        # Of one that is known, or was offered and declined, it would not be true that it is unknown.
        key = "question.new_company" if is_unknown else "question.other_company"
        if not says_yes(say(key, name=shown(typed)), read_answer):
            return AGAIN
        self._agreed.add(typed)
        return Chosen(NewCompany(typed), typed)

    def _refuse_unknown(self, typed: str) -> None:
        """Raise Refusal for a text that is no company, and cannot be added as one here."""
        if self._takes_new and looks_like_cvr(typed):
            clean_cvr(typed)
        elif not self._takes_new or not any(map(str.isalpha, typed)):
            raise Refusal("unknown_company_here", reference=shown(typed))

    def _read_fact(self, question: Question, typed: str, answers: Values) -> object:
        """Read a fact of a new company; its CVR number may identify a known one."""
        try:
            return question.read(typed, new_company_values(answers))
        except Refusal as refusal:
            if refusal.key != "cvr_taken":
                raise
            text = say("question.cvr_taken", **refusal.facts)
            known = str(refusal.facts["id"])
        return Instead(COMPANY, self.found(known)) if says_yes(text, read_answer) else AGAIN

    def _refused_new(self, answers: Values) -> str | None:
        """Return the question for the company if a new one turns out to be another one."""
        facts = company_facts(self._session, new_company_values(answers))
        try:
            self._settle(lambda at: refuse_known_company(at, facts))
        except Declined:
            return COMPANY
        return None


def _default_of_new(field: str, answers: Values) -> str:
    """Return the default for a field of a new company: the name or number that was typed for it."""
    typed: str = answers[COMPANY].typed
    return typed if field == ("cvr" if looks_like_cvr(typed) else "name") else ""
