"""Registry of requirements: what a requirement examines, what it answers, and how it is registered."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.contract import COUNTED_NOUNS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import date

    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Company, CompanyVersion, ContactPosition, Record

AnswerOutcome = Literal["yes", "no", "unknown"]
_NO_FACTS: Final[Mapping[str, str]] = MappingProxyType({})


class Subject(NamedTuple):
    """A record with everything that a requirement may look at.

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

    @property
    def municipality(self) -> str | None:
        """The municipality of the record: its own if it states one, else the company's."""
        return self.record.municipality or self.version.municipality


class FieldValue(NamedTuple):
    """The value of a field of a noun, kept with the field so that it can be worded."""

    noun: str
    field: str
    value: str

    def __str__(self) -> str:
        """Return the value as it is stored."""
        return self.value


class Answer(NamedTuple):
    """The answer of a requirement: the outcome, the reason, and the facts that it was based on.

    A fact is a day, a number, the value of a field, or an id, which is shown unchanged.
    """

    outcome: AnswerOutcome
    reason: str
    looked_at: tuple[object, ...] = ()


def _of_none(_: Target) -> bool:
    return False


class Requirement(NamedTuple):
    """A requirement; calling it applies it to a subject.

    `nouns` are those whose records it applies to. `company_facts` maps the reasons of unknown
    answers to the fact of the company that would settle them. `is_reported_for` says which targets
    report how many records do not meet it, whether or not the contract requires it.
    """

    name: str
    ask: Callable[[Subject], Answer]
    nouns: frozenset[str] = COUNTED_NOUNS
    company_facts: Mapping[str, str] = _NO_FACTS
    is_reported_for: Callable[[Target], bool] = _of_none

    def __call__(self, subject: Subject) -> Answer:
        """Apply the requirement to a subject."""
        return self.ask(subject)

    @property
    def is_about_company(self) -> bool:
        """Whether it applies to every record, so that it concerns the company or the day."""
        return self.nouns == COUNTED_NOUNS


REQUIREMENTS: Final[dict[str, Requirement]] = {}


def requirement(
    *,
    nouns: Iterable[str] = COUNTED_NOUNS,
    company_facts: Mapping[str, str] = _NO_FACTS,
    is_reported_for: Callable[[Target], bool] = _of_none,
) -> Callable[[Callable[[Subject], Answer]], Callable[[Subject], Answer]]:
    """Register the decorated function as the requirement of its name.

    A requirement that looks at facts which only some nouns have names those `nouns`.
    """

    def register(ask: Callable[[Subject], Answer]) -> Callable[[Subject], Answer]:
        name = ask.__name__
        REQUIREMENTS[name] = Requirement(
            name, ask, frozenset(nouns), company_facts, is_reported_for
        )
        return ask

    return register


def company_fact_for(reason: str) -> str | None:
    """Return the fact of the company that would settle an unknown answer, if there is one."""
    for registered in REQUIREMENTS.values():
        if reason in registered.company_facts:
            return registered.company_facts[reason]
    return None
