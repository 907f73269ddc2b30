"""Facts of events at a company: contacts, collaborations and hires."""

from datetime import date as day
from typing import Annotated, Any

from kmtrack.errors import FieldsDisagree
from kmtrack.ledger.schema import headings
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Details
from kmtrack.ledger.schema.kinds import (
    Channel,
    CollaborationKind,
    Flag,
    Hours,
    Initials,
    InitialsList,
    Level,
    Line,
    Municipality,
    NextDay,
    Note,
    PastDay,
    PersonId,
    PlannedDay,
    RequiredPastDay,
    Students,
    Terms,
)
from kmtrack.ledger.schema.values import besides

# A heading of its own: where a list of events has a column of municipalities, it is the company's.
_PLACE = Details(
    column="place_municipality",
    heading="place-municipality",
    option="municipality",
    headings=headings.PLACE_MUNICIPALITY,
    example="Viborg",
    is_listed=True,
    spared=3,
    unless_given="municipality_of_company",
)
_NEXT = Details(example=day(2011, 6, 1), exported=3, follows=("date",), question=5)


class ContactFacts(Facts):
    """A contact: when, how and by whom a company was met, and when to meet it next.

    `broker` led it; `others` are the other brokers who took part, their initials separated by
    blanks. The person they met is a reference, kept apart from the facts. `municipality` is where
    it took place if that was not the company's own.
    """

    date: Annotated[
        RequiredPastDay,
        Details(
            headings=headings.CONTACT_DAY,
            edit_help="new_date",
            is_listed=True,
            exported=1,
            question=1,
        ),
    ]
    channel: Annotated[Channel, Details(is_listed=True, exported=2, question=2)] = "visit"
    broker: Annotated[Initials, Details(is_listed=True, spared=1, unless_given="own_initials")] = (
        None
    )
    others: Annotated[
        InitialsList,
        Details(
            heading="with",
            headings=headings.Headings(
                "med|øvrige mæglere|øvrige kontaktmæglere|andre mæglere|andre kontaktmæglere"
                "|medvirkende mæglere|sammen med mægler|others|other brokers|co brokers",
                doubtful="deltagere|attendees|participants|øvrige deltagere|required attendees",
            ),
        ),
    ] = None
    person_id: Annotated[
        PersonId, Details(column="person", headings=headings.PERSON, question=3)
    ] = None
    note: Annotated[Note, Details(headings=headings.NOTE, width=50, question=4)] = None
    next: Annotated[NextDay, _NEXT] = None
    municipality: Annotated[Municipality, _PLACE] = None

    @classmethod
    def reconcile(cls, values: dict[str, Any]) -> None:
        """Remove the leading broker from the others; refuse a next contact that is not later."""
        if values["others"] is not None:
            values["others"] = besides(values["broker"], values["others"])
        if values["next"] is not None and values["next"] <= values["date"]:
            days = {"next": values["next"], "day": values["date"]}
            raise FieldsDisagree("next_before_contact", field="next", **days)


class Agreement(Facts):
    """What collaborations and hires have in common.

    `agreed` is the day both parties committed, `municipality` that of the workplace if it is not
    the company's own.
    """

    agreed: Annotated[
        PastDay,
        Details(
            headings=headings.AGREED_DAY,
            order=2,
            example=day(2011, 5, 2),
            is_listed=True,
            exported=1,
            question=2,
        ),
    ] = None
    start: Annotated[
        PlannedDay,
        Details(
            headings=headings.START,
            order=2,
            example=day(2011, 8, 15),
            exported=8,
            detail_of=("hire",),
            follows=("agreed",),
            question=5,
        ),
    ] = None
    end: Annotated[
        PlannedDay,
        Details(
            headings=headings.END,
            order=2,
            example=day(2011, 12, 16),
            exported=9,
            detail_of=("hire",),
            follows=("agreed", "start"),
        ),
    ] = None
    institution: Annotated[
        Line,
        Details(
            headings=headings.INSTITUTION,
            order=4,
            width=28,
            exported=7,
            detail_of=("hire",),
            sheet_width=28,
            question=4,
        ),
    ] = None
    broker: Annotated[Initials, Details(order=9, unless_given="own_initials")] = None
    note: Annotated[Note, Details(headings=headings.NOTE, order=9, width=50, question=6)] = None
    municipality: Annotated[Municipality, _PLACE._replace(order=6)] = None

    @classmethod
    def reconcile(cls, values: dict[str, Any]) -> None:
        """Refuse an end before the start."""
        start, end = values["start"], values["end"]
        if start is not None and end is not None and end < start:
            raise FieldsDisagree("end_before_start", field="end", start=start, end=end)


class CollaborationFacts(Agreement):
    """A committing collaboration: a student project, a student job or an internship."""

    kind: Annotated[
        CollaborationKind,
        Details(
            headings=headings.Headings(
                "art|slags|samarbejdstype|samarbejdets type|samarbejdsform|type samarbejde"
                "|type af samarbejde|aftaletype|samarbejdsart|type|collaboration type"
                "|type of collaboration|collaboration kind|agreement type",
                doubtful="form|samarbejde|aktivitet|projekttype",
            ),
            order=1,
            is_listed=True,
            exported=2,
            question=1,
        ),
    ]
    title: Annotated[
        Line,
        Details(
            headings=headings.Headings(
                "projekttitel|projektets titel|projektnavn|projektets navn|opgavetitel|opgavens titel"
                "|projekt titel|project title|project name|title of project|assignment title",
                weak="projekt|opgave|emne|project|assignment|subject|topic|overskrift",
            ),
            width=30,
            is_listed=True,
            spared=2,
            exported=3,
            detail_of=("collaboration",),
            sheet_width=34,
            question=3,
        ),
    ] = None
    students: Annotated[Students, Details(is_listed=True, spared=1, exported=5)] = None


class HireFacts(Agreement):
    """A hire of a highly educated person; `hours` a week."""

    level: Annotated[
        Level, Details(order=1, is_listed=True, exported=2, question=1, is_sought=True)
    ] = None
    field: Annotated[
        Line,
        Details(
            headings=headings.Headings(
                "fag|faglig retning|fagretning|studieretning|uddannelsesretning|uddannelsesområde"
                "|studium|linje|speciale|field|study field|area of study|subject area|discipline|major"
                "|programme of study|study programme",
                weak="retning|område|area",
            ),
            order=3,
            is_listed=True,
            spared=1,
            exported=3,
            detail_of=("hire",),
            sheet_width=22,
            question=3,
        ),
    ] = None
    terms: Annotated[Terms, Details(exported=4, detail_of=("hire",))] = "ordinary"
    hours: Annotated[Hours, Details(exported=5, detail_of=("hire",))] = None
    permanent: Annotated[
        Flag,
        Details(
            headings=headings.Headings(
                "fast|fastansat|fast stilling|fast ansat|varig|varigt job|permanent hire"
                "|permanent employment|permanent position|is permanent"
            ),
            exported=10,
            detail_of=("hire",),
        ),
    ] = None
