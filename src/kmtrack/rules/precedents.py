"""Precedents: of contacts that no requirement can tell apart, one is judged and the others likewise."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.rules.contact_history import ContactPosition, places
from kmtrack.rules.judgement import Judge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kmtrack.rules.contract import Contract, Participation
    from kmtrack.rules.dossier import CompanyVersion, Contact, Dossier
    from kmtrack.rules.judgement import Outcome

# Turnover and balance can make the standing of every company a thing of its own.
_REMEMBERED: Final = 4096


class Ruling(NamedTuple):
    """How a contact stands to one target, with the requirements that decide it and their reasons."""

    target: str
    outcome: Outcome
    reasons: tuple[tuple[str, str], ...]


class Precedents:
    """Rules on contacts as `Judge` judges them, but asks the requirements only of new cases.

    Two contacts are one case if their companies stood alike, both with a CVR number or both
    without, the contract knows no difference between their days, and their channels and places in
    their companies' histories are alike.
    """

    def __init__(self, contract: Contract) -> None:
        self.judge = Judge(contract)
        self._contract = contract
        self._stretches = _Stretches(contract)
        self._cases: dict[tuple[bool, CompanyVersion], dict[object, tuple[Ruling, ...]]] = {}

    def on_contacts(
        self, dossier: Dossier
    ) -> Iterator[tuple[Contact, CompanyVersion, tuple[Ruling, ...]]]:
        """Each contact of the dossier, in order, with its company's standing and the rulings."""
        company, stretches = dossier.company, self._stretches
        standing = company.standing_on(None)
        cases = self._cases_of(dossier, standing)
        moves = len(company.standings) > 1
        for contact, earlier, same_day in places(dossier, self._contract):
            if moves:
                standing = company.standing_on(contact.day)
                cases = self._cases_of(dossier, standing)
            case = (stretches[contact.day], contact.channel, earlier is None, same_day and True)
            rulings = cases.get(case)
            if rulings is None:
                place = ContactPosition(earlier, same_day)
                rulings = cases[case] = self._rule(dossier, contact, place)
            yield contact, standing, rulings

    def _cases_of(
        self, dossier: Dossier, standing: CompanyVersion
    ) -> dict[object, tuple[Ruling, ...]]:
        key = (dossier.company.cvr is None, standing)
        found = self._cases.get(key)
        if found is None:
            if len(self._cases) >= _REMEMBERED:
                self._cases.clear()
            found = self._cases[key] = {}
        return found

    def _rule(
        self, dossier: Dossier, contact: Contact, place: ContactPosition
    ) -> tuple[Ruling, ...]:
        return tuple(
            Ruling(
                verdict.target,
                verdict.outcome,
                tuple((rule, answer.reason) for rule, answer in verdict.reasons),
            )
            for verdict in self.judge.on(dossier, "contact", contact, place=place)
        )


class _Stretches(dict["date", int]):
    """The stretch of days between two that the contract names in which each day lies."""

    def __init__(self, contract: Contract) -> None:
        super().__init__()
        spans: list[Contract | Participation] = [contract, *contract.participation]
        edges = {span.first_day.toordinal() for span in spans if span.first_day}
        edges |= {span.last_day.toordinal() + 1 for span in spans if span.last_day}
        self._edges = sorted(edges)

    def __missing__(self, day: date) -> int:
        stretch = self[day] = bisect_right(self._edges, day.toordinal())
        return stretch
