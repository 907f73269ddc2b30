"""The status as tables for a terminal or a pipe, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.rules.dates import format_day
from kmtrack.rules.growth import GrowthStatus
from kmtrack.text import in_danish_order
from kmtrack.views.console import bar, console
from kmtrack.views.format import moment_in_words, name_with_id
from kmtrack.views.table import Table, cell
from kmtrack.views.target_status import (
    next_step_in_words,
    target_status_as_dict,
    target_status_in_words,
)

if TYPE_CHECKING:
    from kmtrack.rules.status import DeliveredStatus, Status, TargetStatus
    from kmtrack.views.console import Screen
    from kmtrack.views.table import Cell


_BAR: Final = 6
_STYLES: Final = {
    "met": "green",
    "on-schedule": "green",
    "behind": "yellow",
    "late": "red",
    "under-way": "green",
    "running": "green",
    "open": "yellow",
    "incomplete": "yellow",
    "silent": "red",
    "gap": "red",
    "not-started": "dim",
}


def show_status(status: Status) -> None:
    """Print the status with its heading, and its groups if it has any."""
    screen = console()
    screen.line(status.contract.name.in_language(current()), "bold")
    screen.line(_period(status))
    if status.known_at:
        moment = moment_in_words(status.known_at)
        screen.line(say("status.known_at", moment=moment), "yellow")
    if not status.contract.participation:
        screen.line(say("status.no_participation"), "yellow")
    screen.draw(_targets(status))
    for target in status.targets:
        if target.delivered is not None:
            _show_delivered(screen, target, target.delivered)
    counted = [name_with_id(row.target) for row in status.targets if row.target.is_counted]
    if counted:
        screen.line(say("status.targets_named", targets=", ".join(counted)), "dim")
    if status.grouping:
        screen.line()
        screen.draw(_groups(status))
        for line in _notes_on_groups(status):
            screen.line(line)


def _show_delivered(screen: Screen, target: TargetStatus, delivered: DeliveredStatus) -> None:
    sentences = target_status_in_words(delivered) + next_step_in_words(target.target, delivered)
    screen.cells(cell(name_with_id(target.target), "bold"), cell(": " + ". ".join(sentences)))


def _period(status: Status) -> str:
    contract, language = status.contract, current()
    return say(
        "status.period",
        first_day=format_day(contract.first_day, language),
        last_day=format_day(contract.last_day, language),
        as_of=format_day(status.as_of, language),
    )


def _targets(status: Status) -> Table:
    table = Table()
    table.column(say("status.target"), wraps=True)
    for key in ("counted", "minimum", "percent"):
        table.column(say(f"status.{key}"), is_number=True)
    table.column("")
    for key in ("waiting", "excluded", "expected"):
        table.column(say(f"status.{key}"), is_number=True)
    table.column(say("status.state"))
    for target in status.targets:
        table.row(*_row(target))
    return table


def _row(status: TargetStatus) -> list[Cell]:
    name = cell(status.target.name.in_language(current()))
    state = cell(say(f"state.{status.state}"), _STYLES.get(status.state, ""))
    percent = status.percent
    share = [
        cell(status.target.minimum),
        cell("" if percent is None else f"{percent}%"),
        cell("" if percent is None else bar(percent, _BAR), _STYLES.get(status.state, "")),
    ]
    if isinstance(status.delivered, GrowthStatus):
        return [name, cell(status.delivered.hired, "bold"), *share, *[cell("")] * 3, state]
    if not status.target.is_counted:
        return [name, *[cell("")] * 7, state]
    return [
        name,
        cell(status.tally.counted, "bold"),
        *share,
        cell(status.tally.waiting),
        cell(status.tally.excluded),
        cell(status.expected),
        state,
    ]


def _groups(status: Status) -> Table:
    """Make the table of groups: counted, waiting and excluded for each counted target."""
    counted = [target for target in status.targets if target.target.is_counted]
    table = Table()
    table.column(say(f"grouping.{status.grouping}"), wraps=True)
    for target in counted:
        table.column(target.target.name.in_language(current()), is_number=True, wraps=True)
    names: dict[str, str] = {}
    for target in counted:
        names.update((group.key, group.name) for group in target.groups)
    for key in sorted(names, key=lambda key: (not key, in_danish_order(names[key]))):
        cells = [cell(_of_group(target, key)) for target in counted]
        table.row(cell(names[key] or say("group.unknown")), *cells)
    totals = [cell(_three(target.tally), "bold") for target in counted]
    table.row(cell(say("word.total"), "bold"), *totals)
    return table


def _of_group(target: TargetStatus, key: str) -> str:
    return next((_three(group.tally) for group in target.groups if group.key == key), "0")


def _three(tally: tuple[int, int, int]) -> str:
    counted, waiting, excluded = tally
    return f"{counted} ({waiting}/{excluded})" if waiting or excluded else str(counted)


def _notes_on_groups(status: Status) -> list[str]:
    notes = [say("status.groups_read")]
    for target in status.targets:
        more = sum(group.tally.counted for group in target.groups) - target.tally.counted
        if more:
            name = target.target.name.in_language(current())
            notes.append(say(f"status.shared.{status.grouping}", target=name, number=more))
    return notes


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
        "participating": sorted({span.municipality for span in contract.participation}),
        "targets": [_target(target, status.grouping) for target in status.targets],
    }
    if status.known_at:
        data["known_at"] = status.known_at
    if status.grouping:
        data["by"] = status.grouping
    return data


def _target(status: TargetStatus, grouping: str | None) -> dict[str, Any]:
    target = status.target
    data: dict[str, Any]
    if not target.is_counted:
        due = target.due.isoformat() if target.due else None
        data = {"id": target.id, "due": due, "delivered": None, "state": status.state}
        if target.minimum is not None:
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
    }
    if grouping:
        data["groups"] = [
            {"group": group.name or None, **group.tally._asdict()} for group in status.groups
        ]
    return data
