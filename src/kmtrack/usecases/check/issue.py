"""A finding of a check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.i18n import has, say
from kmtrack.municipalities import municipality_name
from kmtrack.views.format import column_in_words, day_in_words, moment_in_words, reason_in_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# What comes of reading facts that are not what kmtrack writes.
UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Issue(NamedTuple):
    """One thing found: its kind names the text, `facts` fill it, `records` are the ids concerned."""

    kind: str
    facts: dict[str, Any]
    records: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What was found, and the command that mends it."""
        return say(f"check.{self.kind}", **self.facts, **_in_words(self.facts))


def _in_words(facts: dict[str, Any]) -> dict[str, str]:
    """What of the facts is shown in words, each under its name and "_words"."""
    noun = str(facts.get("noun", ""))
    return {
        f"{name}_words": in_words(noun, facts[name])
        for name, in_words in _FACTS_IN_WORDS.items()
        if facts.get(name, "") != "" or name in _SAID_THOUGH_EMPTY & facts.keys()
    }


def _columns(noun: str, names: str) -> str:
    return ", ".join(dict.fromkeys(column_in_words(noun, name) for name in names.split(", ")))


def _differences(_: str, found: Mapping[str, tuple[str | None, str | None]]) -> str:
    return " · ".join(_difference(name, *pair) for name, pair in found.items())


def _table(_: str, name: str) -> str:
    return say(f"noun.{name}") if has(f"noun.{name}") else str(name)


def _day(_: str, day: str) -> str:
    return _told(day_in_words, day) or say("word.not_agreed")


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


# Of an agreement that nobody has made the day is "", and a row without a number has none.
_SAID_THOUGH_EMPTY: Final = frozenset({"day", "row"})
_FACTS_IN_WORDS: Final[Mapping[str, Callable[[str, Any], str]]] = {
    "noun": lambda _, noun: say(f"noun.{noun}"),
    "outcome": lambda _, outcome: _outcome(outcome),
    "at": lambda _, moment: _told(moment_in_words, moment),
    "day": _day,
    "field": column_in_words,
    "fields": _columns,
    "differences": _differences,
    "table": _table,
    "parent": _table,
    "row": lambda _, row: "-" if row is None else str(row),
}
_IN_WORDS: Final[Mapping[str, Callable[[str], str]]] = {
    "outcome": _outcome,
    "day": day_in_words,
    "municipality": municipality_name,
    "noun": lambda noun: say(f"noun.{noun}"),
    "reasons": _reasons,
}
