"""Explanations: a record with the answers to its requirements, a target with its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.rules.judgement import Judge
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from kmtrack.rules.contact_history import EarlierContact
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.dossier import Dossier
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.methods import Method
    from kmtrack.rules.status import DeliveredStatus


class RecordExplanation(NamedTuple):
    """A record with its verdicts and every answer in them, under the contract in force.

    `met_before` is the first contact with the company before this contact; None for a first one.
    `predecessors` are the companies that it had taken over by then: id, name, CVR number, since
    when.
    """

    contract: Contract
    record: dict[str, Any]
    verdicts: list[tuple[Target, Verdict]]
    met_before: EarlierContact | None = None
    predecessors: Sequence[dict[str, Any]] = ()


class Member(NamedTuple):
    """A record for a target: its id, day ("" if not agreed) and company."""

    record_id: str
    day: str
    company: str
    company_id: str
    cvr: str | None


class ReasonGroup(NamedTuple):
    """Records with the same outcome for the same reasons.

    `reasons` pairs requirements with why they were not met; there are none for "counted". `members`
    are the first records by day, or all, which are read at each iteration; `number` is how many
    there are.
    """

    outcome: str
    reasons: tuple[tuple[str, str], ...]
    members: Iterable[Member]
    number: int


class Unmet(NamedTuple):
    """How many records of a target do not meet a requirement, and how many of these count all the same.

    Some do if the contract does not require it. `ids` are those of the records, read at each
    iteration.
    """

    requirement: str
    ids: Iterable[str]
    number: int
    counted: int


class TargetExplanation(NamedTuple):
    """A target with all its records, grouped by reason.

    `unmet` has the requirements that are always reported for the target.
    """

    contract: Contract
    target: Target
    as_of: date
    groups: list[ReasonGroup]
    unmet: list[Unmet]


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


def reported_requirements(target: Target) -> list[str]:
    """Return the requirements for which a target always reports how many of its records do not meet them."""
    return [rule.name for rule in REQUIREMENTS.values() if rule.is_reported_for(target)]


def answered_no(
    requirement: str, target: Target, contract: Contract, dossiers: Iterable[Dossier]
) -> dict[str, str]:
    """Return the records for a target that fail a requirement, whether or not the target requires it.

    The result maps the ids of the records to those of the companies.
    """
    asking = target._replace(requires={requirement: target.words})
    judge = Judge(contract._replace(targets=(asking,)))
    return {
        verdict.record_id: dossier.company.id
        for dossier in dossiers
        for verdict in judge.verdicts(dossier)
        if verdict.outcome == "excluded"
    }
