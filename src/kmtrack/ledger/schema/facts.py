"""Facts: the validated values of one record."""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from kmtrack.errors import BadValue, FieldsDisagree
from kmtrack.ledger.schema.fields import Field, defaults_of, fields_of, is_given
from kmtrack.rules.dates import Reading

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


def _never() -> date:
    return date.min


class FieldError(NamedTuple):
    """An invalid value and its field."""

    field: str
    error: BadValue


class FieldErrors(ValueError):
    """All errors in the facts of one record."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors)
        self.errors = errors


class Facts:
    """The facts of one record; each noun has its own class, a dataclass of its fields.

    The annotations of the fields hold their metadata. No code is generated for a class, as that
    would slow down the start of every command.
    """

    def __init_subclass__(cls) -> None:
        dataclasses.dataclass(init=False, repr=False, eq=False)(cls)

    def __init__(self, **values: Any) -> None:
        own = vars(self)
        for name, default in defaults_of(type(self)).items():
            own[name] = values.get(name, default)

    def __repr__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({values})"

    @classmethod
    def validate(
        cls, values: Mapping[str, Any], today: date, first_day: Callable[[], date] = _never
    ) -> Self:
        """Validate `values` as facts entered on the day `today`.

        Blank texts are missing values, and defaults apply to fields that are not given. `first_day`
        returns the contract's first day, in case that decides which day was meant. Raises
        FieldErrors with every bad value, and TypeError for a name that is no field.
        """
        known = named_fields(cls)
        if unknown := [
            name for name, value in values.items() if is_given(value) and name not in known
        ]:
            raise TypeError(unknown)
        clean: dict[str, Any] = {}
        errors: list[FieldError] = []
        for name, field in known.items():
            try:
                clean[name] = field.read(values.get(name), today)
            except BadValue as error:
                errors.append(FieldError(name, error))
        if undecided := [f for name, f in known.items() if _is_undecided(f, clean.get(name))]:
            order = list(known)
            errors += _complete_days(undecided, clean, today, first_day)
            errors.sort(key=lambda error: order.index(error.field))
        return cls.of_clean(clean, errors)

    @classmethod
    def of_clean(cls, clean: Mapping[str, Any], errors: Sequence[FieldError] = ()) -> Self:
        """Return the facts of clean values, after making them agree with one another.

        `errors` are those of the fields without a clean value. Raises FieldErrors with them, and
        with any disagreement among the rest.
        """
        facts, found = cls(**clean), list(errors)
        if not errors or not any(named_fields(cls)[error.field].is_required for error in errors):
            try:
                cls.reconcile(vars(facts))
            except FieldsDisagree as error:
                found.append(FieldError(error.field, error))
        if found:
            raise FieldErrors(found)
        return facts

    @classmethod
    def reconcile(cls, values: dict[str, Any]) -> None:
        """Make the clean values of a record agree with one another, in place. Raises FieldsDisagree."""

    @classmethod
    def days(cls) -> frozenset[str]:
        """Return the names of its fields that hold days."""
        return frozenset(field.name for field in fields_of(cls) if field.type is date)

    @classmethod
    def texts(cls) -> tuple[str, ...]:
        """Return the names of its fields that hold free text."""
        return tuple(field.name for field in fields_of(cls) if field.kind.is_free_text)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a stored row in the form that `validate` takes."""
        values: dict[str, Any] = {}
        for field in fields_of(cls):
            value = row[field.name]
            if value is not None:
                if field.type is date:
                    value = date.fromisoformat(value)
                elif field.type is bool:
                    value = bool(value)
                values[field.name] = value
        return values

    @classmethod
    def shown(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the values of a stored row as data: days as ISO texts, yes and no as booleans."""
        return {field.name: _as_data(field, row[field.name]) for field in fields_of(cls)}

    def stated(self) -> dict[str, Any]:
        """Return the known facts as values that JSON can hold, days as ISO texts."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in vars(self).items()
            if value is not None
        }


def _as_data(field: Field, value: Any) -> Any:
    if field.type is bool and value is not None:
        return bool(value)
    if field.kind.is_whole_if_possible and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _is_undecided(field: Field, value: object) -> bool:
    """Return whether a day is incomplete, such as one without a year."""
    return field.type is date and value is not None and not isinstance(value, date)


def _complete_days(
    undecided: Sequence[Field], clean: dict[str, Any], today: date, first_day: Callable[[], date]
) -> list[FieldError]:
    """Replace each incomplete day by the one that was meant, and return the errors.

    A day that depends on an invalid one is skipped.
    """
    errors: list[FieldError] = []
    for field in undecided:
        written, followed = clean.pop(field.name), field.details.follows
        if not all(other in clean for other in followed):
            continue
        days = [day for other in followed if (day := clean[other]) is not None]
        reading = Reading(field.kind.day_use, today, max(days, default=None), first_day)
        try:
            clean[field.name] = field.day_meant(written, reading)
        except BadValue as error:
            errors.append(FieldError(field.name, error))
    return errors


def named_fields(facts: type[Facts]) -> dict[str, Field]:
    """Return the fields of a facts class by name."""
    return {field.name: field for field in fields_of(facts)}
