"""Judgement: from a dossier and a contract to one verdict for each record and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.contact_history import FirstContacts, contact_positions
from kmtrack.rules.contract import COUNTED_NOUNS
from kmtrack.rules.requirement_registry import Subject
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

    from kmtrack.rules.contract import Contract, Selection
    from kmtrack.rules.dossier import ContactPosition, Dossier, Record
    from kmtrack.rules.requirement_registry import Answer, Requirement

Outcome = Literal["counted", "waiting", "excluded"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("counted", "waiting", "excluded")


class Verdict(NamedTuple):
    """The outcome for one record and one target, with the answers that led to it.

    `answers` pairs each requirement of the target with its answer, in the contract's order;
    `municipality` is the record's own, else the company's on the record's day.
    """

    record_id: str
    target: str
    noun: str
    day: date | None
    outcome: Outcome
    answers: tuple[tuple[str, Answer], ...]
    municipality: str | None
    brokers: str

    @property
    def reasons(self) -> list[tuple[str, Answer]]:
        """The answers that decide it: those that are no if any is, else those that are unknown."""
        if self.outcome == "counted":
            return []
        decisive = "no" if self.outcome == "excluded" else "unknown"
        return [pair for pair in self.answers if pair[1].outcome == decisive]


def judge(dossier: Dossier, contract: Contract) -> list[Verdict]:
    """Return the verdicts on every record of the dossier, for each target that the record is for."""
    return Judge(contract).verdicts(dossier)


class Judge:
    """Judges dossiers by one contract, whose targets are arranged once for all of them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._targets: dict[str, list[_JudgedTarget]] = {noun: [] for noun in COUNTED_NOUNS}
        for target in contract.targets:
            if target.is_counted:
                asked = [REQUIREMENTS[name] for name in target.requires]
                judged = _JudgedTarget(target.id, target.selection, asked)
                self._targets[target.counts].append(judged)

    def verdicts(self, dossier: Dossier) -> list[Verdict]:
        """Return the verdicts on every record, for each target that the record is for."""
        found: list[Verdict] = []
        if self._targets["contact"]:
            for contact, position in contact_positions(dossier, self._contract):
                found += self._judge(dossier, "contact", contact, position=position)
        if dossier.collaborations or dossier.hires:
            first = FirstContacts(dossier, self._contract.channels)
            for collaboration in dossier.collaborations:
                met = first.known_on(collaboration.day)
                found += self._judge(dossier, "collaboration", collaboration, met and met.day)
            for hire in dossier.hires:
                met = first.known_on(hire.day)
                found += self._judge(dossier, "hire", hire, met and met.day)
        return found

    def _judge(
        self,
        dossier: Dossier,
        noun: str,
        record: Record,
        first_day: date | None = None,
        position: ContactPosition | None = None,
    ) -> list[Verdict]:
        """Judge one record: contacts by their `position`, others by the `first_day` of contact."""
        company, day = dossier.company, record.day
        version = company.version_on(day)
        subject = Subject(self._contract, company, version, record, day, position, first_day)
        found = []
        for target in self._targets[noun]:
            if selects(target.selection, record, position):
                answers = tuple([(each.name, each.ask(subject)) for each in target.requirements])
                found.append(
                    Verdict(
                        record.id,
                        target.id,
                        noun,
                        day,
                        outcome_of([answer.outcome for _, answer in answers]),
                        answers,
                        subject.municipality,
                        record.brokers,
                    )
                )
        return found


class _JudgedTarget(NamedTuple):
    """A counted target: which records it is for, and its requirements in order."""

    id: str
    selection: Selection
    requirements: list[Requirement]


def selects(selection: Selection, record: Record, position: ContactPosition | None) -> bool:
    """Whether a target of this selection is for the record.

    A contact with no earlier countable contact is a first one; every other is a later one. So a
    contact is for exactly one of the two targets, and is not excluded under the other.
    """
    if selection.history is not None:
        is_first = position is None or position.earlier is None
        if is_first != (selection.history == "first"):
            return False
    if selection.kinds and getattr(record, "kind", None) not in selection.kinds:
        return False
    return not selection.levels or getattr(record, "level", None) in selection.levels


def outcome_of(answers: Collection[str]) -> Outcome:
    """Return "excluded" for any no, "counted" for yes only, else "waiting" for what is unknown."""
    if "no" in answers:
        return "excluded"
    return "waiting" if "unknown" in answers else "counted"
