"""Refuse edits that change nothing."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kmtrack.errors import Refusal, SideBySide
from kmtrack.ledger.schema.phrases import fact_phrase

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuse_unchanged(
    noun: str,
    row: Mapping[str, Any],
    stated: Mapping[str, Any],
    typed: Mapping[str, str | None] = MappingProxyType({}),
) -> None:
    """Raise Refusal `stands_already` if a record's row already has all the given values.

    `typed` has the names of the records that it refers to, by `person` and `company`.
    """
    if any(row[name] != value for name, value in stated.items()):
        return
    values = {}
    for name, value in stated.items():
        referred = name.removesuffix("_id")
        values[referred] = typed[referred] if referred != name and referred in typed else value
    raise Refusal(
        "stands_already",
        standing=SideBySide(fact_phrase(noun, name, value) for name, value in values.items()),
    )
