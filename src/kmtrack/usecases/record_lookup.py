"""Record look-up: the record that a person names by its id, by company and day, or as the last one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.ledger.queries.events import events_on
from kmtrack.ledger.queries.record_names import last_added, record_names
from kmtrack.ledger.schema.ids import SHORTEST, is_whole_id, noun_of
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.phrases import what_happened
from kmtrack.ledger.schema.plain_text import is_text, shown
from kmtrack.ledger.schema.values import BadDay, clean_day, day_with_weekday
from kmtrack.rules.dates import Reading
from kmtrack.usecases.company_lookup import by_id, find_company, is_last, why_withdrawn
from kmtrack.usecases.doubts import Choice, Doubt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from kmtrack.ledger.queries.record_names import RecordName
    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.session import Session

_SHOWN: Final = 5
_TO_CHOOSE_FROM: Final = 9
# The records of a method or a deliverable are shown by the command of that.
_COMMANDS: Final = {
    "assessment": "method",
    "dissemination": "method",
    "usage": "method",
    "delivery": "deliverable",
}


class UnknownRecord(Refusal):
    """The typed text names no record."""


def find_record(
    session: Session, reference: str, nouns: Iterable[str] = EVENTS, *, withdrawn: bool = False
) -> tuple[str, Row]:
    """Return the noun and row of the one record that `reference` names.

    That is an id or the beginning of one, `last` for the last one that this person entered here, or
    an event by its company's name and its day. Raises UnknownRecord, `wrong_noun`, `no_last`,
    `none_on_day`, what `find_company` raises, the Doubt `ambiguous_record` and, unless `withdrawn`
    records are accepted, `record_withdrawn`.
    """
    allowed = tuple(nouns)
    if is_last(reference):
        noun, row = _last(session, allowed)
    elif found := _with_id(session, reference):
        noun, row = _only(session, reference, found)
        if noun not in allowed:
            command = f"history {row['id']}" if noun in _COMMANDS else f"{noun} show {row['id']}"
            raise Refusal("wrong_noun", id=row["id"], noun=Phrase(f"noun.{noun}"), command=command)
    elif named := company_and_day(session, reference, allowed):
        noun, row = _on_day(session, reference, *named, allowed)
    else:
        raise _unknown(reference, allowed)
    if row["withdrawn"] is not None and not withdrawn:
        raise Refusal("record_withdrawn", id=row["id"], reason=why_withdrawn(row))
    return noun, row


def find_records(
    session: Session, references: str, nouns: Iterable[str] = EVENTS
) -> dict[str, Row]:
    """Return the rows by id of the records that a text lists by their ids, or of the one that it names.

    Raises as `find_record`.
    """
    listed = references_in(references.replace(",", " ").split())
    each = listed if len(listed) > 1 else [references]
    rows = (find_record(session, reference, nouns)[1] for reference in each)
    return {row["id"]: row for row in rows}


def references_in(words: Sequence[str]) -> list[str]:
    """Return the references that words make up: several ids, or all words together a company and a day.

    Beside a complete id the others are ids too, so that a mistyped one is refused by itself.
    """
    if any(map(is_whole_id, words)) or all(noun_of(word) or is_last(word) for word in words):
        return list(words)
    return [" ".join(words)]


def company_and_day(
    session: Session, text: str, nouns: Iterable[str] = EVENTS
) -> tuple[str, date] | None:
    """Split a text into a company and a day, which is the latest such day; None if it is not both.

    Only events are named so: None unless `nouns` includes one of these. Raises BadValue for a day
    that does not exist.
    """
    words = text.split() if is_text(text) else []
    if set(nouns).isdisjoint(EVENTS):
        return None
    for at in range(1, len(words)):
        try:
            day = clean_day(" ".join(words[at:]), Reading("since", session.clock.today))
        except BadDay:
            continue
        except BadValue:
            if at == len(words) - 1:
                raise
            continue
        return " ".join(words[:at]), day
    return None


def _last(session: Session, nouns: Sequence[str]) -> tuple[str, Row]:
    found = last_added(session.store, session.who, nouns)
    if found is None:
        if len(nouns) > len(EVENTS):
            raise Refusal("nothing_entered")
        raise Refusal("no_last", noun=[Phrase(f"noun.{noun}") for noun in nouns])
    [row] = by_id(session.store, *found)
    return found[0], row


def _with_id(session: Session, reference: str) -> list[tuple[str, Row]]:
    noun = noun_of(reference)
    return [(noun, row) for row in by_id(session.store, noun, reference)] if noun else []


def _on_day(
    session: Session, reference: str, company: str, day: date, nouns: Iterable[str]
) -> tuple[str, Row]:
    """Return the one record of these nouns at a company on a day, a live one if possible."""
    row = find_company(session, company, withdrawn=True)
    found = [
        (noun, each)
        for noun in nouns
        if noun in EVENTS
        for each in events_on(session.store, noun, row["id"], day)
    ]
    live = [pair for pair in found if pair[1]["withdrawn"] is None]
    if not found:
        raise Refusal(
            "none_on_day",
            company=row["name"],
            day=day_with_weekday(day),
            command=_list_at(row, tuple(nouns)),
        )
    return _only(session, reference, live or found)


def _list_at(company: Row, nouns: Sequence[str]) -> str:
    """Return the command that lists the records of one noun, or of any, at a company."""
    number = company["cvr"] or company["id"]
    return f"{nouns[0]} list --company {number}" if len(nouns) == 1 else f"history {number}"


def _only(session: Session, reference: str, found: Sequence[tuple[str, Row]]) -> tuple[str, Row]:
    """Return the one of these records that is meant. Raises the doubt to ask for it."""
    if len(found) == 1:
        return found[0]
    names = record_names(session.store, [row["id"] for _, row in found[:_TO_CHOOSE_FROM]])
    choices = [
        Choice(row["id"], _described(noun, row, names.get(row["id"])))
        for noun, row in found[:_TO_CHOOSE_FROM]
    ]
    id_ = session.settle(
        Doubt(
            "ambiguous_record",
            reference,
            choices=choices,
            reference=shown(reference),
            among=[row["id"] for _, row in found[:_SHOWN]],
        )
    )
    return next(pair for pair in found if pair[1]["id"] == id_)


def _described(noun: str, row: Row, name: RecordName | None) -> list[object]:
    """Return what distinguishes a record from others."""
    what = what_happened(noun, row) if noun in EVENTS else ""
    return [each for each in (*(name or ()), Phrase(f"noun.{noun}"), what, row["id"]) if each]


def _unknown(reference: str, allowed: tuple[str, ...]) -> UnknownRecord:
    noun = noun_of(reference)
    key = "unknown_record" if noun else "short_id" if _is_short(reference) else "bad_id"
    if key == "bad_id" and not set(allowed).isdisjoint(EVENTS):
        key = "bad_record"
    return UnknownRecord(
        key,
        reference=shown(reference),
        shortest=SHORTEST,
        command=_command_with_ids(noun, allowed),
    )


def _is_short(text: str) -> bool:
    """Return whether a text is too short for an id, but begins one."""
    return noun_of(text.strip() + "0" * (SHORTEST - 1)) is not None


def _command_with_ids(noun: str | None, allowed: tuple[str, ...]) -> str:
    """Return the command that shows the ids which may be meant."""
    meant = noun if noun in allowed else allowed[0]
    if len(allowed) > 1 and meant != noun:
        return "history"
    command = _COMMANDS.get(meant, meant)
    return f"{command} show" if command != meant else f"{command} list"
