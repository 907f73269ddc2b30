"""What is stated of methods: what they are, how they were judged, passed on and used."""

from __future__ import annotations

from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import (
    Assessment,
    Audience,
    Initials,
    Line,
    MethodAudience,
    MethodKind,
    Note,
    RequiredLine,
    RequiredNote,
    RequiredPastDay,
)


class MethodFacts(Facts):
    """A concept, method or tool of the initiative; `date` is the day on which it was collected.

    `audience` is whom it is for: companies, institutions of higher education, or both.
    """

    name: RequiredLine
    kind: MethodKind
    audience: MethodAudience = "both"
    date: RequiredPastDay
    description: Note = None
    broker: Initials = None


class AssessmentFacts(Facts):
    """An assessment of a method ("vurdering"): keep, adapt or drop, and why."""

    method_id: str
    date: RequiredPastDay
    verdict: Assessment
    text: RequiredNote
    broker: Initials = None


class DisseminationFacts(Facts):
    """A dissemination of a method ("formidling"): to whom and how."""

    method_id: str
    date: RequiredPastDay
    audience: Audience
    how: RequiredLine
    institution: Line = None
    broker: Initials = None


class UsageFacts(Facts):
    """That a method was used in a contact."""

    method_id: str
    contact_id: str
