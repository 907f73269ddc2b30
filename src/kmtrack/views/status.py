"""The status as tables for a terminal or a pipe, and as data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.rules.dates import format_day
from kmtrack.rules.growth import GrowthStatus
from kmtrack.text import in_danish_order
from kmtrack.usecases.status import KINDS
from kmtrack.views.colours import BAD, GOOD, STRONG, WARNING
from kmtrack.views.console import bar, console
from kmtrack.views.format import moment_in_words, name_with_id, sentence
from kmtrack.views.table import INDENT, Table, cell
from kmtrack.views.target_status import (
    next_step_in_words,
    state_in_words,
    target_status_as_dict,
    target_status_in_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.rules.contract import Target
    from kmtrack.rules.status import Status, TargetStatus
    from kmtrack.views.console import Screen
    from kmtrack.views.table import Cell


_BAR: Final = 6
STYLES: Final = {
    "met": GOOD,
    "on-schedule": GOOD,
    "behind": WARNING,
    "late": BAD,
    "under-way": GOOD,
    "running": GOOD,
    "open": WARNING,
    "incomplete": WARNING,
    "silent": BAD,
    "gap": BAD,
}
# Of a headline, that first which somebody has to do something about.
_IN_ORDER: Final = (
    *("late", "silent", "gap", "behind", "incomplete", "open", "not-started"),
    *("on-schedule", "under-way", "running", "met"),
)
# What a narrow window does without.
_SPARED: Final = ("excluded", "expected", "bar")


def show_status(status: Status, *, details: bool = False, target: Target | None = None) -> None:
    """Print the status of all targets, or of one, with `details` if requested.

    With groups these are printed in place of the targets.
    """
    screen = console()
    if target is not None and not status.grouping:
        _show_target(screen, status.of_target(target).targets[0])
        return
    screen.line(status.contract.name.in_language(current()), STRONG)
    screen.line(_period(status))
    if status.known_at:
        moment = moment_in_words(status.known_at)
        screen.line(say("status.known_at", moment=moment), WARNING)
    if status.grouping:
        _show_groups(screen, status if target is None else status.of_target(target))
        return
    screen.line(_headline(status))
    if status.contract.lacks_participation:
        screen.line(say("status.no_participation"), WARNING)
    screen.draw(
        _targets(status), (_targets(status, _SPARED[: at + 1]) for at in range(len(_SPARED)))
    )
    if details:
        for each in status.targets:
            screen.line()
            _show_target(screen, each)
    else:
        screen.line(say("status.more"))
        screen.line(say("status.behind_it"))


def _period(status: Status) -> str:
    contract, language = status.contract, current()
    return say(
        "status.period",
        first_day=format_day(contract.first_day, language),
        last_day=format_day(contract.last_day, language),
        as_of=format_day(status.as_of, language),
        left=left_in_words(status),
    )


def left_in_words(status: Status) -> str:
    """Word how much time is left of the contract."""
    contract = status.contract
    if status.as_of < contract.first_day:
        return say("status.begins", day=format_day(contract.first_day, current()))
    if status.as_of == contract.last_day:
        return say("status.last_day")
    return say("status.left", days=status.days_left) if status.days_left else say("status.over")


def _headline(status: Status) -> str:
    """Return how many targets are in each state, the worst first."""
    targets = sorted(status.targets, key=lambda target: _IN_ORDER.index(target.state))
    states = Counter(map(state_in_words, targets))
    return " · ".join(f"{number} {state}" for state, number in states.items())


def _show_target(screen: Screen, status: TargetStatus) -> None:
    """Print a target with all that its status says, a fact a line."""
    screen.line(name_with_id(status.target), STRONG)
    state = cell(state_in_words(status), STYLES.get(status.state, ""))
    if status.delivered is not None:
        screen.cells(cell(INDENT), state)
        for sentence_ in target_status_in_words(status.delivered):
            screen.indented(sentence(sentence_))
        for step in next_step_in_words(status.target, status.delivered):
            screen.indented(step)
    else:
        pace = pace_in_words(status)
        screen.cells(cell(INDENT), state, cell(f": {pace}" if pace else ""))
        screen.indented(progress_in_words(status))
        screen.indented(
            say("status.outcomes", waiting=status.tally.waiting, excluded=status.tally.excluded)
        )
        screen.indented(say("status.why", target=status.target.id))


def progress_in_words(status: TargetStatus) -> str:
    """Word how many count, of how many if there is a minimum, and the plan."""
    if status.target.minimum is None:
        return say("status.count", number=status.tally.counted)
    return say(
        "status.progress",
        number=status.tally.counted,
        minimum=status.target.minimum,
        percent=status.percent,
        expected=status.expected,
    )


def pace_in_words(status: TargetStatus) -> str:
    """Word what is still needed each month; "" if nothing is, or no pace helps any more."""
    return say("status.needed", number=status.needed) if status.needed else ""


def _targets(status: Status, spared: Sequence[str] = ()) -> Table:
    table = Table()
    # A name is broken only where there is nothing else to do without.
    table.column(say("status.target"), wraps=len(spared) == len(_SPARED))
    for key in ("counted", "minimum", "percent", "bar", "waiting", "excluded", "expected"):
        if key not in spared:
            table.column("" if key == "bar" else say(f"status.{key}"), is_number=True)
    table.column(say("status.state"))
    table.column(say("status.per_month"), is_number=True)
    for target in status.targets:
        cells = _cells(target)
        table.row(*(each for key, each in cells.items() if key not in spared))
    return table


def _cells(status: TargetStatus) -> dict[str, Cell]:
    """Return a target's cells of the table, by column."""
    state = cell(state_in_words(status), STYLES.get(status.state, ""))
    percent, delivered = status.percent, status.delivered
    counted = status.tally.counted if status.target.is_counted else None
    if isinstance(delivered, GrowthStatus):
        counted = delivered.hired
    tally = status.tally if status.target.is_counted else None
    return {
        "target": cell(status.target.name.in_language(current())),
        "counted": cell(counted, STRONG),
        "minimum": cell(status.target.minimum),
        "percent": cell("" if percent is None else f"{percent}%"),
        "bar": cell("" if percent is None else bar(percent, _BAR), state.style),
        "waiting": cell(tally and tally.waiting),
        "excluded": cell(tally and tally.excluded),
        "expected": cell(status.expected),
        "state": state,
        "per_month": cell(status.needed),
    }


