"""Kinds: the types that facts classes annotate their fields with, each with the cleaner of its values."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Final

from kmtrack.errors import BadValue
from kmtrack.ledger.schema import headings as other_headings
from kmtrack.ledger.schema.choices import CHOICES, choose
from kmtrack.ledger.schema.fields import Kind
from kmtrack.ledger.schema.plain_text import clean_line, clean_note
from kmtrack.ledger.schema.values import (
    clean_amount,
    clean_count,
    clean_cvr,
    clean_headcount,
    clean_hours,
    clean_initials,
    clean_initials_list,
    read_day,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.rules.written_days import WrittenDay

LONGEST_LINE: Final = 200
LONGEST_NOTE: Final = 2000


def _line(value: object, _: date) -> str | None:
    return clean_line(value if isinstance(value, str) else str(value), LONGEST_LINE)


def _note(value: object, _: date) -> str | None:
    return clean_note(value if isinstance(value, str) else str(value), LONGEST_NOTE)


def _day(value: Any, _: date) -> date | WrittenDay:
    return value if type(value) is date else read_day(value)


def _past_day(value: Any, today: date) -> date | WrittenDay:
    day = _day(value, today)
    if isinstance(day, date) and day > today:
        raise BadValue("future_day", day=day, today=today)
    return day


def _visited_before(value: Any, today: date) -> date | WrittenDay:
    """Return a day, or `date.min` for a visit on an unknown day."""
    if isinstance(value, str) and choose("visited_before", value, strict=False):
        return date.min
    return _past_day(value, today)


def _id(value: object, _: date) -> str:
    if not isinstance(value, str):  # it is never typed, so this is a fault
        raise TypeError(value)
    return value


def _municipality(value: object, _: date) -> str:
    from kmtrack.municipalities import municipality_code

    return municipality_code(str(value))


def _number(lowest: int, highest: int) -> Callable[[object, date], int]:
    return lambda value, _: clean_count(value, lowest, highest)


def _chosen(choice: str, value: object, _: date) -> str:
    return choose(choice, value)


def _one_of(choice: str, metavar: str | None = None, example: str | None = None) -> Kind:
    """Return the kind of a field of fixed words, which takes any of their words in either language."""
    return Kind(
        partial(_chosen, choice),
        metavar or choice,
        choice=choice,
        filled_from=choice,
        example=example or CHOICES[choice][0],
    )


_LINE: Final = Kind(_line, cell="text", is_free_text=True)
_NOTE: Final = Kind(_note, cell="text", is_free_text=True)
_DAY: Final = Kind(_day, "day", "day")
_PAST_DAY: Final = Kind(
    _past_day, "day", "day", example=date(2011, 3, 4), day_use="happened", is_past=True
)
_INITIALS: Final = Kind(
    lambda value, _: clean_initials(str(value)),
    "initials",
    is_verbatim=True,
    headings=other_headings.BROKER,
)
_ID: Final = Kind(_id)
_YES_NO: Final = Kind(
    lambda value, _: choose("yes_no", value) == "yes", "yes_no", filled_from="yes_no"
)

Line = Annotated[str | None, _LINE]
RequiredLine = Annotated[str, _LINE]
Note = Annotated[str | None, _NOTE]
RequiredNote = Annotated[str, _NOTE]
# What is planned: after the record's own day, or not before it.
NextDay = Annotated[
    date | None, _DAY._replace(day_use="next", headings=other_headings.NEXT_CONTACT)
]
PlannedDay = Annotated[date | None, _DAY._replace(day_use="span")]
PastDay = Annotated[date | None, _PAST_DAY]
RequiredPastDay = Annotated[date, _PAST_DAY]
# From this day on something is so, as of now or as was planned.
SinceDay = Annotated[date, _DAY._replace(day_use="happened")]
VisitedBefore = Annotated[date | None, Kind(_visited_before, "day", "day", is_past=True)]
CvrNumber = Annotated[
    str | None,
    Kind(
        lambda value, _: clean_cvr(str(value)),
        "cvr",
        is_verbatim=True,
        headings=other_headings.CVR,
    ),
]
Municipality = Annotated[
    str | None,
    Kind(
        _municipality,
        "municipality",
        filled_from="municipality",
        sheet_width=18,
    ),
]
Headcount = Annotated[
    str | None,
    Kind(
        lambda value, _: clean_headcount(value),
        "headcount",
        "number",
        is_verbatim=True,
        headings=other_headings.HEADCOUNT,
    ),
]
Amount = Annotated[float | None, Kind(lambda value, _: clean_amount(value), "amount", "number")]
Initials = Annotated[str | None, _INITIALS]
RequiredInitials = Annotated[str, _INITIALS]
InitialsList = Annotated[
    str | None,
    Kind(
        lambda value, _: " ".join(clean_initials_list(value)) or None,
        "initials",
        is_verbatim=True,
        is_repeated=True,
    ),
]
Students = Annotated[
    int | None,
    Kind(
        _number(1, 500),
        "number",
        "number",
        example=2,
        headings=other_headings.STUDENTS,
    ),
]
Hours = Annotated[
    float | None,
    Kind(
        lambda value, _: clean_hours(value),
        "number",
        "number",
        example=37,
        is_whole_if_possible=True,
        headings=other_headings.HOURS,
    ),
]
Channel = Annotated[
    str,
    _one_of("channel")._replace(headings=other_headings.CHANNEL),
]
CollaborationKind = Annotated[str, _one_of("collaboration_kind", example="project")]
Level = Annotated[
    str | None,
    _one_of("level")._replace(
        sheet_width=20,
        headings=other_headings.LEVEL,
    ),
]
Terms = Annotated[
    str,
    _one_of("terms")._replace(headings=other_headings.TERMS),
]
CompanyKind = Annotated[str, _one_of("company_kind")]
MethodKind = Annotated[str, _one_of("method_kind")]
MethodAudience = Annotated[str, _one_of("method_audience", "audience")]
Audience = Annotated[str, _one_of("audience")]
Assessment = Annotated[str, _one_of("assessment")]
Step = Annotated[str, _one_of("step")]
Wave = Annotated[str, _one_of("wave")]
YesNo = Annotated[bool | None, _YES_NO]
Flag = Annotated[bool | None, _YES_NO._replace(is_flag=True)]
# What no person types: an id of a target or a questionnaire, a digest, answers as JSON.
Id = Annotated[str, _ID]
OptionalId = Annotated[str | None, _ID]
Answers = Annotated[str, _ID._replace(is_free_text=True)]
CompanyId = Annotated[str, _ID._replace(reference="company")]
PersonId = Annotated[str | None, _ID._replace(reference="person")]
HireId = Annotated[str | None, _ID._replace(reference="hire")]
ContactId = Annotated[str, _ID._replace(reference="contact")]
MethodId = Annotated[str, _ID._replace(reference="method")]
