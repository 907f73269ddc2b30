"""Explanations: a record with the answers to its requirements, a target with its records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.judging import Verdict


class Explained(NamedTuple):
    """One record with its verdicts, every answer in them, under the contract in force."""

    contract: Contract
    record: dict[str, Any]
    verdicts: list[tuple[Target, Verdict]]


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
