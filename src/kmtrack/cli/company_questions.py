"""The question which company it is, a company that is not known yet among the answers."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.cli.field_questions import field_questions
from kmtrack.cli.line_reader import Match
from kmtrack.cli.output import notify_line
from kmtrack.cli.questions import AGAIN, Question, ask_all, refuse, says_yes
from kmtrack.errors import Declined, Refusal
from kmtrack.i18n import say
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.usecases.companies import company_facts, refuse_known_company, refuse_taken_cvr
from kmtrack.usecases.company_lookup import find_company, suggested_companies
from kmtrack.views.format import heading_of
from kmtrack.views.matches import company_in_words, match_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kmtrack.cli.prompts import Settler
    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.session import Session

    Values = Mapping[str, Any]

COMPANY: Final = "company"
# The refusals after which a company may be a new one.
_NOT_THERE: Final = frozenset({"unknown_company", "company_withdrawn", "declined"})


class NewCompany(NamedTuple):
    """A company that the ledger does not know yet; it is stored together with what is told of it."""

    values: Values


class CompanyQuestion:
    """Asks for a company; the answer is the id of one, or a NewCompany if `takes_new`.

    `look` is that of `ask_all`. `refuse` raises a Refusal for a company that will not do.
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
        # By what was typed: whoever goes back and on again need not tell of it again.
        self._new: dict[str, NewCompany] = {}

    def question(self, text: str = "", *, is_required: bool = True) -> Question:
        """Return the question, in these words where it is not just for the company."""
        return Question(
            COMPANY,
            text or heading_of(COMPANY, COMPANY),
            self._read,
            missing=Refusal("company_missing") if is_required else None,
            matches=self._matches,
        )

    def _matches(self, typed: str) -> list[Match]:
        """Return the companies that may be meant by what is typed so far, those met last first."""
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

    def found(self, typed: str) -> str:
        """Return the id of the company that was typed, and show which it is. Raises Refusal."""
        row = self._settle(lambda at: find_company(at, typed))
        if self._refuse is not None:
            self._refuse(self._session, row)
        notify_line(f"  {company_in_words(row, self._session.clock.today)}")
        return str(row["id"])

    def _read(self, typed: str, _: Values) -> object:
        """Return the id of the company that was typed, a new one, or AGAIN."""
        if typed in self._new:
            return self._new[typed]
        try:
            return self.found(typed)
        except Refusal as refusal:
            if not self._takes_new or refusal.key not in _NOT_THERE:
                raise
            if refusal.key == "company_withdrawn":
                refuse(refusal)
            is_unknown = refusal.key == "unknown_company"
        # Of one that is known, or was offered and declined, it would not be true that it is unknown.
        key = "question.new_company" if is_unknown else "question.other_company"
        if not says_yes(say(key, name=shown(typed))):
            return AGAIN
        return self._told(typed)

    def _told(self, typed: str) -> object:
        """Ask about a company that is not known; AGAIN where it proves to be another one after all."""
        questions = field_questions(
            self._session,
            COMPANY,
            CompanyFacts,
            {},
            defaults={"cvr" if looks_like_cvr(typed) else "name": typed},
            checks={"cvr": partial(refuse_taken_cvr, self._session.store)},
        )
        try:
            answers = ask_all(questions, look=self._look, can_leave=True)
            if answers is None:
                return AGAIN
            facts = company_facts(self._session, answers)
            self._settle(lambda at: refuse_known_company(at, facts))
        except Declined:
            return AGAIN
        self._new[typed] = NewCompany(answers)
        return self._new[typed]
