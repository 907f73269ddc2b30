"""How a delivered target stands, in words and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, either, say
from kmtrack.rules.confidentiality import SMALLEST_GROUP
from kmtrack.rules.deliverables import RunningStanding, SubmissionStanding
from kmtrack.rules.growth import GrowthStanding
from kmtrack.rules.vocabulary import ASKED_AUDIENCES
from kmtrack.views.format import day_in_words

if TYPE_CHECKING:
    from kmtrack.rules.contract import Target
    from kmtrack.rules.deliverables import Demand
    from kmtrack.rules.methods import MethodsStanding
    from kmtrack.rules.status import DeliveredStanding

_NAMED = 3


def standing_in_words(standing: DeliveredStanding) -> list[str]:
    """What is there, and then what is missing; a sentence each, without a full stop."""
    if isinstance(standing, SubmissionStanding):
        return _submission(standing)
    if isinstance(standing, RunningStanding):
        return _running(standing)
    if isinstance(standing, GrowthStanding):
        return _growth(standing)
    return _methods(standing)


def sentence(text: str) -> str:
    """A text as it begins a line."""
    return f"{text[:1].upper()}{text[1:]}"


def next_in_words(target: Target, standing: DeliveredStanding) -> list[str]:
    """What to type first, where nothing was stated yet; not for the region to read."""
    if standing.state != "not-started":
        return []
    if isinstance(standing, RunningStanding):
        return [say("standing.next", command=say("remedy.log", target=target.id))]
    if target.counts == "method":
        return [say("standing.next", command=say("remedy.method"))]
    return []


def _submission(standing: SubmissionStanding) -> list[str]:
    due = day_in_words(standing.due)
    if standing.submitted:
        lines = [say("standing.submitted", day=day_in_words(standing.submitted), due=due)]
    elif standing.state == "late":
        lines = [say("standing.overdue", due=due, days=-standing.days_left)]
    else:
        lines = [say("standing.open", due=due, days=standing.days_left)]
    if standing.demands and standing.missing:
        points = "; ".join(map(demand_in_words, standing.missing))
        lines.append(say("standing.points_missing", points=points))
    return lines


def demand_in_words(demand: Demand) -> str:
    """A demand by the names of its points, any of which meets it."""
    names = [point.name.in_language(current()) for point in demand.points]
    return either(names)


def _running(standing: RunningStanding) -> list[str]:
    if standing.last_day is None:
        return [say("standing.nothing_logged")]
    key = "standing.silent" if standing.state == "silent" else "standing.running"
    last, until = day_in_words(standing.last_day), day_in_words(standing.suffices_until)
    return [say(key, number=standing.logged, last=last, until=until)]


def _growth(standing: GrowthStanding) -> list[str]:
    lines = [say("standing.hired", number=standing.hired)]
    rise = standing.rise
    if rise.is_shown:
        more = f"{rise.more:+d}"
        numbers = {"companies": rise.companies, "before": rise.before, "after": rise.after}
        lines.append(say("standing.rise", more=more, **numbers))
    elif rise.companies:
        lines.append(say("survey.rise_withheld", number=SMALLEST_GROUP))
    else:
        lines.append(say("standing.no_answers"))
    return lines


def _methods(standing: MethodsStanding) -> list[str]:
    if not standing.collected:
        return [say("standing.no_methods")]
    told = ", ".join(
        say("standing.told", audience=_whom(who), told=standing.told[who], of=standing.to_tell[who])
        for who in ASKED_AUDIENCES
    )
    lines = [
        say(
            "standing.methods",
            collected=standing.collected,
            assessed=standing.assessed,
            told=told,
        )
    ]
    if standing.not_assessed:
        lines.append(say("standing.not_assessed", names=_names(standing.not_assessed)))
    for who, names in standing.not_told.items():
        if names:
            lines.append(say("standing.not_told", audience=_whom(who), names=_names(names)))
    return lines


def _whom(audience: str) -> str:
    return say(f"choice.audience.{audience}")


def _names(names: tuple[str, ...]) -> str:
    more = len(names) - _NAMED
    text = ", ".join(names[:_NAMED])
    return say("standing.and_more", names=text, number=more) if more > 0 else text


def standing_data(standing: DeliveredStanding) -> dict[str, Any]:
    """How a delivered target stands, as data; days are ISO texts."""
    if isinstance(standing, SubmissionStanding):
        return {
            "delivered": standing.submitted.isoformat() if standing.submitted else None,
            "days_left": standing.days_left,
            "missing": [[point.id for point in demand.points] for demand in standing.missing],
        }
    if isinstance(standing, RunningStanding):
        return {
            "delivered": None,
            "logged": standing.logged,
            "last_day": standing.last_day.isoformat() if standing.last_day else None,
        }
    if isinstance(standing, GrowthStanding):
        rise = standing.rise
        numbers = {"before": rise.before, "after": rise.after, "rise": rise.more}
        # No answer is no zero, and few are confidential.
        known = numbers if rise.is_shown else dict.fromkeys(numbers)
        educated = {"companies": rise.companies, **known}
        return {"delivered": None, "hired": standing.hired, "highly_educated": educated}
    return {
        "delivered": None,
        "collected": standing.collected,
        "assessed": standing.assessed,
        "disseminated": dict(standing.told),
        "to_disseminate": dict(standing.to_tell),
        "missing": {"assessment": list(standing.not_assessed)}
        | {who: list(names) for who, names in standing.not_told.items()},
    }
