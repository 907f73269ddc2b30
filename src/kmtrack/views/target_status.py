"""The status of a delivered target, as text and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, either, say
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.rules.deliverables import RunningStatus, SubmissionStatus
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.methods import MethodsStatus
from kmtrack.rules.status import percent_of
from kmtrack.rules.vocabulary import ASKED_AUDIENCES
from kmtrack.views.format import day_in_words

if TYPE_CHECKING:
    from kmtrack.rules.contract import Target
    from kmtrack.rules.deliverables import Demand
    from kmtrack.rules.status import DeliveredStatus, TargetStatus

_NAMED = 3


def target_status_in_words(status: DeliveredStatus) -> list[str]:
    """Return what is there and what is missing, a sentence each without a full stop."""
    if isinstance(status, SubmissionStatus):
        return _submission(status)
    if isinstance(status, RunningStatus):
        return _running(status)
    if isinstance(status, GrowthStatus):
        return _growth(status)
    return _methods(status)


def state_in_words(status: TargetStatus) -> str:
    """Return the state of a target: actions are late, while a number that is too low is missed."""
    is_missed = status.state == "late" and status.target.is_counted
    return say("state.missed" if is_missed else f"state.{status.state}")


def next_step_in_words(target: Target, status: DeliveredStatus) -> list[str]:
    """Return the first command to type if nothing is recorded yet; not for the workbook."""
    if isinstance(status, RunningStatus) and not status.logged:
        return [say("delivered.next", command=say("remedy.log", target=target.id))]
    if isinstance(status, MethodsStatus) and not status.collected:
        return [say("delivered.next", command=say("remedy.method"))]
    return []


def _submission(status: SubmissionStatus) -> list[str]:
    due = day_in_words(status.due)
    if status.submitted:
        lines = [say("delivered.submitted", day=day_in_words(status.submitted), due=due)]
    elif status.state == "late":
        lines = [say("delivered.overdue", due=due, days=-status.days_left)]
    else:
        lines = [say("delivered.open", due=due, days=status.days_left)]
    if status.demands and status.missing:
        points = "; ".join(map(demand_in_words, status.missing))
        lines.append(say("delivered.points_missing", points=points))
    if status.ticked_late:
        points = "; ".join(
            f"{demand_in_words(demand)} ({day_in_words(demand.checked)})"
            for demand in status.ticked_late
        )
        lines.append(say("delivered.points_late", points=points))
    return lines


def demand_in_words(demand: Demand) -> str:
    """Word a demand by the names of its points, any of which meets it."""
    names = [point.name.in_language(current()) for point in demand.points]
    return either(names)


def _running(status: RunningStatus) -> list[str]:
    if status.last_day is None:
        return [say("delivered.nothing_logged")]
    key = "delivered.silent" if status.state == "silent" else "delivered.running"
    if status.suffices_until is None:
        key = "delivered.running_to_the_end"
    last, until = day_in_words(status.last_day), day_in_words(status.suffices_until)
    gaps = [
        say(
            "delivered.gap",
            first=day_in_words(gap.first),
            last=day_in_words(gap.last),
            days=gap.days,
            allowed=status.every,
        )
        for gap in status.gaps
    ]
    return [say(key, number=status.logged, last=last, until=until), *gaps]


def _growth(status: GrowthStatus) -> list[str]:
    lines = [say("delivered.hired", number=status.hired)]
    if status.minimum is not None:
        percent = percent_of(status.hired, status.minimum)
        lines.append(say("delivered.minimum", minimum=status.minimum, percent=percent))
    rise = status.rise
    if rise is None:
        lines.append(say("survey.rise_withheld", number=SMALLEST_GROUP))
    elif rise.companies:
        more = f"{rise.more:+d}"
        numbers = {"companies": rise.companies, "before": rise.before, "after": rise.after}
        lines.append(say("delivered.rise", more=more, **numbers))
        lines.append(say("delivered.internal"))  # totals of two days could tell what one answered
    else:
        lines.append(say("delivered.no_answers"))
    return lines


def _methods(status: MethodsStatus) -> list[str]:
    if not status.collected:
        return [say("delivered.no_methods")]
    told = ", ".join(
        say(
            "delivered.told",
            audience=_whom(who),
            told=status.disseminated[who],
            of=status.to_disseminate[who],
        )
        for who in ASKED_AUDIENCES
    )
    lines = [
        say("delivered.methods", collected=status.collected, assessed=status.assessed, told=told)
    ]
    if status.not_assessed:
        lines.append(say("delivered.not_assessed", names=_names(status.not_assessed)))
    for who, names in status.not_disseminated.items():
        if names:
            lines.append(say("delivered.not_told", audience=_whom(who), names=_names(names)))
    return lines


def _whom(audience: str) -> str:
    return say(f"choice.audience.{audience}")


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    text = ", ".join(names[:_NAMED])
    return say("delivered.and_more", names=text, number=more) if more > 0 else text


def target_status_as_dict(status: DeliveredStatus) -> dict[str, Any]:
    """Return the status of a delivered target as data; dates are ISO texts."""
    if isinstance(status, SubmissionStatus):
        return {
            "delivered": status.submitted.isoformat() if status.submitted else None,
            "days_left": status.days_left,
            "missing": _points(status.missing),
            "ticked_late": _points(status.ticked_late),
        }
    if isinstance(status, RunningStatus):
        return {
            "delivered": None,
            "logged": status.logged,
            "last_day": status.last_day.isoformat() if status.last_day else None,
            "gaps": [[gap.first.isoformat(), gap.last.isoformat()] for gap in status.gaps],
        }
    if isinstance(status, GrowthStatus):
        rise, minimum = status.rise, status.minimum
        educated: dict[str, Any] = dict.fromkeys(("companies", "before", "after", "rise", "as_of"))
        if rise is not None:  # the totals of few companies are confidential
            educated["companies"] = rise.companies
            educated["as_of"] = status.rise_day and status.rise_day.isoformat()
            if rise.companies:  # no answer is not zero
                educated |= {"before": rise.before, "after": rise.after, "rise": rise.more}
        return {
            "delivered": None,
            "hired": status.hired,
            "minimum": minimum,
            "percent": None if minimum is None else percent_of(status.hired, minimum),
            "highly_educated": educated,
        }
    return {
        "delivered": None,
        "collected": status.collected,
        "assessed": status.assessed,
        "disseminated": dict(status.disseminated),
        "to_disseminate": dict(status.to_disseminate),
        "missing": {"assessment": list(status.not_assessed)}
        | {who: list(names) for who, names in status.not_disseminated.items()},
    }


def _points(demands: tuple[Demand, ...]) -> list[list[str]]:
    """Return the ids of the points of each demand."""
    return [[point.id for point in demand.points] for demand in demands]
