"""Refuse edits that change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.errors import Refusal, SideBySide
from kmtrack.ledger.schema.phrases import fact_phrase

if TYPE_CHECKING:
    from collections.abc import Mapping


def refuse_unchanged(
    noun: str, row: Mapping[str, Any], stated: Mapping[str, Any], person: str | None = None
) -> None:
    """Raise Refusal `stands_already` if a record's row has all the given values already.

    `person` is the given name of the contact person, if there is one.
    """
    if any(row[name] != value for name, value in stated.items()):
        return
    values = {"person" if name == "person_id" else name: stated[name] for name in stated}
    if "person" in values:
        values["person"] = person
    raise Refusal(
        "stands_already",
        standing=SideBySide(fact_phrase(noun, name, value) for name, value in values.items()),
    )
