"""Facts of methods, their assessments, disseminations and uses."""

from typing import Annotated

from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import (
    Assessment,
    Audience,
    ContactId,
    Details,
    Initials,
    Line,
    MethodAudience,
    MethodId,
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

    name: Annotated[
        RequiredLine, Details(argument="name", is_verbatim=True, width=38, sheet_width=34)
    ]
    kind: Annotated[MethodKind, Details(help="method_kind")]
    audience: Annotated[MethodAudience, Details(option="for", help="method_audience")] = "both"
    date: Annotated[RequiredPastDay, Details(help="day", option_order=9)]
    description: Note = None
    broker: Annotated[Initials, Details(option="by", help="collected_by")] = None


class AssessmentFacts(Facts):
    """An assessment of a method ("vurdering"): keep, adapt or drop, and why."""

    method_id: Annotated[MethodId, Details(column="method", is_asked=False, is_indexed=True)]
    date: Annotated[RequiredPastDay, Details(help="day", option_order=8)]
    verdict: Annotated[Assessment, Details(help="assessment")]
    text: RequiredNote
    broker: Annotated[Initials, Details(option="by", help="collected_by", option_order=9)] = None


class DisseminationFacts(Facts):
    """A dissemination of a method ("formidling"): to whom and how."""

    method_id: Annotated[MethodId, Details(column="method", is_asked=False, is_indexed=True)]
    date: Annotated[RequiredPastDay, Details(help="day", option_order=6)]
    audience: Annotated[Audience, Details(option="to")]
    how: RequiredLine
    institution: Annotated[Line, Details(option_order=7, width=28)] = None
    broker: Annotated[Initials, Details(option="by", help="collected_by", option_order=9)] = None


class UsageFacts(Facts):
    """That a method was used in a contact."""

    method_id: Annotated[MethodId, Details(is_indexed=True)]
    contact_id: ContactId
