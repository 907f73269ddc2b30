"""Missing facts: what must be known about a company before its records can count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.rules.contract import Participation
from kmtrack.rules.dossier import Hire
from kmtrack.rules.requirement_registry import Subject, company_fact_for
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Company

# Nothing is known of this record, so that its requirements ask for its company alone.
_ANY_RECORD: Final = Hire("", "", None, None)


def facts_missing(contract: Contract, company: Company) -> list[str]:
    """Return the facts that a company lacks today and that a record for some target would wait for."""
    if not contract.participation:
        # Until somebody takes part, the requirement does not ask for the municipality.
        contract = contract._replace(participation=(Participation(""),))
    subject = Subject(
        contract,
        company,
        company.version_on(None),
        _ANY_RECORD,
        day=None,
        position=None,
        first_contact_day=None,
    )
    asked = dict.fromkeys(rule for target in contract.targets for rule in target.requires)
    answers = [REQUIREMENTS[rule](subject) for rule in asked if REQUIREMENTS[rule].is_about_company]
    facts = [company_fact_for(answer.reason) for answer in answers if answer.outcome == "unknown"]
    return list(dict.fromkeys(fact for fact in facts if fact is not None))
