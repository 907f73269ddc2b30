"""Facts of deliverables: log entries, checked points, submissions."""

from typing import Annotated

from kmtrack.ledger.schema import headings
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Details
from kmtrack.ledger.schema.kinds import Id, Initials, Line, Note, OptionalId, RequiredPastDay, Step


class DeliveryFacts(Facts):
    """One step towards a deliverable of the contract, which is named by the id of its target.

    `point` is the point that was ticked off; `file` and `digest` (SHA-256) identify a submitted
    file.
    """

    target: Annotated[Id, Details(column="deliverable", is_asked=False, sheet_width=28)]
    step: Annotated[
        Step, Details(headings=headings.Headings("skridt|what was done"), is_asked=False)
    ]
    date: Annotated[RequiredPastDay, Details(headings=headings.DAY, help="day")]
    text: Annotated[Note, Details(order=6, option_order=1, sheet_width=44)] = None
    point: Annotated[OptionalId, Details(is_asked=False, sheet_width=34)] = None
    file: Annotated[Line, Details(is_asked=False, is_imported=False, sheet_width=28)] = None
    digest: Annotated[OptionalId, Details(is_asked=False, is_imported=False)] = None
    broker: Annotated[Initials, Details(order=7, is_asked=False)] = None
