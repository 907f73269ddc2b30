"""Explanations: a record with the answers to its requirements, a target with its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.rules.contract import Participation
from kmtrack.rules.dossier import Hire
from kmtrack.rules.requirement_registry import Subject, company_fact_for
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Company
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.methods import Method
    from kmtrack.rules.status import DeliveredStatus


class RecordExplanation(NamedTuple):
    """A record with its verdicts and every answer in them, under the contract in force.

    `met_before` is the first contact with the company before this contact; None for a first one.
    """

    contract: Contract
    record: dict[str, Any]
    verdicts: list[tuple[Target, Verdict]]
    met_before: EarlierContact | None = None


class Member(NamedTuple):
    """A record for a target: its id, day ("" if not agreed) and company."""

    record_id: str
    day: str
    company: str
    company_id: str
    cvr: str | None


class ReasonGroup(NamedTuple):
    """Records with the same outcome for the same reasons.

    `reasons` pairs requirements with why they did not answer yes; there are none for "counted".
    """

    outcome: str
    reasons: tuple[tuple[str, str], ...]
    members: list[Member]


class TargetExplanation(NamedTuple):
    """A target with all its records, grouped by reason."""

    contract: Contract
    target: Target
    as_of: date
    groups: list[ReasonGroup]


class DeliveredExplanation(NamedTuple):
    """A delivered target with its status and the records behind it, as of a day.

    `methods` are those of the methods target, `steps` those of a deliverable, `hired` the companies
    of growth, each with its first hire that counts; the others are empty.
    """

    target: Target
    as_of: date
    status: DeliveredStatus
    methods: list[Method]
    steps: list[dict[str, Any]]
    hired: list[Member]


# Nothing is known of this record, so that its requirements ask for its company alone.
_ANY_RECORD: Final = Hire("", "", None, None)


def facts_missing(contract: Contract, company: Company) -> list[str]:
    """Return the facts that a company lacks today and for which a record of some target would wait."""
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
