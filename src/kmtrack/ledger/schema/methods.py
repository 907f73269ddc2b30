"""Facts of methods, their assessments, disseminations and uses."""

from typing import Annotated

from kmtrack.ledger.schema import headings
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Details
from kmtrack.ledger.schema.kinds import (
    Assessment,
    Audience,
    ContactId,
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

    `audience` is who it is for: companies, institutions of higher education, or both.
    """

    name: Annotated[
        RequiredLine,
        Details(argument="name", is_verbatim=True, width=38, sheet_width=34, question=1),
    ]
    kind: Annotated[
        MethodKind, Details(headings=headings.Headings("art|type"), help="method_kind", question=2)
    ]
    audience: Annotated[
        MethodAudience, Details(option="for", help="method_audience", question=3)
    ] = "both"
    date: Annotated[
        RequiredPastDay, Details(headings=headings.DAY, help="day", option_order=9, question=5)
    ]
    description: Annotated[Note, Details(question=4)] = None
    broker: Annotated[
        Initials, Details(option="by", help="collected_by", unless_given="own_initials")
    ] = None


class AssessmentFacts(Facts):
    """An assessment of a method ("vurdering"): keep, adapt or drop, and why."""

    method_id: Annotated[MethodId, Details(column="method", is_asked=False, is_indexed=True)]
    date: Annotated[
        RequiredPastDay, Details(headings=headings.DAY, help="day", option_order=8, question=3)
    ]
    verdict: Annotated[Assessment, Details(help="assessment", question=1)]
    text: Annotated[RequiredNote, Details(question=2)]
    broker: Annotated[
        Initials,
        Details(option="by", help="collected_by", option_order=9, unless_given="own_initials"),
    ] = None


class DisseminationFacts(Facts):
    """A dissemination of a method ("formidling"): to whom and how."""

    method_id: Annotated[MethodId, Details(column="method", is_asked=False, is_indexed=True)]
    date: Annotated[
        RequiredPastDay, Details(headings=headings.DAY, help="day", option_order=6, question=4)
    ]
    audience: Annotated[Audience, Details(option="to", question=1)]
    how: Annotated[RequiredLine, Details(question=2)]
    institution: Annotated[
        Line,
        Details(
            headings=headings.Headings("institution|institution of education"),
            option_order=7,
            width=28,
            question=3,
        ),
    ] = None
    broker: Annotated[
        Initials,
        Details(option="by", help="collected_by", option_order=9, unless_given="own_initials"),
    ] = None


class UsageFacts(Facts):
    """The use of a method in a contact."""

    method_id: Annotated[MethodId, Details(is_indexed=True)]
    contact_id: ContactId
