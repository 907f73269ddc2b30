"""Company page: facts, people, what happened with the newest last, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.i18n import current, say
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.rules.requirement_registry import Answer
from kmtrack.views.colours import STRONG, WARNING
from kmtrack.views.confirm import (
    edits_that_fill_in,
    format_version,
    other_facts,
    succession_in_words,
)
from kmtrack.views.console import page as page_of_lines
from kmtrack.views.format import (
    day_in_words,
    heading_of,
    reason_in_words,
    remedy_in_words,
    stated_in_words,
    value_in_words,
)
from kmtrack.views.recent_contacts import ago_in_words, recent_in_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.company_page import CompanyEvent, CompanyPage, Planned

# The last ones fit a window; --all has the others.
_MOST_EVENTS: Final = 8
_MOST_STEPS: Final = 3
# The field that says what an event was.
_KINDS: Final = {"contact": "channel", "collaboration": "kind", "hire": "level"}
# What goes without saying.
_ANY_COMPANY: Final = ("kind", "company")


def show_company(found: CompanyPage, *, whole: bool = False) -> None:
    """Print the page of a company."""
    screen, record = page_of_lines(), found.record
    screen.line(record["name"], STRONG)
    screen.facts([*_facts(record), record["id"]])
    for line in _other_versions(record):
        screen.line(line)
    if record["withdrawn"]:
        screen.line(say("company.withdrawn", reason=record["withdrawn"]), WARNING)
    if found.recent:
        screen.line(say("recent.line", who=recent_in_words(found.recent)), WARNING)
    if found.people:
        screen.line(say("company.people", names="; ".join(map(_person, found.people))))
    counts = record["records"]
    events = found.events if whole else found.events[-_MOST_EVENTS:]
    named = " · ".join(
        say(f"company.number.{noun}", number=counts[noun]) for noun in EVENTS if counts[noun]
    )
    screen.line(say("company.events", counts=named) if named else say("company.no_events"), STRONG)
    if left := len(found.events) - len(events):
        screen.indented(say("company.earlier", number=left, company=_reference(record)))
    for event in events:
        screen.indented(_event(event, found.contract))
        if note := event.record.get("note"):
            screen.indented(say("confirm.note", note=" ".join(note.split())), 2)
    screen.line(say("company.next"), STRONG)
    for step in _steps(found):
        screen.indented(step)
    if record["stated"]:
        last = stated_in_words(record["stated"][-1])
        screen.line(say("company.last_changed", statement=last))


def _reference(record: dict[str, Any]) -> str:
    return str(record["cvr"] or record["id"])


def _facts(record: dict[str, Any]) -> Iterator[str]:
    for name in NOUNS["company"].fields:
        value = record.get(name)
        if name == "name" or value in (None, "") or (name, value) == _ANY_COMPANY:
            continue
        yield f"{heading_of('company', name)}: {value_in_words('company', name, value)}"


def _other_versions(record: dict[str, Any]) -> Iterator[str]:
    """Yield what the company was formerly, and the takeovers that it was part of."""
    if record["first"]:
        yield format_version(say("choice.since.beginning"), record["first"])
    for day, facts in record["later"].items():
        yield format_version(day_in_words(day), facts)
    for other in record["succeeds"]:
        yield succession_in_words("succeeds", other)
    if record["succeeded_by"]:
        yield succession_in_words("succeeded_by", record["succeeded_by"])


def _person(person: dict[str, str | None]) -> str:
    if person["last"] is None:
        return str(person["name"])
    return say("company.person", name=person["name"], day=day_in_words(person["last"]))


def _event(event: CompanyEvent, contract: Contract) -> str:
    """Word an event on a line: the day, what it was, by whom, and how it counts."""
    noun, record = event.noun, event.record
    kind = _KINDS[noun]
    what = value_in_words(noun, kind, record[kind]) or say("word.unknown_level")
    brokers = [record["broker"], *(record.get("others") or "").split()]
    parts = [what, " ".join(filter(None, brokers)) or say("confirm.no_broker")]
    if record.get("person"):
        parts.append(say("confirm.person", person=record["person"]))
    parts += [
        say(f"confirm.{name}", day=day_in_words(record[name]))
        for name in ("start", "end")
        if record.get(name)
    ]
    parts += other_facts({"noun": noun, **record})
    verdicts = [_verdict(each, contract) for each in event.verdicts]
    day = day_in_words(event.day) or say("word.not_agreed")
    counts = "; ".join(verdicts) or say("confirm.for_no_target")
    return f"{day}  {', '.join(parts)} · {counts}"


def _verdict(verdict: dict[str, Any], contract: Contract) -> str:
    target = contract.target(verdict["target"])
    name = target.name.in_language(current()) if target else verdict["target"]
    outcome = say(f"outcome.{verdict['outcome']}")
    reasons = dict.fromkeys(map(reason_in_words, verdict["reasons"]))
    return f"{name}: {', '.join([outcome, *reasons])}"


def _steps(found: CompanyPage) -> Iterator[str]:
    """Yield what to do next: the planned contact, and what would make records count."""
    record = found.record
    if found.planned is not None:
        yield _planned(found.planned)
    else:
        yield say("company.none_planned", company=_reference(record))
    if found.missing:
        names = ", ".join(heading_of("company", field) for field in found.missing)
        commands = "; ".join(edits_that_fill_in(record, found.missing))
        yield say("confirm.company_lacks", names=names, commands=commands)
    yield from list(dict.fromkeys(_remedies(found)))[:_MOST_STEPS]


def _planned(planned: Planned) -> str:
    day, days = day_in_words(planned.day), planned.days_left
    if days > 0:
        return say("company.planned", day=day, days=days)
    if not days:
        return say("company.planned_today", day=day)
    return say("company.overdue", day=day, ago=ago_in_words(-days))


def _remedies(found: CompanyPage) -> Iterator[str]:
    """Yield what makes events count that wait for facts of their own."""
    for event in found.events:
        named = {
            "noun": event.noun,
            "id": event.id,
            "cvr": found.record["cvr"],
            "company_id": found.record["id"],
            "company_changes": {},
        }
        for verdict in event.verdicts:
            for reason in verdict["reasons"] if verdict["outcome"] == "waiting" else ():
                remedy = remedy_in_words(named, Answer("unknown", reason))
                if remedy and " company edit " not in remedy:
                    yield f"{reason_in_words(reason)}: {remedy}"


def _event_as_dict(event: CompanyEvent) -> dict[str, Any]:
    """Return an event with the keys common to all; `facts` are those of its noun."""
    facts = dict(event.record)
    kind = facts.pop(_KINDS[event.noun])
    facts.pop("date" if event.noun == "contact" else "agreed")
    return {
        "id": event.id,
        "noun": event.noun,
        "day": event.day.isoformat() if event.day else None,
        "kind": kind,
        **{name: facts.pop(name, None) for name in ("broker", "others", "person", "note")},
        "facts": facts,
        "verdicts": event.verdicts,
    }


def company_page_as_dict(found: CompanyPage) -> dict[str, Any]:
    """Return a company with its people, events and next step as data."""
    planned = found.planned
    rest = {name: found.record[name] for name in ("withdrawn", "stated")}
    return {
        **{name: value for name, value in found.record.items() if name not in rest},
        "people": found.people,
        "events": list(map(_event_as_dict, found.events)),
        "next": None
        if planned is None
        else {"id": planned.id, "day": planned.day.isoformat(), "days_left": planned.days_left},
        "recent": found.recent,
        "missing": found.missing,
        **rest,
    }
