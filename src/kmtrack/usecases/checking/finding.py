"""A finding of a check."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from kmtrack.texts import has, say

# What comes of reading facts that are not what kmtrack writes.
UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Finding(NamedTuple):
    """One thing found: its kind names the text, `facts` fill it, `records` are the ids concerned."""

    kind: str
    facts: dict[str, Any]
    records: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What was found, and the command that mends it."""
        return say(f"check.{self.kind}", **dict(map(_in_words, self.facts.items())))


def _in_words(fact: tuple[str, Any]) -> tuple[str, Any]:
    name, value = fact
    return name, say(f"outcome.{value}") if has(f"outcome.{value}") else value
