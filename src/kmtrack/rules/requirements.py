"""The requirements of the note: each looks at one record of a dossier and answers yes, no or unknown.

A requirement is written here once, as a function that is registered by `requirement`. A contract
names it for a target. Its texts are "rule.NAME", "definition.NAME", "why.REASON" for each answer,
and for an answer that is not yes "reason.REASON" and, where something can be done, "remedy.REASON";
an unknown that no fact of the company settles also has "check.missing_REASON".
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.contract import COUNTED_NOUNS
from kmtrack.rules.headcount_format import headcount_bounds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from kmtrack.rules.contact_history import ContactPosition
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Company, CompanyVersion, Record

AnswerOutcome = Literal["yes", "no", "unknown"]
_NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})


class Subject(NamedTuple):
    """A record with all that a requirement may look at.

    `version` is the company's on the record's day. A contact has a `position`; for others
    `first_contact_day` is the day of the company's first countable contact, if any.
    """

    contract: Contract
    company: Company
    version: CompanyVersion
    record: Record
    day: date | None
    position: ContactPosition | None
    first_contact_day: date | None


class Answer(NamedTuple):
    """The answer of a requirement: the outcome, the reason, and the facts that it looked at."""

    outcome: AnswerOutcome
    reason: str
    looked_at: tuple[object, ...] = ()


class Requirement(NamedTuple):
    """A requirement; calling it asks it of a subject.

    `nouns` are those whose records it can be asked of. `company_facts` maps the reasons of unknown
    answers to the fact of the company that would settle them.
    """

    name: str
    ask: Callable[[Subject], Answer]
    nouns: frozenset[str] = COUNTED_NOUNS
    company_facts: Mapping[str, str] = _NO_FACTS

    def __call__(self, subject: Subject) -> Answer:
        """Ask the requirement of a subject."""
        return self.ask(subject)

    @property
    def is_about_company(self) -> bool:
        """Whether it can be asked of every record, so that it is about the company or the day."""
        return self.nouns == COUNTED_NOUNS


REQUIREMENTS: Final[dict[str, Requirement]] = {}


def requirement(
    *, nouns: Iterable[str] = COUNTED_NOUNS, company_facts: Mapping[str, str] = _NO_FACTS
) -> Callable[[Callable[[Subject], Answer]], Callable[[Subject], Answer]]:
    """Register the function below as the requirement of its name.

    A requirement over facts that only some nouns have names those `nouns`.
    """

    def register(ask: Callable[[Subject], Answer]) -> Callable[[Subject], Answer]:
        name = ask.__name__
        REQUIREMENTS[name] = Requirement(name, ask, frozenset(nouns), company_facts)
        return ask

    return register


def company_fact_for(reason: str) -> str | None:
    """Return the fact of the company that would settle an unknown answer, if one would."""
    for registered in REQUIREMENTS.values():
        if reason in registered.company_facts:
            return registered.company_facts[reason]
    return None


_NOT_AGREED: Final = Answer("unknown", "not_agreed")


@requirement(company_facts={"no_cvr": "cvr"})
def identified(subject: Subject) -> Answer:
    """The company has a CVR number; without it no number can be traced to one company."""
    if subject.company.cvr is None:
        return Answer("unknown", "no_cvr")
    return Answer("yes", "cvr", (subject.company.cvr,))


@requirement()
def in_period(subject: Subject) -> Answer:
    """The record's day is within the contract period ("i projektperioden 2011-12")."""
    day, contract = subject.day, subject.contract
    if day is None:
        return _NOT_AGREED
    if day < contract.first_day:
        return Answer("no", "before_period", (day, contract.first_day))
    if day > contract.last_day:
        return Answer("no", "after_period", (day, contract.last_day))
    return Answer("yes", "in_period", (day,))


@requirement(nouns=["contact"])
def countable_channel(subject: Subject) -> Answer:
    """The contact was made through a channel that the contract counts ("gennemføre")."""
    channel = getattr(subject.record, "channel", "")
    if channel in subject.contract.channels:
        return Answer("yes", "channel_counts", (channel,))
    return Answer("no", "channel_does_not_count", (channel,))


