"""The layout: which tables a ledger has and their columns, told without what it takes to make them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "command": (
        "number",
        "token",
        "recorded_at",
        "recorded_by",
        "name",
        "reason",
        "previous",
        "arrived_at",
    ),
    "entry": ("number", "command", "noun", "record_id", "action", "facts", "secret", "digest"),
    **{noun.name: noun.columns for noun in NOUNS.values()},
    "verdict": (
        "company_id",
        "record_id",
        "target",
        "noun",
        "day",
        "outcome",
        "reasons",
        "municipality",
        "brokers",
    ),
    "tally": ("target", "outcome", "day", "number"),
    "setting": ("name", "value"),
}
