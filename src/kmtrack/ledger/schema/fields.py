"""The kinds of field: annotated types that turn what was typed or read into a checked value."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BeforeValidator, GetCoreSchemaHandler, ValidationInfo
from pydantic_core import CoreSchema, core_schema

from kmtrack.errors import BadValue
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.plain_text import clean_line, clean_note
from kmtrack.ledger.schema.values import (
    clean_amount,
    clean_count,
    clean_cvr,
    clean_day,
    clean_headcount,
    clean_initials,
    clean_initials_list,
)
from kmtrack.municipalities import municipality_code

LONGEST_LINE = 200
LONGEST_NOTE = 2000
# Marks what a person writes freely; everything else is a number, a day or one of fixed words.
FREE_TEXT: Final = "free text"


class OneOf(NamedTuple):
    """One of the values of a choice, by any of its words in either language."""

    choice: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """How pydantic checks it."""
        check = partial(choose, self.choice)
        return core_schema.no_info_before_validator_function(check, handler(source))


def _with(clean: Callable[[Any], object]) -> BeforeValidator:
    return BeforeValidator(clean)


def _line(value: object) -> str | None:
    return clean_line(value if isinstance(value, str) else str(value), LONGEST_LINE)


def _note(value: object) -> str | None:
    return clean_note(value if isinstance(value, str) else str(value), LONGEST_NOTE)


def _today(info: ValidationInfo) -> date:
    context: dict[str, date] = info.context or {}
    return context["today"]


def _day(value: Any, info: ValidationInfo) -> date:
    return value if type(value) is date else clean_day(value, _today(info))


def _past_day(value: Any, info: ValidationInfo) -> date:
    day = _day(value, info)
    if day > _today(info):
        raise BadValue("future_day", day=day)
    return day


def _visited_before(value: Any, info: ValidationInfo) -> date:
    """A day, or the word that the company was visited though nobody knows when."""
    if isinstance(value, str) and choose("visited_before", value, strict=False):
        return date.min
    return _past_day(value, info)


Line = Annotated[str | None, _with(_line), FREE_TEXT]
RequiredLine = Annotated[str, _with(_line), FREE_TEXT]
Note = Annotated[str | None, _with(_note), FREE_TEXT]
RequiredNote = Annotated[str, _with(_note), FREE_TEXT]
Day = Annotated[date | None, BeforeValidator(_day)]
PastDay = Annotated[date | None, BeforeValidator(_past_day)]
RequiredPastDay = Annotated[date, BeforeValidator(_past_day)]
VisitedBefore = Annotated[date | None, BeforeValidator(_visited_before)]
CvrNumber = Annotated[str | None, _with(lambda value: clean_cvr(str(value)))]
Municipality = Annotated[str | None, _with(lambda value: municipality_code(str(value)))]
Headcount = Annotated[str | None, _with(clean_headcount)]
Amount = Annotated[float | None, _with(clean_amount)]
Initials = Annotated[str | None, _with(lambda value: clean_initials(str(value)))]
RequiredInitials = Annotated[str, _with(lambda value: clean_initials(str(value)))]
InitialsList = Annotated[
    str | None, _with(lambda value: " ".join(clean_initials_list(value)) or None)
]
Students = Annotated[int | None, _with(lambda value: clean_count(value, 1, 500))]
Hours = Annotated[int | None, _with(lambda value: clean_count(value, 1, 60))]
Channel = Annotated[str, OneOf("channel")]
CollaborationKind = Annotated[str, OneOf("collaboration_kind")]
Level = Annotated[str | None, OneOf("level")]
Terms = Annotated[str, OneOf("terms")]
CompanyKind = Annotated[str, OneOf("company_kind")]
MethodKind = Annotated[str, OneOf("method_kind")]
MethodAudience = Annotated[str, OneOf("method_audience")]
Audience = Annotated[str, OneOf("audience")]
Assessment = Annotated[str, OneOf("assessment")]
Step = Annotated[str, OneOf("step")]
Wave = Annotated[str, OneOf("wave")]
YesNo = Annotated[bool | None, _with(lambda value: choose("yes_no", value) == "yes")]
