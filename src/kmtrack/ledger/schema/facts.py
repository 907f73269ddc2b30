"""What all facts share: how they are stated, and how their mistakes come out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, Self, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from kmtrack.errors import BadValue, FieldsDisagree
from kmtrack.ledger.schema.choices import missing_choice
from kmtrack.ledger.schema.fields import FREE_TEXT, OneOf

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo


class Mistake(NamedTuple):
    """One value that cannot be a fact, with the field that it was given for."""

    field: str
    error: BadValue


class Mistakes(ValueError):
    """All the mistakes of one statement."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__(mistakes)
        self.mistakes = mistakes


class Facts(BaseModel):
    """Facts of one noun. Empty texts are missing values; defaults hold for what is not said."""

    # A command states one noun, or none: only its validator is built.
    model_config = ConfigDict(extra="forbid", defer_build=True)

    @classmethod
    def state(cls, values: Mapping[str, Any], today: date) -> Self:
        """The facts that `values` state on the day `today`. Raises Mistakes with every bad value."""
        said = {
            name: value
            for name, value in values.items()
            if value is not None and not (type(value) is str and (not value or value.isspace()))
        }
        try:
            return cls.model_validate(said, context={"today": today})
        except ValidationError as error:
            raise Mistakes([_mistake(cls, found) for found in error.errors()]) from None

    @classmethod
    def days(cls) -> frozenset[str]:
        """The names of its fields that hold days."""
        return _fields_of(cls, date)

    @classmethod
    def texts(cls) -> tuple[str, ...]:
        """The names of its fields that a person writes freely."""
        return tuple(n for n, field in cls.model_fields.items() if FREE_TEXT in field.metadata)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """The values of a stored row as `state` takes them."""
        days, flags = cls.days(), _fields_of(cls, bool)
        values: dict[str, Any] = {}
        for name in cls.model_fields:
            value = row[name]
            if value is not None:
                if name in days:
                    value = date.fromisoformat(value)
                elif name in flags:
                    value = bool(value)
                values[name] = value
        return values

    def stated(self) -> dict[str, Any]:
        """The facts that are known, as values that JSON can hold; days as ISO texts."""
        return self.model_dump(mode="json", exclude_none=True)


@cache
def _fields_of(facts: type[Facts], kind: type) -> frozenset[str]:
    return frozenset(
        name
        for name, field in facts.model_fields.items()
        if field.annotation is kind or kind in get_args(field.annotation)
    )


def missing(field: FieldInfo) -> BadValue:
    """What refuses a record in which a field is empty."""
    for kind in field.metadata:
        if isinstance(kind, OneOf):
            return missing_choice(kind.choice)
    return BadValue("missing_value")


def _mistake(facts: type[Facts], found: Any) -> Mistake:
    if found["type"] == "missing":
        field = found["loc"][0]
        return Mistake(field, missing(facts.model_fields[field]))
    error = found.get("ctx", {}).get("error")
    if not isinstance(error, BadValue):  # a fault of ours: every field checks its own values
        raise TypeError(found["type"])
    own = error.field if isinstance(error, FieldsDisagree) else ""
    field = str(found["loc"][0]) if found["loc"] else own
    return Mistake(field, error)
