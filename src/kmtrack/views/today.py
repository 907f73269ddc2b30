"""Today: a day at a glance, in at most 20 lines on a terminal of 80 columns, and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.ledger.schema.values import day_with_weekday
from kmtrack.rules.deliverables import RunningStatus, SubmissionStatus
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.requirement_registry import Answer
from kmtrack.views.colours import STRONG
from kmtrack.views.console import page
from kmtrack.views.format import day_in_words, reason_in_words, remedy_in_words, value_in_words
from kmtrack.views.status import STYLES, left_in_words, status_as_dict
from kmtrack.views.table import cell
from kmtrack.views.target_status import state_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kmtrack.rules.status import TargetStatus
    from kmtrack.usecases.today import Ending, MissingFact, Today
    from kmtrack.views.table import Cell

_WIDTH: Final = 80
# A contract with more targets is shown by `status`.
_MOST_TARGETS: Final = 8
_MOST_NAMED: Final = 2
_LONGEST_NAME: Final = 34
_OF_CONTRACT: Final = " contract amend "
# Beside other words on its line.
_SHORT_NAME: Final = 24


def show_today(today: Today) -> None:
    """Print the day at a glance."""
    screen = page()
    status = today.status
    who = [today.broker] if today.broker else []
    day = str(day_with_weekday(status.as_of))
    screen.line(" · ".join([f"{day[:1].upper()}{day[1:]}", *who, left_in_words(status)]), STRONG)
    for cells in _targets(status.targets):
        screen.cells(*cells)
    screen.line()
    for head, *lines in filter(None, (_last(today), _due(today), _ending(today), _waiting(today))):
        screen.line(head)
        for line in lines:
            screen.indented(line)


def _targets(targets: Sequence[TargetStatus]) -> Iterator[list[Cell]]:
    """Yield the cells of a line for each target, side by side: its name, its count, its state."""
    shown = targets if len(targets) <= _MOST_TARGETS else targets[: _MOST_TARGETS - 1]
    names = [_shortened(each.target.name.in_language(current())) for each in shown]
    counts = list(map(_count, shown))
    name_width = max(map(len, names), default=0) + 2
    count_width = max(map(len, counts), default=0) + 2
    for each, name, count in zip(shown, names, counts, strict=True):
        state = cell(state_in_words(each), STYLES.get(each.state, ""))
        more = _in_short(each)
        yield [
            cell(name.ljust(name_width)),
            cell(count.rjust(count_width - 2).ljust(count_width)),
            state,
            cell(f", {more}" if more else ""),
        ]
    if len(shown) < len(targets):
        yield [cell(say("today.more_targets", number=len(targets) - len(shown)))]


def _count(status: TargetStatus) -> str:
    counted = status.tally.counted if status.target.is_counted else None
    if isinstance(status.delivered, GrowthStatus):
        counted = status.delivered.hired
    if counted is None:
        return ""
    minimum = status.target.minimum
    return str(counted) if minimum is None else say("today.of", number=counted, minimum=minimum)


def _in_short(status: TargetStatus) -> str:
    """Word what is still to do, by when or how fast."""
    if status.needed:
        return say("today.needed", number=status.needed)
    delivered = status.delivered
    if isinstance(delivered, SubmissionStatus) and delivered.submitted is None:
        return say("today.by", day=day_in_words(delivered.due))
    if isinstance(delivered, RunningStatus) and delivered.suffices_until:
        return say("today.next_by", day=day_in_words(delivered.suffices_until))
    return ""


def _last(today: Today) -> list[str]:
    if today.last is None:
        return [say("today.nothing_entered")]
    return [_shortened(say("today.last", what=_event_in_short(today.last)), _WIDTH)]


def _event_in_short(record: dict[str, Any]) -> str:
    company = _shortened(record["company"], _SHORT_NAME)
    if record["noun"] == "contact":
        what = say(f"confirm.channel.{record['channel']}", company=company)
    else:
        kind = "kind" if record["noun"] == "collaboration" else "level"
        of_kind = value_in_words(record["noun"], kind, record[kind]) or say("word.unknown_level")
        what = say("confirm.at_company", what=of_kind, company=company)
    day = day_in_words(record.get("date") or record.get("agreed")) or say("word.not_agreed")
    return f"{what}, {day}"


def _due(today: Today) -> list[str]:
    if not today.due:
        return [say("today.none_due")]
    number, own = len(today.due), today.own_due
    key = "today.due_own" if own and own < number else "today.due"
    named = ", ".join(
        say(
            "today.due_at",
            company=_shortened(row["company"], _SHORT_NAME),
            day=day_in_words(row["next"]),
        )
        for row in today.due[:_MOST_NAMED]
    )
    return [say(key, number=number, own=own), _shortened(named, _WIDTH - 2)]


def _ending(today: Today) -> list[str]:
    if not today.ending:
        return []
    shown = today.ending[:_MOST_NAMED]
    more = len(today.ending) - len(shown)
    head = say("today.ending", number=len(today.ending)) if more else say("today.ending_all")
    return [head, *(_shortened(_ending_in_words(each), _WIDTH - 2) for each in shown)]


def _ending_in_words(ending: Ending) -> str:
    day = day_in_words(ending.day)
    if ending.target is not None:
        name = ending.target.name.in_language(current())
        return say(f"today.ends.{ending.what}", day=day, target=name)
    if ending.what == "contract":
        return say("today.ends.contract", day=day)
    kind = value_in_words(
        ending.what, "kind" if ending.what == "collaboration" else "level", ending.kind
    )
    what = kind or say(f"noun.{ending.what}")
    return say("today.ends.agreement", day=day, what=what, company=_shortened(ending.name))


def _waiting(today: Today) -> list[str]:
    if not today.waiting:
        return []
    fact = today.fact
    if fact is None:
        return [say("today.waiting", number=today.waiting)]
    reason = reason_in_words(fact.reason)
    head = say("today.waiting_for", number=today.waiting, lacking=fact.number, reason=reason)
    remedy = _remedy(fact)
    if _OF_CONTRACT in remedy:
        return [head, remedy]  # it is for every company
    if remedy:
        company = _shortened(fact.record["company"], _SHORT_NAME - 4)
        return [head, f"{company}: {remedy}"]
    return [head]


def _remedy(fact: MissingFact) -> str:
    return remedy_in_words(fact.record, Answer("unknown", fact.reason))


def _shortened(text: str, most: int = _LONGEST_NAME) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def today_as_dict(today: Today) -> dict[str, Any]:
    """Return the day as `today --json` prints it; unknown values are null, never missing."""
    fact = today.fact
    return {
        **status_as_dict(today.status),
        "broker": today.broker,
        "last": today.last,
        "due": {"number": len(today.due), "own": today.own_due, "records": today.due},
        "ending": [
            {
                "day": each.day.isoformat(),
                "what": each.what,
                "id": each.id,
                "company": each.name or None,
                "kind": each.kind,
            }
            for each in today.ending
        ],
        "waiting": {
            "number": today.waiting,
            "fact": None
            if fact is None
            else {
                "reason": fact.reason,
                "number": fact.number,
                "id": fact.record["id"],
                "company": fact.record["company"],
                "command": _remedy(fact) or None,
            },
        },
    }


def begin_lines(ledger: object) -> list[str]:
    """Return the three lines that tell a user without a ledger how to begin."""
    return [say(f"today.begin.{each}", ledger=ledger) for each in ("none", "init", "demo")]
