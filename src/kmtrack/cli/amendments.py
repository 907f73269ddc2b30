"""Reading the amendments that were typed, and saying what they did to the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from kmtrack.cli.output import show, show_json
from kmtrack.cli.parse import day_typed, line_typed, number_typed
from kmtrack.errors import BadValue, Refusal, WrongUsage
from kmtrack.i18n import say
from kmtrack.municipalities import municipality_code
from kmtrack.usecases.target_changes import change_lines, target_changes

if TYPE_CHECKING:
    from kmtrack.clock import Clock
    from kmtrack.usecases.contract import Amendment
    from kmtrack.usecases.target_changes import TargetChange


class Typed(NamedTuple):
    """The options of `contract amend` as typed."""

    first_day: str | None
    last_day: str | None
    municipality: list[str]
    since: str | None
    until: str | None
    without: list[str]
    minimum: list[str]
    due: list[str]
    operator: str | None
    region: str | None


def changes_of(typed: Typed, clock: Clock) -> dict[str, Any]:
    """The changes in the form that `amend_contract` takes.

    Raises Refusal `bad_option` and others.
    """
    changes: dict[str, Any] = {}
    for option, text in (("first-day", typed.first_day), ("last-day", typed.last_day)):
        if text is not None:
            changes[option.replace("-", "_")] = day_typed(option, text, clock).isoformat()
    for option, text in (("operator", typed.operator), ("region", typed.region)):
        if text is not None:
            changes[option] = line_typed(option, text)
    spans = _spans(typed, clock)
    if spans:
        changes["participation"] = spans
    if typed.without:
        changes["without"] = [_code("without", name) for name in typed.without]
    if typed.minimum:
        changes["minimums"] = {
            target: number_typed("minimum", text, 1, 1_000_000)
            for target, text in map(_target_and_value, typed.minimum)
        }
    if typed.due:
        changes["due_days"] = {
            target: day_typed("due", text, clock).isoformat()
            for target, text in map(_target_and_value, typed.due)
        }
    return changes


def _spans(typed: Typed, clock: Clock) -> list[dict[str, str]]:
    if (typed.since or typed.until) and not typed.municipality:
        raise WrongUsage("from_without_municipality")
    days: dict[str, str] = {}
    if typed.since is not None:
        days["from"] = day_typed("from", typed.since, clock).isoformat()
    if typed.until is not None:
        days["until"] = day_typed("until", typed.until, clock).isoformat()
    return [{"municipality": _code("municipality", n), **days} for n in typed.municipality]


def _code(option: str, name: str) -> str:
    try:
        return municipality_code(name)
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None


def _target_and_value(text: str) -> tuple[str, str]:
    target, equals, value = text.partition("=")
    if not equals:
        raise WrongUsage("no_target_given", value=text[:60])
    return target.strip(), value.strip()


def confirm_amendment(amendment: Amendment, *, json: bool) -> None:
    """Say what was amended, with the old and the new, and each count that it changed."""
    changes = target_changes(amendment.contract, amendment.before, amendment.after)
    if json:
        moved = [change for change in changes if change.before != change.after]
        show_json(
            {
                "contract": amendment.contract.id,
                "changes": {term.key: list(pair) for term, pair in amendment.changes.items()},
                "changed": list(map(_as_data, moved)),
            }
        )
        return
    from kmtrack.views.contract_terms import changes_in_words

    told = changes_in_words(amendment.contract, amendment.changes)
    show(say("amend.done", what=" · ".join(told)))
    for line in change_lines(changes):
        show(line)


def _as_data(change: TargetChange) -> dict[str, Any]:
    return {
        "target": change.target.id,
        "before": change.before._asdict(),
        "after": change.after._asdict(),
    }
