"""Render a method: description, assessments, dissemination, and what followed its use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say
from kmtrack.views.console import console
from kmtrack.views.format import day_in_words, heading_of, value_in_words

if TYPE_CHECKING:
    from collections.abc import Mapping

_FACTS = ("kind", "audience", "date", "broker", "description")
_OF_STATEMENTS = ("verdict", "audience", "how", "institution", "text", "broker")
_SHOWN = 10


def show_method(record: Mapping[str, Any]) -> None:
    """Print a method with its assessments, disseminations and uses."""
    screen = console()
    screen.line(f"{record['name']} ({record['id']})", "bold")
    for field in _FACTS:
        if record[field]:
            value = value_in_words("method", field, record[field])
            screen.indented(f"{heading_of('method', field)}: {value}")
    for noun in ("assessment", "dissemination"):
        for statement in record[f"{noun}s"]:
            screen.indented(_statement(noun, statement))
    used, after = record["used"], record["afterwards"]
    companies = len({contact["company_id"] for contact in used})
    screen.indented(say("method.used", contacts=len(used), companies=companies))
    for contact in used[-_SHOWN:]:
        day = day_in_words(contact["date"])
        screen.indented(f"{contact['id']}  {day}  {contact['company']}", 2)
    if used:
        numbers = {"collaborations": after["collaboration"], "hires": after["hire"]}
        screen.indented(say("method.afterwards", **numbers))


def _statement(noun: str, statement: Mapping[str, Any]) -> str:
    title = f"{say('noun.' + noun).capitalize()} {day_in_words(statement['date'])}"
    facts = [
        value_in_words(noun, field, statement[field])
        for field in _OF_STATEMENTS
        if statement.get(field)
    ]
    return f"{title} ({statement['id']}): {', '.join(facts)}"
