"""Phrases for the fields of a record and their values: keys and facts, worded when they are shown."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Phrase
from kmtrack.i18n import has
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.schema.fields import Field

# Values that records are shown with although they are not fields.
_OTHER_DAYS: Final = frozenset({"date", "last"})
_OTHER_CHOICES: Final = {"assessed": "assessment", "disseminated": "audience"}


def heading_phrase(noun: str, field: str) -> Phrase:
    """Return the heading of a field of a noun."""
    known = NOUNS[noun].field(field) if noun in NOUNS else None
    name = known.column if known else field
    key = f"field.{noun}.{name}"
    return Phrase(key if has(key) else f"field.{name}")


def value_phrase(noun: str, field: str, value: Any) -> object:
    """Return the value of a field as a fact for a sentence; "" for none."""
    if value is None or value == "":
        return ""
    known = NOUNS[noun].field(field) if noun in NOUNS else None
    if known:
        return _value_of(known, value)
    if field in _OTHER_DAYS:
        return day_phrase(value)
    if choice := _OTHER_CHOICES.get(field):
        chosen = value if isinstance(value, list) else [value]
        return [Phrase(f"choice.{choice}.{one}") for one in chosen]
    return value if isinstance(value, float) else str(value)


def _value_of(field: Field, value: Any) -> object:
    """Return a value worded according to the kind of its field."""
    kind = field.kind
    if kind.cell == "day":
        return day_phrase(value)
    if field.type is bool:  # stored as 1 and 0
        return Phrase("word.yes" if value else "word.no")
    if kind.choice:
        return Phrase(f"choice.{kind.choice}.{value}")
    if kind.filled_from == "municipality":
        from kmtrack.municipalities import municipality_name

        return municipality_name(str(value))
    return value if isinstance(value, float) else str(value)


def what_happened(noun: str, record: Mapping[str, Any]) -> object:
    """Return a summary of a company's record: its channel, kind or level, and its brokers."""
    kind = {"contact": "channel", "collaboration": "kind", "hire": "level"}[noun]
    what = value_phrase(noun, kind, record[kind]) or Phrase("word.unknown_level")
    brokers = " ".join(filter(None, (record["broker"], record.get("others"))))
    return [what, *brokers.split()]


def fact_phrase(noun: str, field: str, value: Any) -> Phrase:
    """Return a field with its value, "-" for none."""
    shown = value_phrase(noun, field, value)
    return Phrase("word.fact", heading=heading_phrase(noun, field), value=shown or "-")


def day_phrase(day: date | str) -> object:
    """Return a phrase for a date or ISO text; the calendar's first day stands for an unknown one."""
    if not day:
        return ""
    found = date.fromisoformat(day) if isinstance(day, str) else day
    return Phrase("word.unknown_day") if found == date.min else found
