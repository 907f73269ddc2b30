"""Show what a check found, what a repair did, and what to do next."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Phrase
from kmtrack.i18n import current, has, say
from kmtrack.municipalities import municipality_name
from kmtrack.rules.document import Wording
from kmtrack.usecases.check.issues import UNREADABLE, OptionsOf
from kmtrack.views.format import (
    column_in_words,
    day_in_words,
    moment_in_words,
    reason_in_words,
    since_to_type,
    to_fill_in,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from kmtrack.ledger.queries.integrity import Coverage
    from kmtrack.usecases.check import CheckResult
    from kmtrack.usecases.check.issues import Issue


def render_check(result: CheckResult, checksums: int = 0) -> Iterator[str]:
    """Yield a line for each issue, a verdict on the ledger as a whole, and the proof for it.

    `checksums` is how many were typed.
    """
    yield from map(format_issue, (*result.damage, *result.warnings))
    if not result.damage:
        yield say("check.whole", doubts=len(result.warnings))
        yield from _proof(result, checksums)
    elif result.records is not None:
        yield say("check.untouched", records=result.records, concerned=result.affected)


def _proof(result: CheckResult, checksums: int) -> Iterator[str]:
    """Yield what the chain proves by itself, and what only checksums kept elsewhere prove."""
    if any(each.older for each in result.coverage):
        first = " · ".join(map(_first_covered, result.coverage))
        yield say("check.covered_from", first=first)
    if checksums:
        yield say("check.checksums_found", number=checksums)
    else:
        yield say("check.proves")
        yield say("check.proves_with_checksums")


def _first_covered(covered: Coverage) -> str:
    if covered.first is None:
        return say("check.covered_none", by=covered.by)
    return say("check.covered_first", by=covered.by, number=covered.first)


def render_repair(kept: Path, damage: Sequence[Issue]) -> Iterator[str]:
    """Yield what was wrong with a ledger, and where it is kept as it was."""
    yield from map(format_issue, damage)
    yield say("check.mended", kept=kept)


def check_as_dict(result: CheckResult) -> dict[str, Any]:
    """Return a check as data."""
    return {
        "damage": [issue_as_dict(issue) for issue in result.damage],
        "doubts": [issue_as_dict(issue) for issue in result.warnings],
        "covered": [each._asdict() for each in result.coverage],
    }


def issue_as_dict(issue: Issue) -> dict[str, Any]:
    """Return an issue as data, with its sentence."""
    return {
        "kind": issue.kind,
        "facts": _facts(issue),
        "records": issue.records,
        "sentence": format_issue(issue),
    }


def format_issue(issue: Issue) -> str:
    """Return the sentence with the findings and the command that repairs them."""
    facts = _facts(issue)
    sentence = say(f"check.{issue.kind}", **facts, **_words(facts))
    if "written_with" in facts:
        sentence += say("check.written_by", login=facts["login"], number=facts["written_with"])
    return sentence


def _facts(issue: Issue) -> dict[str, Any]:
    return {name: _resolved(fact) for name, fact in issue.facts.items()}


def _resolved(fact: object) -> object:
    """Return a fact worded in the language in use, if it has words."""
    if isinstance(fact, Phrase):
        return say(fact.key, **{name: _resolved(inner) for name, inner in fact.facts.items()})
    if isinstance(fact, OptionsOf):
        return to_fill_in(fact.noun, *fact.fields) + since_to_type(fact.since)
    if isinstance(fact, Wording):
        return fact.in_language(current())
    return fact


def _words(facts: Mapping[str, Any]) -> dict[str, str]:
    """Return the facts that are values of the ledger in words, each under its name and "_words"."""
    noun = str(facts.get("noun", ""))
    return {
        f"{name}_words": format_fact(noun, facts[name]) or "-"
        for name, format_fact in _FACT_FORMATS.items()
        if name in facts
    }


def _columns(noun: str, names: str) -> str:
    return ", ".join(dict.fromkeys(column_in_words(noun, name) for name in names.split(", ")))


def _differences(_: str, found: Mapping[str, tuple[str | None, str | None]]) -> str:
    return " · ".join(_difference(column, *pair) for column, pair in found.items())


def _difference(column: str, stored: str | None, fresh: str | None) -> str:
    before, after = (_verdict_value(column, value) or "-" for value in (stored, fresh))
    return f"{column_in_words('verdict', column)}: {before} -> {after}"


def _verdict_value(column: str, value: str | None) -> str:
    if not value or column not in _VERDICT_FORMATS:
        return value or ""
    return _or_as_it_is(_VERDICT_FORMATS[column], value)


def _or_as_it_is(format_value: Callable[[str], str], value: str) -> str:
    """Format a value, or show it unchanged if it is not one that kmtrack writes."""
    try:
        return format_value(value)
    except UNREADABLE:
        return str(value)


def _table(_: str, name: str) -> str:
    return say(f"noun.{name}") if has(f"noun.{name}") else str(name)


def _day(_: str, day: str) -> str:
    return _or_as_it_is(day_in_words, day) or say("word.not_agreed")


def _outcome(value: str) -> str:
    return say(f"outcome.{value}") if has(f"outcome.{value}") else value


def _reasons(value: str) -> str:
    return ", ".join(dict.fromkeys(reason_in_words(reason) for _, reason in json.loads(value)))


_FACT_FORMATS: Final[Mapping[str, Callable[[str, Any], str]]] = {
    "noun": _table,
    "outcome": lambda _, outcome: _outcome(outcome),
    "at": lambda _, moment: _or_as_it_is(moment_in_words, moment),
    "due": lambda _, moment: _or_as_it_is(moment_in_words, moment),
    "now": lambda _, moment: moment_in_words(moment),
    "day": _day,
    "since": _day,
    "holding_since": _day,
    "field": column_in_words,
    "fields": _columns,
    "differences": _differences,
    "table": _table,
    "parent": _table,
    "row": lambda _, row: "-" if row is None else str(row),
}
_VERDICT_FORMATS: Final[Mapping[str, Callable[[str], str]]] = {
    "outcome": _outcome,
    "day": day_in_words,
    "municipality": municipality_name,
    "noun": lambda noun: say(f"noun.{noun}"),
    "reasons": _reasons,
}
