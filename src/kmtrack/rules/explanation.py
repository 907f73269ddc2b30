"""Explanations: a record with the answers to its requirements, a target with what makes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.rules.contact_history import Meeting
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.rules.judgement import Verdict
    from kmtrack.rules.methods import Method
    from kmtrack.rules.status import DeliveredStanding


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
    standing: DeliveredStanding
    methods: list[Method]
    steps: list[dict[str, Any]]
    hired: list[Member]
