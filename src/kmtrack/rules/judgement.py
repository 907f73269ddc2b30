"""Judgement: from a dossier and a contract to one verdict for each record and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.contact_history import FirstContacts, contact_positions
from kmtrack.rules.contract import COUNTED_NOUNS
from kmtrack.rules.requirement_registry import Subject
from kmtrack.rules.requirements import NOT_AGREED, REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from kmtrack.rules.contract import Contract, Selection
    from kmtrack.rules.dossier import ContactPosition, Dossier, Record
    from kmtrack.rules.requirement_registry import Answer, Requirement

    Answers = tuple[tuple[str, Answer], ...]

Outcome = Literal["counted", "waiting", "excluded"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("counted", "waiting", "excluded")


class Verdict(NamedTuple):
    """The outcome for one record and one target, with the answers that led to it.

    `answers` pairs each requirement of the target with its answer, in the contract's order;
    `municipality` is the record's own, else the company's on the record's day; without a day it is
    None where the company has several in the period.
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
        """The answers that decide it: the negative ones if there are any, else the unknown ones."""
        if self.outcome == "counted":
            return []
        decisive = "no" if self.outcome == "excluded" else "unknown"
        return [pair for pair in self.answers if pair[1].outcome == decisive]


def judge(dossier: Dossier, contract: Contract) -> list[Verdict]:
    """Return the verdicts on every record of the dossier, for each target that the record is for."""
    return Judge(contract).verdicts(dossier)


class Judge:
    """Judges dossiers by one contract, whose targets are prepared once for all of them."""

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
        municipality = subject.municipality
        states = [subject]
        if day is None and len(company.versions) > 1:
            states = _states_on_any_day(subject)
            municipality = _only([each.municipality for each in states])
        found = []
        for target in self._targets[noun]:
            if selects(target.selection, record, position):
                if len(states) == 1:
                    answers = _answers(states[0], target.requirements)
                else:
                    answers = _answers_in_all(states, target.requirements)
                found.append(
                    Verdict(
                        record.id,
                        target.id,
                        noun,
                        day,
                        outcome_of([answer.outcome for _, answer in answers]),
                        answers,
                        municipality,
                        record.brokers,
                    )
                )
        return found


class _JudgedTarget(NamedTuple):
    """A counted target: which records it is for, and its requirements in order."""

    id: str
    selection: Selection
    requirements: list[Requirement]


def _states_on_any_day(subject: Subject) -> list[Subject]:
    """Return a subject for each state of the company in the period: the record belongs to one of them.

    What becomes of the company after the contract's last day matters no more than what it was
    before.
    """
    contract = subject.contract
    versions = subject.company.versions_between(contract.first_day, contract.last_day)
    return [subject._replace(version=version) for version in versions]


def _answers(subject: Subject, requirements: list[Requirement]) -> Answers:
    return tuple([(each.name, each.ask(subject)) for each in requirements])


def _answers_in_all(states: list[Subject], requirements: list[Requirement]) -> Answers:
    """Return the answers for a record without a day, whose company has had several `states`.

    An answer that is the same in all states is known; any other waits for the day, so that a later
    state decides nothing in an earlier report. If every state excludes the record, though for
    different reasons, no day would help: the answers are those for the last state.
    """
    by_state = [_answers(subject, requirements) for subject in states]
    alike = tuple([_if_alike(answers) for answers in zip(*by_state, strict=True)])
    outcomes = {_outcome(answers) for answers in by_state}
    return by_state[-1] if outcomes == {"excluded"} != {_outcome(alike)} else alike


def _if_alike(answers: Sequence[tuple[str, Answer]]) -> tuple[str, Answer]:
    """Return the last of the answers to one requirement, or that the day is missing if they differ."""
    name, last = answers[-1]
    return name, last if len({answer.outcome for _, answer in answers}) == 1 else NOT_AGREED


def _outcome(answers: Answers) -> Outcome:
    return outcome_of([answer.outcome for _, answer in answers])


def _only(values: Collection[str | None]) -> str | None:
    """Return the common value; None if the values differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else None


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
