"""Contact persons, and the erasure of one, in lines and as data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say
from kmtrack.ledger.left_places import LASTING
from kmtrack.views.format import day_in_words, heading_of, value_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kmtrack.usecases.clean_up import ErasureReport


def format_person(record: Mapping[str, Any]) -> Iterator[str]:
    """Format everything stored about a person, a line for each place."""
    yield say("person.head", name=record["name"], id=record["id"], company=record["company"])
    for contact in record["contacts"]:
        held = (
            contact["id"],
            day_in_words(contact["date"]),
            _kind(contact["channel"]),
            contact["broker"],
            _plain(contact["note"]),
        )
        yield "  " + " ".join(filter(None, held))
    for text in record["texts"]:
        for field, words in text["texts"].items():
            heading = heading_of(text["noun"], field) if field != "left" else "-"
            yield "  " + say("person.text", id=text["id"], field=heading, text=_plain(words))
    for command in record["reasons"]:
        facts = {"number": command["number"], "command": command["name"]}
        yield "  " + say("person.reason", **facts, text=_plain(command["reason"]))
    for company in record["companies"]:
        yield "  " + say("person.company", id=company["id"], name=company["name"])


def format_remaining(reached: ErasureReport) -> Iterator[str]:
    """Format the places that an erasure did not reach, and what to do there."""
    for copy in reached.remaining:
        key = "person.remains" if reached.why[copy] in LASTING else "person.remains_now"
        yield say(key, file=copy, why=say(f"left.{reached.why[copy]}"))
    for folder in reached.away:
        yield say("person.away", folder=folder)


def reach_as_dict(reached: ErasureReport) -> dict[str, Any]:
    """Return what `--json` shows of how far an erasure reached."""
    return {
        "cleaned": [str(path) for path in reached.cleaned],
        "remaining": [str(path) for path in reached.remaining],
        "why": [reached.why[path] for path in reached.remaining],
        "away": [str(path) for path in reached.away],
        "compacted": reached.traces is None,
    }


def _kind(channel: str) -> str:
    return value_in_words("contact", "channel", channel)


def _plain(text: str | None) -> str:
    return " ".join((text or "").split())
