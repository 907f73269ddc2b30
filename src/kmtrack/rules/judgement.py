"""Judging: from a dossier and a contract to one verdict for each record and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.contact_history import ContactPosition, first_met, places
from kmtrack.rules.contract import COUNTED_NOUNS
from kmtrack.rules.requirements import REQUIREMENTS, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kmtrack.rules.contract import Contract, Selection
    from kmtrack.rules.dossier import Dossier, Record
    from kmtrack.rules.requirements import Answer, Requirement

Outcome = Literal["counted", "waiting", "excluded"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("counted", "waiting", "excluded")


class Verdict(NamedTuple):
    """How one record stands to one target.

    `answers` pairs each requirement of the target with what it answered, in the contract's order;
    `municipality` is the company's on the record's day.
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
        """The answers that decide it: those that are no if any is, else those not known."""
        decisive = {"counted": None, "waiting": "unknown", "excluded": "no"}[self.outcome]
        return [pair for pair in self.answers if pair[1].outcome == decisive]


def judge(dossier: Dossier, contract: Contract) -> list[Verdict]:
    """The verdicts on every record of the dossier, for each target that the record is for."""
    return Judge(contract).verdicts(dossier)


class Judge:
    """Judges dossiers by one contract; what it asks is laid out once for all of them."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._asked: dict[str, list[_Asked]] = {noun: [] for noun in COUNTED_NOUNS}
        for target in contract.targets:
            if target.is_counted:
                rules = [REQUIREMENTS[rule] for rule in target.requires]
                self._asked[target.counts].append(_Asked(target.id, target.selection, rules))

    def verdicts(self, dossier: Dossier) -> list[Verdict]:
        """The verdicts on every record of the dossier, for each target that the record is for."""
        found: list[Verdict] = []
        if self._asked["contact"]:
            for contact, earlier, same_day in places(dossier, self._contract):
                place = ContactPosition(earlier, same_day)
                found += self.on(dossier, "contact", contact, place=place)
        return found + self.on_agreements(dossier)

    def on_agreements(self, dossier: Dossier) -> list[Verdict]:
        """The verdicts on the collaborations and hires of the dossier."""
        found: list[Verdict] = []
        if dossier.collaborations or dossier.hires:
            met = first_met(dossier, self._contract)
            for collaboration in dossier.collaborations:
                found += self.on(dossier, "collaboration", collaboration, met)
            for hire in dossier.hires:
                found += self.on(dossier, "hire", hire, met)
        return found

    def on(
        self,
        dossier: Dossier,
        noun: str,
        record: Record,
        met: date | None = None,
        place: ContactPosition | None = None,
    ) -> list[Verdict]:
        """The verdicts on one record; a contact has a `place`, all others when they were `met`."""
        company, day = dossier.company, record.day
        version = company.version_on(day)
        subject = Subject(self._contract, company, version, record, day, place, met)
        found = []
        for target, selection, rules in self._asked[noun]:
            if selects(selection, record, place):
                answers = tuple([(rule.name, rule.ask(subject)) for rule in rules])
                outcome = outcome_of([answer.outcome for _, answer in answers])
                found.append(
                    Verdict(
                        record.id,
                        target,
                        noun,
                        day,
                        outcome,
                        answers,
                        version.municipality,
                        record.brokers,
                    )
                )
        return found


class _Asked(NamedTuple):
    """What one target asks: which records it is for, and its requirements in order."""

    target: str
    selection: Selection
    rules: list[Requirement]


def selects(selection: Selection, record: Record, place: ContactPosition | None) -> bool:
    """Whether a target of this selection is for the record.

    A contact with no earlier countable contact is a first one; every other is a later one, so a
    contact is for exactly one of the two and stands as excluded under none that it is not for.
    """
    if selection.history is not None:
        is_first = place is None or place.earlier is None
        if is_first != (selection.history == "first"):
            return False
    if selection.kinds and getattr(record, "kind", None) not in selection.kinds:
        return False
    return not selection.levels or getattr(record, "level", None) in selection.levels


def outcome_of(answers: Iterable[str]) -> Outcome:
    """Any no excludes; all yes counts; otherwise the record waits for what is not known."""
    given = set(answers)
    if "no" in given:
        return "excluded"
    return "waiting" if "unknown" in given else "counted"
