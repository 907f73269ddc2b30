"""Proofs: the facts that decided each verdict, for the region's workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from kmtrack.rules.contact_history import FirstContacts
from kmtrack.rules.judgement import Judge

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, SmeLimits
    from kmtrack.rules.dossier import CompanyVersion, Dossier
    from kmtrack.rules.judgement import Verdict


class SmeBasis(NamedTuple):
    """What makes a company an SME: fewer employees than `below`, or the basis of a declaration.

    The amounts (millions of euro) are given if one of them is over its limit and the other is not.
    """

    below: int
    declared: str | None = None
    turnover: float | None = None
    balance: float | None = None


class Proof(NamedTuple):
    """What decided a verdict: the company on the record's day, and the contact that came before.

    `sme` is None if the target does not require an SME, or the company is none. `met` is the
    earlier contact that makes a contact a follow-up, or the one that brokered an agreement.
    """

    verdict: Verdict
    version: CompanyVersion
    sme: SmeBasis | None
    met: EarlierContact | None

    def meets(self, requirement: str) -> bool | None:
        """Return whether the record meets a requirement; None if the target does not require it."""
        answer = dict(self.verdict.answers).get(requirement)
        return answer and answer.outcome == "yes"


class Prover:
    """Proves the verdicts on dossiers by one contract while they are judged."""

    def __init__(self, contract: Contract) -> None:
        self._contract = contract
        self._judge = Judge(contract)
        # An earlier contact of another kind is not what makes these follow-ups.
        self._by_visit = {t.id for t in contract.targets if "visited_earlier" in t.requires}

    def proofs(self, dossier: Dossier) -> Iterator[Proof]:
        """Yield every verdict on the records of a dossier with what decided it."""
        verdicts = self._judge.verdicts(dossier)
        if not verdicts:
            return
        contract, company = self._contract, dossier.company
        contacts = {contact.id: contact for contact in dossier.contacts}
        met = FirstContacts(dossier, contract.channels)
        visited = FirstContacts(dossier, contract.visits) if self._by_visit else met
        for verdict in verdicts:
            day = verdict.day
            if verdict.noun == "contact":
                earlier = visited if verdict.target in self._by_visit else met
                first = earlier.before(contacts[verdict.record_id])
            else:
                first = met.known_on(day)
                if first is not None and (day is None or first.day > day):
                    first = None
            # Without a day, the last state that it was judged by.
            version = company.version_on(day or contract.last_day)
            yield Proof(verdict, version, _sme_basis(verdict, version, contract.sme), first)


def _sme_basis(verdict: Verdict, version: CompanyVersion, limits: SmeLimits) -> SmeBasis | None:
    reason = next((answer.reason for rule, answer in verdict.answers if rule == "sme"), None)
    if reason == "declared_sme":
        return SmeBasis(limits.employees_below, version.basis or "")
    if reason != "few_employees":
        return None
    sums = (version.turnover, version.balance)
    is_over = (version.turnover or 0) > limits.turnover_at_most or (
        (version.balance or 0) > limits.balance_at_most
    )
    return SmeBasis(limits.employees_below, None, *sums if is_over else ())
