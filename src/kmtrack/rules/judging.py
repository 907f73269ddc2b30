"""Judging: from a dossier and a contract to one verdict for each record and target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from kmtrack.rules.history import first_met, places
from kmtrack.rules.requirements import REQUIREMENTS, Subject

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kmtrack.rules.contract import Contract, Selection, Target
    from kmtrack.rules.dossier import Company, Dossier, Record
    from kmtrack.rules.history import Place
    from kmtrack.rules.requirements import Answer

Standing = Literal["counted", "waiting", "excluded"]
STANDINGS: Final[tuple[Standing, ...]] = ("counted", "waiting", "excluded")


class Verdict(NamedTuple):
    """How one record stands to one target.

    `answers` pairs each requirement of the target with what it answered, in the contract's order;
    `municipality` is the company's on the record's day.
    """

    record_id: str
    target: str
    noun: str
    day: date | None
    outcome: Standing
    answers: tuple[tuple[str, Answer], ...]
    municipality: str | None
    brokers: str

    @property
    def reasons(self) -> list[tuple[str, Answer]]:
        """The answers that decide it: those that are no if any is, else those not known."""
        decisive = {"counted": None, "waiting": "unknown", "excluded": "no"}[self.outcome]
        return [pair for pair in self.answers if pair[1].outcome == decisive]


def judge(dossier: Dossier, contract: Contract) -> Iterator[Verdict]:
    """The verdicts on every record of the dossier, for each target that the record is for."""
    for_noun = _targets_by_noun(contract)
    case = _Case(dossier.company, contract, first_met(dossier, contract))
    if for_noun["contact"]:
        for contact, place in places(dossier, contract):
            yield from _verdicts(case, "contact", for_noun["contact"], contact, place)
    for collaboration in dossier.collaborations:
        yield from _verdicts(case, "collaboration", for_noun["collaboration"], collaboration)
    for hire in dossier.hires:
        yield from _verdicts(case, "hire", for_noun["hire"], hire)


def _targets_by_noun(contract: Contract) -> dict[str, list[Target]]:
    by_noun: dict[str, list[Target]] = {"contact": [], "collaboration": [], "hire": []}
    for target in contract.targets:
        if target.is_counted:
            by_noun[target.counts].append(target)
    return by_noun


class _Case(NamedTuple):
    """What is the same for all records of one dossier."""

    company: Company
    contract: Contract
    first_met: date | None


def _verdicts(
    case: _Case, noun: str, targets: list[Target], record: Record, place: Place | None = None
) -> Iterator[Verdict]:
    day = record.day
    standing = case.company.standing_on(day)
    subject = Subject(case.contract, case.company, standing, record, day, place, case.first_met)
    for target in targets:
        if selects(target.selection, record, place):
            answers = tuple([(rule, REQUIREMENTS[rule](subject)) for rule in target.requires])
            yield Verdict(
                record.id,
                target.id,
                noun,
                day,
                outcome_of([answer.outcome for _, answer in answers]),
                answers,
                standing.municipality,
                record.brokers,
            )


def selects(selection: Selection, record: Record, place: Place | None) -> bool:
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


def outcome_of(answers: Iterable[str]) -> Standing:
    """Any no excludes; all yes counts; otherwise the record waits for what is not known."""
    given = set(answers)
    if "no" in given:
        return "excluded"
    return "waiting" if "unknown" in given else "counted"
