"""The texts of the front page: the parties, a line for each deliverable, and the content of the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack import __version__
from kmtrack.i18n import current, enumerated, say
from kmtrack.ledger.schema.fields import exported
from kmtrack.rules.deliverables import SubmissionStatus
from kmtrack.rules.growth import GrowthStatus
from kmtrack.rules.report_days import next_report
from kmtrack.rules.status import percent_of
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.views.format import day_in_words, heading_of, long_day, moment_in_words, sentence
from kmtrack.views.target_status import target_status_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.rules.status import Status, TargetStatus
    from kmtrack.usecases.export import ExportContent, RecordSheet

# The columns of the companies that say nothing of them: what was counted, and the same again.
_NO_FACTS: Final = ("code", "records", "hires", "id")


def parties_in_words(status: Status) -> str:
    """Word the region, the operator and the period, and the moment as of which the ledger was read."""
    contract = status.contract
    parts = [contract.region]
    if contract.operator:
        parts.append(say("front.operator", name=contract.operator))
    first, last = long_day(contract.first_day), long_day(contract.last_day)
    parts.append(say("front.period", first=first, last=last))
    if status.known_at:
        parts.append(say("front.known_at", moment=moment_in_words(status.known_at)))
    return " · ".join(parts)


def delivered_in_a_line(each: TargetStatus) -> str:
    """Word the status of a deliverable in a line; its sheet has the details."""
    if each.delivered is None:
        return ""
    first, *_ = target_status_in_words(each.delivered)
    parts = [first]
    if isinstance(each.delivered, GrowthStatus):
        parts = _growth(each.delivered)
    elif isinstance(each.delivered, SubmissionStatus) and each.delivered.missing:
        parts.append(say("front.points_missing", number=len(each.delivered.missing)))
    return sentence("; ".join(parts))


def _growth(growth: GrowthStatus) -> list[str]:
    parts = [say("front.hired", number=growth.hired)]
    if growth.minimum is not None:
        percent = percent_of(growth.hired, growth.minimum)
        parts.append(say("front.of_minimum", minimum=growth.minimum, percent=percent))
    rise = growth.rise
    if rise is None:
        parts.append(say("front.rise_withheld"))
    elif not rise.companies:
        parts.append(say("front.rise_unknown"))
    else:
        more = f"{rise.more:+d}".replace("-", "\u2212")
        told = say("front.rise", more=more, companies=rise.companies)
        day = growth.rise_day
        parts.append(
            told if day is None else say("front.rise_of_day", told=told, day=long_day(day))
        )
    return parts


def even_share(each: TargetStatus) -> float:
    """Return the even distribution as a share of the minimum, in whole percent rounded down."""
    return (percent_of(each.expected or 0, each.target.minimum) or 0) / 100


def targets_described(targets: Iterable[TargetStatus]) -> str:
    """Describe what the chart of the targets shows."""
    return " ".join(
        say(
            "chart.target_described",
            name=each.target.name.in_language(current()),
            reached=each.percent,
            even=round(even_share(each) * 100),
        )
        for each in targets
    )


def questions_in_words(status: Status) -> str:
    """Word who answers questions and when the next report is due; "" if the contract does not say."""
    contract = status.contract
    lines = []
    if contract.questions_to:
        lines.append(say("front.questions", name=contract.questions_to))
    following = next_report(contract, status.as_of)
    if following:
        lines.append(say("front.next_report", day=long_day(following)))
    return " ".join(lines)


def privacy_in_words(sheets: Sequence[RecordSheet]) -> str:
    """Word what a file with these sheets of records contains, and what it does not."""
    told: dict[str, str] = {}
    for records in sheets:
        noun = records.noun
        there = [field for field in records.fields if field not in _NO_FACTS]
        absent: list[str] = []
        if noun in EVENT_FACTS:
            fields = [field.name for field in exported(EVENT_FACTS[noun])]
            there = [field for field in fields if field in records.fields]
            absent = [field for field in fields if field not in records.fields]
        told[noun] = _headings_listed(noun, there)
        if absent:
            told[noun] = say(
                "front.but_not", there=told[noun], absent=_headings_listed(noun, absent)
            )
    return say("front.privacy", **told)


def _headings_listed(noun: str, fields: Iterable[str]) -> str:
    headings = [heading_of(noun, field) for field in fields]
    # An abbreviation keeps its capitals.
    return enumerated([h if h[:2].isupper() else h[:1].lower() + h[1:] for h in headings])


def made_in_words(content: ExportContent) -> str:
    """Word when the file was made, and by which version."""
    made_at = f"{day_in_words(content.made_at.date())} {content.made_at:%H:%M}"
    return say("front.made", moment=made_at, version=__version__)
