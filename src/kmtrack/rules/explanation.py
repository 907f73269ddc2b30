"""Explanations: a record with the answers to its requirements, a target with what makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.rules.contract import Participation
from kmtrack.rules.dossier import Hire
from kmtrack.rules.requirements import REQUIREMENTS, Subject, company_fact_for

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contact_history import Meeting
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Company
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.methods import Method
    from kmtrack.rules.status import DeliveredStatus


class Explained(NamedTuple):
    """One record with its verdicts, every answer in them, under the contract in force.

    `met_before` is the first time that a contact's company was met before it; nothing makes the
    contact a first one.
    """

    contract: Contract
    record: dict[str, Any]
    verdicts: list[tuple[Target, Verdict]]
    met_before: Meeting | None = None


class Member(NamedTuple):
    """One record for a target: its id, day ("" if not agreed) and company."""

    record_id: str
    day: str
    company: str
    company_id: str
    cvr: str | None


class ReasonGroup(NamedTuple):
    """The records that stand to a target in the same way for the same reasons.

    `reasons` pairs requirements with why they did not answer yes; none for what counts.
    """

    outcome: str
    reasons: tuple[tuple[str, str], ...]
    members: list[Member]


class TargetExplained(NamedTuple):
    """A target with all its records, grouped by reason."""

    contract: Contract
    target: Target
    as_of: date
    groups: list[ReasonGroup]


class DeliveredExplained(NamedTuple):
    """A delivered target, how it stands, and what that is made of, each until the day asked for.

    `methods` are those of the methods target, `steps` those of a deliverable, `hired` the companies
    of growth, each with its first hire that counts; the others are empty.
    """

    target: Target
    as_of: date
    status: DeliveredStatus
    methods: list[Method]
    steps: list[dict[str, Any]]
    hired: list[Member]


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
        company.version_on(None),
        _ANY_RECORD,
        day=None,
        place=None,
        first_met=None,
    )
    asked = dict.fromkeys(rule for target in contract.targets for rule in target.requires)
    answers = [REQUIREMENTS[rule](subject) for rule in asked if REQUIREMENTS[rule].is_about_company]
    facts = [company_fact_for(answer.reason) for answer in answers if answer.outcome == "unknown"]
    return list(dict.fromkeys(fact for fact in facts if fact is not None))
