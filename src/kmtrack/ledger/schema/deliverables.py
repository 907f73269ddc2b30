"""What is stated of deliverables: what was logged, which points were checked, what was handed in."""

from __future__ import annotations

from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Initials, Line, Note, RequiredPastDay, Step


class DeliveryFacts(Facts):
    """One step towards a deliverable of the contract, named by the id of its target.

    `point` is what a check is of; `file` and `digest` (SHA-256) tell which file was handed in.
    """

    target: str
    step: Step
    date: RequiredPastDay
    text: Note = None
    point: str | None = None
    file: Line = None
    digest: str | None = None
    broker: Initials = None
