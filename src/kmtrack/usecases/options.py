"""The names under which facts are typed: options on the command line, headings of an import."""

from __future__ import annotations

from typing import Final

_OPTIONS: Final = {"others": "with", "person_id": "person", "company_id": "company"}
_FIELDS: Final = {option: field for field, option in _OPTIONS.items()}


def option_of(field: str) -> str:
    """The option, without dashes in front, that states a field."""
    return _OPTIONS.get(field, field.replace("_", "-"))


def field_of(option: str) -> str:
    """The field that an option states."""
    return _FIELDS.get(option, option.replace("-", "_"))