def _show_groups(screen: Screen, status: Status) -> None:
    counted = [target for target in status.targets if target.target.is_counted]
    screen.draw(_groups(status, counted))
    screen.line(say("status.groups_read"))
    for line in _notes_on_groups(status):
        screen.line(line)


def _groups(status: Status, counted: Sequence[TargetStatus]) -> Table:
    """Make the table of groups: counted, waiting and excluded for each counted target."""
    table = Table()
    table.column(say(f"grouping.{status.grouping}"), wraps=True)
    for target in counted:
        table.column(target.target.name.in_language(current()), is_number=True, wraps=True)
    for key, name in _names_of_groups(status.grouping, counted).items():
        # Contacts have no kinds of hires.
        none = "" if status.grouping == "kind" else "0"
        table.row(cell(name), *(cell(_of_group(target, key) or none) for target in counted))
    totals = [cell(_three(target.tally), STRONG) for target in counted]
    table.row(cell(say("word.total"), STRONG), *totals)
    return table


def _names_of_groups(grouping: str | None, counted: Sequence[TargetStatus]) -> dict[str, str]:
    """Return the names of the groups by their keys, in the order in which they are shown."""
    names: dict[str, str] = {}
    for target in counted:
        for key, name, _ in target.groups:
            if grouping == "kind" and key:
                names[key] = say(f"choice.{KINDS[target.target.counts]}.{key}")
            else:
                names[key] = name or say("group.unknown")
    if grouping == "kind":  # in the order in which they are chosen from
        keys = [*filter(None, names), *(key for key in names if not key)]
    else:
        keys = sorted(names, key=lambda key: (not key, in_danish_order(names[key])))
    return {key: names[key] for key in keys}


def _of_group(target: TargetStatus, key: str) -> str:
    return next((_three(group.tally) for group in target.groups if group.key == key), "")


def _three(tally: tuple[int, int, int]) -> str:
    counted, waiting, excluded = tally
    return f"{counted} ({waiting}/{excluded})" if waiting or excluded else str(counted)


def _notes_on_groups(status: Status) -> Iterator[str]:
    for target in status.targets:
        more = sum(group.tally.counted for group in target.groups) - target.tally.counted
        if more:
            name = target.target.name.in_language(current())
            yield say(f"status.shared.{status.grouping}", target=name, number=more)


def status_as_dict(status: Status) -> dict[str, Any]:
    """Return the status as `status --json` prints it; keys are stable, days are ISO texts."""
    contract = status.contract
    data: dict[str, Any] = {
        "contract": contract.id,
        "period": {
            "first_day": contract.first_day.isoformat(),
            "last_day": contract.last_day.isoformat(),
        },
        "as_of": status.as_of.isoformat(),
        "known_at": status.known_at or None,
        "days_left": status.days_left,
        "participating": sorted({span.municipality for span in contract.participation}),
        "targets": [_target(target, status.grouping) for target in status.targets],
    }
    if status.grouping:
        data["by"] = status.grouping
    return data


def _target(status: TargetStatus, grouping: str | None) -> dict[str, Any]:
    target = status.target
    data: dict[str, Any]
    if not target.is_counted:
        due = target.due.isoformat() if target.due else None
        data = {
            "id": target.id,
            "due": due,
            "delivered": None,
            "state": status.state,
            "needed_per_month": status.needed,
        }
        if target.takes_minimum:
            data["minimum"] = target.minimum
        return data | target_status_as_dict(status.delivered) if status.delivered else data
    data = {
        "id": target.id,
        "counted": status.tally.counted,
        "minimum": target.minimum,
        "waiting": status.tally.waiting,
        "excluded": status.tally.excluded,
        "percent": status.percent,
        "expected": status.expected,
        "state": status.state,
        "needed_per_month": status.needed,
    }
    if grouping:
        data["groups"] = [
            {"group": group.name or None, **group.tally._asdict()} for group in status.groups
        ]
    return data
