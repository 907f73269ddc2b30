"""What is missing of a company before its records can count, by what the contract's targets require."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.rules.contract import Participation
from kmtrack.rules.dossier import Hire
from kmtrack.rules.requirements import REQUIREMENTS, SUITS, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Company

# The fact of a company that would answer a requirement which does not know yet, by its reason.
FACT_OF_COMPANY: Final[Mapping[str, str]] = {
    "no_cvr": "cvr",
    "no_municipality": "municipality",
    "no_headcount": "employees",
    "band_straddles": "employees",
    "balance_unknown": "balance",
    "turnover_unknown": "turnover",
}
# A record of which nothing is known: what is asked of it is asked of its company alone.
_ANY_RECORD: Final = Hire("", "", None, None)


def facts_missing(contract: Contract, company: Company) -> list[str]:
    """The facts of a company, as it stands now, for which a record of some target would wait."""
    if not contract.participation:
        # Until somebody takes part the requirement does not come to ask for the municipality.
        contract = contract._replace(participation=(Participation(""),))
    subject = Subject(
        contract,
        company,
        company.standing_on(None),
        _ANY_RECORD,
        day=None,
        place=None,
        first_met=None,
    )
    asked = dict.fromkeys(rule for target in contract.targets for rule in target.requires)
    answers = [REQUIREMENTS[rule](subject) for rule in asked if rule not in SUITS]
    waiting = [answer.reason for answer in answers if answer.outcome == "unknown"]
    return list(
        dict.fromkeys(FACT_OF_COMPANY[reason] for reason in waiting if reason in FACT_OF_COMPANY)
    )