@requirement(nouns=["contact"])
def one_per_day(subject: Subject) -> Answer:
    """The contact is the first countable one to that company on that day."""
    same = subject.position.same_day_as if subject.position else None
    if same is None:
        return Answer("yes", "only_one_that_day", (subject.day,))
    if same == "":
        return Answer("no", "same_day_as_visit_before", (subject.day,))
    return Answer("no", "same_day", (subject.day, same))


@requirement(company_facts={"no_municipality": "municipality"})
def participating(subject: Subject) -> Answer:
    """The company's municipality took part on that day ("i de deltagende kommuner")."""
    municipality, day = subject.version.municipality, subject.day
    if not subject.contract.participation:
        return Answer("unknown", "no_participation_set")
    if municipality is None:
        return Answer("unknown", "no_municipality")
    if day is None:
        return _NOT_AGREED
    for span in subject.contract.participation:
        if span.municipality == municipality and span.covers(day):
            return Answer("yes", "takes_part", (municipality, day))
    return Answer("no", "takes_no_part", (municipality, day))


@requirement(
    company_facts={
        "no_headcount": "employees",
        "band_straddles": "employees",
        "balance_unknown": "balance",
        "turnover_unknown": "turnover",
    }
)
def sme(subject: Subject) -> Answer:  # noqa: PLR0911 - one return for each line of the rule
    """The company is small or medium-sized: Recommendation 2003/361/EC, annex, articles 2 to 4.

    A declaration settles what headcount and amounts cannot (linked companies); a public body or an
    association is never an enterprise in the note's sense.
    """
    version, limits = subject.version, subject.contract.sme
    if version.kind != "company":
        return Answer("no", "not_a_company", (version.kind,))
    if version.sme is not None:
        return Answer("yes", "declared_sme") if version.sme else Answer("no", "declared_not_sme")
    turnover, balance = version.turnover, version.balance
    over_turnover = turnover is not None and turnover > limits.turnover_at_most
    over_balance = balance is not None and balance > limits.balance_at_most
    if over_turnover and over_balance:
        return Answer("no", "both_sums_over", (turnover, balance))
    headcount = _headcount(version.employees, limits.employees_below)
    if headcount.outcome != "yes":
        return headcount
    if over_turnover and balance is None:
        return Answer("unknown", "balance_unknown", (turnover,))
    if over_balance and turnover is None:
        return Answer("unknown", "turnover_unknown", (balance,))
    return headcount


def _headcount(employees: str | None, below: int) -> Answer:
    if employees is None:
        return Answer("unknown", "no_headcount")
    lowest, highest = headcount_bounds(employees)
    if lowest >= below:
        return Answer("no", "too_many_employees", (employees, below))
    if highest is None or highest >= below:
        return Answer("unknown", "band_straddles", (employees, below))
    return Answer("yes", "few_employees", (employees, below))


@requirement(nouns=("collaboration", "hire"))
def binding(subject: Subject) -> Answer:
    """Both parties have committed on a known day ("forpligtende")."""
    return _NOT_AGREED if subject.day is None else Answer("yes", "agreed", (subject.day,))


@requirement(nouns=("collaboration", "hire"))
def brokered(subject: Subject) -> Answer:
    """The company was met on or before the agreed day, else nobody brokered it ("formidle")."""
    if subject.day is None:
        return _NOT_AGREED
    met = subject.first_contact_day
    if met is None:
        return Answer("no", "never_met", (subject.day,))
    if met > subject.day:
        return Answer("no", "met_later", (met, subject.day))
    return Answer("yes", "met", (met,))


@requirement(nouns=["hire"])
def highly_educated(subject: Subject) -> Answer:
    """The level of education is one that the contract counts ("højtuddannede")."""
    level = getattr(subject.record, "level", None)
    if level is None:
        return Answer("unknown", "no_level")
    if level in subject.contract.highly_educated:
        return Answer("yes", "level_counts", (level,))
    return Answer("no", "level_does_not_count", (level,))


@requirement(nouns=["hire"])
def paid(subject: Subject) -> Answer:
    """The employment is paid, with or without a subsidy ("ansættelser")."""
    terms = getattr(subject.record, "terms", "")
    if terms in subject.contract.paid_terms:
        return Answer("yes", "terms_count", (terms,))
    return Answer("no", "terms_do_not_count", (terms,))
