"""Confirmations: lines on the stored record and on how it counts or why it does not."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from kmtrack.i18n import current, say
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import day_with_weekday
from kmtrack.text import as_typed
from kmtrack.views.format import (
    answer_in_words,
    day_in_words,
    heading_of,
    named_company,
    remedy_in_words,
    since_in_words,
    since_to_type,
    stated_in_words,
    to_fill_in,
    value_in_words,
)
from kmtrack.views.target_changes import (
    changes_as_dict,
    effects_as_dict,
    format_changes,
    format_effects,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kmtrack.rules.contract import Contract
    from kmtrack.usecases.companies import EditedCompany, JoinedCompany, LinkDifference
    from kmtrack.usecases.confirmation import Confirmation, TargetVerdict
    from kmtrack.usecases.successions import LateEvent, StatedSuccession

# Where the options of a remedy begin, after an optional `--ledger`.
_OPTIONS = " --(?!ledger )"
# The facts that the sentence on an event has a place of their own for.
_IN_SENTENCE = frozenset(
    {"date", "channel", "kind", "level", "terms", "agreed", "start", "end", "broker", "others"}
    | {"next", "note", "company_id", "person_id"}
)
_BEHIND_THE_FACTS = frozenset({"id", "noun", "company_id", "stated", "verdicts", "company_changes"})


def format_confirmation(confirmation: Confirmation, *, edited: bool = False) -> list[str]:
    """Word what was stored with its id, and how it counts towards its targets: two lines.

    If the verdicts on other records changed, lines on them and on the counts follow.
    """
    record = confirmation.record
    stored = say(
        "confirm.edited" if edited else "confirm.stored",
        noun=say(f"noun.{record['noun']}").capitalize(),
        id=record["id"],
        what=event_in_words(record),
    )
    verdicts = [_format_verdict(record, verdict) for verdict in confirmation.verdicts]
    return [
        stored,
        " · ".join(verdicts) or say("confirm.for_no_target"),
        *format_effects(confirmation.others, confirmation.targets),
    ]


def event_in_words(record: dict[str, Any]) -> str:
    """Word all facts of an event, with the defaults that hold and each day with its weekday."""
    noun, company = record["noun"], record["company"]
    if noun == "contact":
        parts = [say(f"confirm.channel.{record['channel']}", company=company)]
        parts.append(_day_in_full(record["date"]))
    else:
        kind = "kind" if noun == "collaboration" else "level"
        what = value_in_words(noun, kind, record[kind]) or say("word.unknown_level")
        parts = [say("confirm.at_company", what=what, company=company)]
        parts += [value_in_words(noun, "terms", record["terms"])] if noun == "hire" else []
        agreed = _day_stored(record, "agreed")
        parts += [agreed or say("word.not_agreed")]
    parts += filter(None, (_day_stored(record, name) for name in ("start", "end")))
    brokers = [record["broker"], *(record.get("others") or "").split()]
    parts.append(", ".join(filter(None, brokers)) or say("confirm.no_broker"))
    if record.get("person"):
        parts.append(say("confirm.person", person=record["person"]))
    parts.append(_day_stored(record, "next"))
    parts += other_facts(record)
    if record.get("note"):
        parts.append(say("confirm.note", note=shown(record["note"])))
    return ", ".join(filter(None, parts))


def other_facts(record: Mapping[str, Any]) -> Iterator[str]:
    """Yield each fact of an event that has no place in its sentence, after its heading."""
    noun = record["noun"]
    for name in NOUNS[noun].fields:
        value = record.get(name)
        if name in _IN_SENTENCE or value is None:
            continue
        heading = heading_of(noun, name)
        yield f"{heading[0].lower()}{heading[1:]}: {value_in_words(noun, name, value)}"


def _day_stored(record: Mapping[str, Any], field: str) -> str:
    """Word a day of a record, with its meaning; "" for none."""
    if not record.get(field):
        return ""
    return say(f"confirm.{field}", day=_day_in_full(record[field]))


def _day_in_full(day: str) -> str:
    """Word a day (ISO) with its weekday."""
    found = date.fromisoformat(day)
    return say("word.unknown_day") if found == date.min else str(day_with_weekday(found))


def confirmation_as_dict(confirmation: Confirmation) -> dict[str, Any]:
    """Return the stored record as data, with the changes of other records and of the counts."""
    recent = list(confirmation.recent)
    effects = effects_as_dict(confirmation.others, confirmation.targets)
    return {**confirmation.record, **effects, "recent": recent}


def _format_verdict(record: dict[str, Any], stored: TargetVerdict) -> str:
    target = stored.target
    name = target.name.in_language(current())
    if stored.verdict.outcome == "counted":
        key = "confirm.counts" if target.minimum is None else "confirm.counts_of"
        return say(key, target=name, number=stored.counted, minimum=target.minimum)
    outcome, answers = stored.verdict.outcome, [answer for _, answer in stored.verdict.reasons]
    reason = ", ".join(dict.fromkeys(map(answer_in_words, answers)))
    text = say(f"confirm.{outcome}", target=name, reason=reason)
    # Of several reasons to exclude, undoing one would change nothing.
    if outcome == "excluded" and len(answers) > 1:
        return text
    remedies = dict.fromkeys(remedy_in_words(record, answer) for answer in answers)
    return "; ".join([text, *_in_one_command(list(filter(None, remedies)))])


def _in_one_command(remedies: list[str]) -> list[str]:
    """Join commands that differ only in their options into one."""
    parts = [re.split(_OPTIONS, remedy, maxsplit=1) for remedy in remedies]
    starts = {start for start, *_ in parts}
    if len(starts) > 1 or any(" --from " in remedy for remedy in remedies):
        return remedies
    options = "".join(f" --{option}" for _, *rest in parts for option in rest)
    return [start + options for start in starts]


def format_company(
    record: dict[str, Any],
    missing: Sequence[str],
    key: str = "confirm.company",
    since: date | None = None,
) -> list[str]:
    """Word which company was stored, and which facts are missing before its records can count.

    `since` is the day from which the stated facts hold.
    """
    line = say(key, name=record["name"], id=record["id"], cvr=record["cvr"] or say("group.unknown"))
    parts = [line]
    if visited := record["visited_before"]:
        parts.append(say("confirm.visited_before", day=_day_in_full(visited)))
    if since is not None:
        parts.append(say("confirm.since", day=day_with_weekday(since)))
    lines = [", ".join(parts)]
    if missing:
        names = ", ".join(heading_of("company", field) for field in missing)
        commands = "; ".join(edits_that_fill_in(record, missing))
        lines.append(say("confirm.company_lacks", names=names, commands=commands))
    return lines


def edits_that_fill_in(record: dict[str, Any], missing: Sequence[str]) -> list[str]:
    """Return the commands that state the missing facts of a company: one for each `--from`."""
    changed = {name: day for day, facts in record["later"].items() for name in facts}
    since = [changed.get(field) for field in missing]
    company = record["cvr"] or record["id"]
    commands = []
    for day in dict.fromkeys(since):
        fields = [field for field, from_day in zip(missing, since, strict=True) if from_day == day]
        options = to_fill_in("company", *fields) + since_to_type(day)
        commands.append(say("check.by_editing", noun="company", id=company, options=options))
    return commands


def format_edited_company(edited: EditedCompany, missing: Sequence[str]) -> list[str]:
    """Word which company was corrected, which facts are missing, and how the counts changed."""
    lines = format_company(edited.record, missing, "confirm.company_edited", edited.since)
    return lines + format_effects(edited.others, edited.changes)


def format_joined_company(joined: JoinedCompany, missing: Sequence[str]) -> list[str]:
    """Word which company two records are, where they differed, and how the counts changed."""
    lines = format_company(joined.record, missing, "confirm.company_joined")
    lines += map(format_difference, joined.differences)
    return lines + format_changes(joined.changes)


def joined_company_as_dict(joined: JoinedCompany) -> dict[str, Any]:
    """Return a joined company as data."""
    differences = [difference_as_dict(each) for each in joined.differences]
    return {**joined.record, "differences": differences, "targets": changes_as_dict(joined.changes)}


def format_difference(difference: LinkDifference) -> str:
    """Word a fact in which two records differed, the value now in force, and how to correct it."""
    # Two records with different names are told apart by their ids.
    values = [
        f"{_value(difference, value)} ({id_ if difference.field == 'name' else name})"
        for id_, name, value in difference.stated
    ]
    line = say(
        "join.differs",
        field=heading_of("company", difference.field) + since_in_words(difference.since),
        values=", ".join(values),
        stands=_value(difference, difference.current),
    )
    options = to_fill_in("company", difference.field) + since_to_type(difference.since)
    return line + say("merge.settle", noun="company", id=difference.id, options=options)


def difference_as_dict(difference: LinkDifference) -> dict[str, Any]:
    """Return a difference between two records as data."""
    values = {id_: value for id_, _, value in difference.stated}
    since = {} if difference.since is None else {"from": difference.since or None}
    return {"field": difference.field, **since, "values": values, "stands": difference.current}


def _value(difference: LinkDifference, value: Any) -> str:
    return " ".join(value_in_words("company", difference.field, value).split()) or "-"


def format_record(record: dict[str, Any], contract: Contract) -> list[str]:
    """Word a record: a line for each known fact, for each target and for each entry."""
    noun = record["noun"]
    lines = [f"{say('noun.' + noun).capitalize()} {record['id']}"]
    for field, value in record.items():
        if field in _BEHIND_THE_FACTS or value in (None, "", {}, []):
            continue
        if field == "first":
            lines.append(format_version(say("choice.since.beginning"), value))
        elif field == "later":
            lines += [format_version(day_in_words(day), facts) for day, facts in value.items()]
        elif field in {"succeeds", "succeeded_by"}:
            others = value if field == "succeeds" else [value]
            lines += [f"  {succession_in_words(field, other)}" for other in others]
        elif field == "records":
            counts = [f"{say('nouns.' + name)}: {number}" for name, number in value.items()]
            lines.append("  " + " · ".join(counts))
        else:
            lines.append(f"  {heading_of(noun, field)}: {value_in_words(noun, field, value)}")
    for verdict in record.get("verdicts", []):
        target = contract.target(verdict["target"])
        if target is not None:
            name = target.name.in_language(current())
            lines.append(f"  {name}: {say('outcome.' + verdict['outcome'])}")
    return lines + [f"  {stated_in_words(statement)}" for statement in record["stated"]]


def succession_in_words(field: str, other: Mapping[str, Any]) -> str:
    """Word which company another one took over, or was taken over by."""
    company = named_company(other["name"], other["cvr"])
    return say(f"show.{field}", company=company, since=day_in_words(other["since"]))


def format_succession(stated: StatedSuccession) -> list[str]:
    """Word which company took over which and from when on, and what changed with that."""
    record = stated.record
    line = say(
        "confirm.succession_withdrawn" if record["withdrawn"] else "confirm.succession",
        company=named_company(record["company"], record["cvr"]),
        successor=named_company(record["successor"], record["successor_cvr"]),
        since=day_in_words(record["since"]),
    )
    return [line, *format_effects(stated.others, stated.targets)]


def succession_as_dict(stated: StatedSuccession) -> dict[str, Any]:
    """Return a takeover as data, with what changed of other records and of the counts."""
    return {**stated.record, **effects_as_dict(stated.others, stated.targets)}


def format_alike_institution(confirmation: Confirmation) -> str:
    """Word that an institution was spelled differently before, and the command that spells it so here."""
    record = confirmation.record
    return say(
        "stored.alike_institution",
        value=record["institution"],
        other=confirmation.alike,
        command=as_typed(
            [
                "kmtrack",
                record["noun"],
                "edit",
                record["id"],
                "--institution",
                confirmation.alike or "",
            ]
        ),
    )


def format_late_event(late: LateEvent) -> str:
    """Word that an event is at a company that had been taken over by then, and what to type."""
    return say(
        "check.late_event",
        noun=late.noun,
        noun_words=say(f"noun.{late.noun}"),
        id=late.id,
        day_words=day_in_words(late.day),
        company=late.company["name"],
        successor=late.successor["name"],
        since_words=day_in_words(late.since),
    )


def format_version(since: str, facts: dict[str, Any]) -> str:
    """Word what a company is from a day on."""
    changes = [
        f"{heading_of('company', field)}: {value_in_words('company', field, value) or '-'}"
        for field, value in facts.items()
    ]
    return f"  {say('word.from')} {since}: {', '.join(changes)}"
