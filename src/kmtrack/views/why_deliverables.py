"""Explanations of the targets that are delivered: what is there, what is missing, what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from rich.text import Text

from kmtrack.i18n import current, say
from kmtrack.rules.deliverables import RunningStanding, SubmissionStanding
from kmtrack.rules.growth import GrowthStanding
from kmtrack.rules.vocabulary import ASKED_AUDIENCES
from kmtrack.views.console import cell, column, console, plain_table
from kmtrack.views.deliverables import show_demands, show_steps
from kmtrack.views.format import quoted
from kmtrack.views.table_layout import draw
from kmtrack.views.target_status import sentence, standing_data, standing_in_words
from kmtrack.views.why import member_data, show_members, show_remedy

if TYPE_CHECKING:
    from kmtrack.rules.explanation import DeliveredExplained
    from kmtrack.rules.methods import Method

_STYLES: Final = {"yes": "green", "no": "red"}


def show_delivered(explained: DeliveredExplained, *, whole: bool) -> None:
    """Print how a target stands, what that is made of, and what would bring it on.

    The companies that hired are a few unless the `whole` is asked.
    """
    screen, target, standing = console(), explained.target, explained.standing
    title = f"{target.name.in_language(current())}: {say('state.' + standing.state)}"
    screen.print(Text(title, style="bold"))
    screen.print(
        Text(say("why.words_of_target", words=quoted(target.words.in_language(current()))))
    )
    for text in standing_in_words(standing):
        screen.print(Text(sentence(text)))
    if isinstance(standing, SubmissionStanding):
        show_demands(standing.demands)
    if explained.methods:
        _show_methods(explained.methods)
    show_steps(explained.steps)
    show_members(explained.hired, whole=whole)
    for remedy in remedies(explained):
        show_remedy(remedy)


def _show_methods(methods: list[Method]) -> None:
    table = plain_table()
    column(table, say("field.method"), wrap=True)
    column(table, say("field.assessed"))
    for audience in ASKED_AUDIENCES:
        column(table, say("why.told", audience=say(f"choice.audience.{audience}")))
    for method in methods:
        verdict = method.verdict
        table.add_row(
            cell(f"{method.name} ({method.id})"),
            cell(say(f"choice.assessment.{verdict}")) if verdict else _answer("no"),
            *[_answer(_told(method, audience)) for audience in ASKED_AUDIENCES],
        )
    draw(console(), table)


def _told(method: Method, audience: str) -> str:
    if audience not in method.audiences:
        return ""
    return "no" if audience in method.not_told else "yes"


def _answer(answer: str) -> Text:
    return cell(say(f"answer.{answer}"), _STYLES[answer]) if answer else cell("-")


def remedies(explained: DeliveredExplained) -> list[str]:
    """What to type so that a target comes on; nothing for one that is met."""
    standing, target = explained.standing, explained.target.id
    if isinstance(standing, SubmissionStanding):
        found = [
            say("remedy.check", target=target, point=demand.points[0].id)
            for demand in standing.missing
        ]
        return found if standing.submitted else [*found, say("remedy.submit", target=target)]
    if isinstance(standing, RunningStanding):
        return [] if standing.state == "running" else [say("remedy.log", target=target)]
    if isinstance(standing, GrowthStanding):
        return [say("remedy.survey")]
    return [remedy for method in explained.methods for remedy in _of_method(method)] or (
        [] if explained.methods else [say("remedy.method")]
    )


def _of_method(method: Method) -> list[str]:
    found = [say("remedy.disseminate", id=method.id, audience=who) for who in method.not_told]
    return found if method.verdict else [say("remedy.assess", id=method.id), *found]


def delivered_data(explained: DeliveredExplained) -> dict[str, Any]:
    """A delivered target as data; keys are stable, days are ISO texts."""
    target = explained.target
    data: dict[str, Any] = {
        "target": target.id,
        "words": target.words.da,
        "as_of": explained.as_of.isoformat(),
        "state": explained.standing.state,
        **standing_data(explained.standing),
    }
    if target.counts == "method":
        data["methods"] = [
            {
                "id": method.id,
                "name": method.name,
                "verdict": method.verdict,
                "audiences": list(method.audiences),
                "not_told": list(method.not_told),
            }
            for method in explained.methods
        ]
    if target.counts == "deliverable":
        data["steps"] = explained.steps
    if target.counts == "survey":
        data["companies"] = list(map(member_data, explained.hired))
    return {**data, "remedies": remedies(explained)}
