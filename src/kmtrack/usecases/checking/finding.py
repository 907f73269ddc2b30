"""A finding of a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.places import municipality_name
from kmtrack.report.words import (
    column_in_words,
    day_in_words,
    moment_in_words,
    reason_in_words,
)
from kmtrack.texts import has, say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What comes of reading facts that are not what kmtrack writes.
UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Finding(NamedTuple):
    """One thing found: its kind names the text, `facts` fill it, `records` are the ids concerned."""

    kind: str
    facts: dict[str, Any]
    records: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What was found, and the command that mends it."""
        return say(f"check.{self.kind}", **self.facts, **_in_words(self.facts))


def _in_words(facts: dict[str, Any]) -> dict[str, str]:
    """What of the facts is shown in words, each under its name and "_words"."""
    words: dict[str, str] = {}
    noun = facts.get("noun", "")
    if noun:
        words["noun_words"] = say(f"noun.{noun}")
    if "outcome" in facts:
        words["outcome_words"] = _outcome(facts["outcome"])
    if "at" in facts:
        words["at_words"] = _told(moment_in_words, facts["at"])
    if "day" in facts:
        words["day_words"] = _told(day_in_words, facts["day"]) or say("word.not_agreed")
    if "field" in facts:
        words["field_words"] = column_in_words(noun, facts["field"])
    if "fields" in facts:
        columns = facts["fields"].split(", ")
        words["fields_words"] = ", ".join(column_in_words(noun, column) for column in columns)
    if "differences" in facts:
        told = [_difference(name, *pair) for name, pair in facts["differences"].items()]
        words["differences_words"] = " · ".join(told)
    for name in ("table", "parent"):
        if name in facts:
            key = f"noun.{facts[name]}"
            words[f"{name}_words"] = say(key) if has(key) else str(facts[name])
    return words


def _difference(name: str, stored: str | None, fresh: str | None) -> str:
    """A column of a verdict as it is stored, and as it should be."""
    before, after = (_part_of_verdict(name, value) or "-" for value in (stored, fresh))
    return f"{column_in_words('verdict', name)}: {before} -> {after}"


def _part_of_verdict(name: str, value: str | None) -> str:
    if not value or name not in _IN_WORDS:
        return value or ""
    return _told(_IN_WORDS[name], value)


def _told(in_words: Callable[[str], str], value: str) -> str:
    """A value in words, or as it is where somebody wrote what kmtrack does not."""
    try:
        return in_words(value)
    except UNREADABLE:
        return str(value)


def _outcome(value: str) -> str:
    return say(f"outcome.{value}") if has(f"outcome.{value}") else value


def _reasons(value: str) -> str:
    return ", ".join(dict.fromkeys(reason_in_words(reason) for _, reason in json.loads(value)))


_IN_WORDS: Final[Mapping[str, Callable[[str], str]]] = {
    "outcome": _outcome,
    "day": day_in_words,
    "municipality": municipality_name,
    "noun": lambda noun: say(f"noun.{noun}"),
    "reasons": _reasons,
}
