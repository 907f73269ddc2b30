"""Validation of another ledger: each of its entries must be one that kmtrack could have written."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue, FieldsDisagree, Refusal
from kmtrack.ledger.commitments import LEFT, is_redacted, legible
from kmtrack.ledger.contract import CONTRACT_ID
from kmtrack.ledger.exchange import heads_of_bundle
from kmtrack.ledger.moments import CORRECT_TIME, CORRECTING
from kmtrack.ledger.queries.commands import all_commands, all_entries, records_with_entries
from kmtrack.ledger.queries.integrity import chained_commands
from kmtrack.ledger.queries.people import named_people
from kmtrack.ledger.redactions import REASON
from kmtrack.ledger.rows import current_facts, later_facts
from kmtrack.ledger.schema.company import DATED_FACTS
from kmtrack.ledger.schema.facts import FieldErrors, named_fields
from kmtrack.ledger.schema.ids import LETTERS, noun_of
from kmtrack.ledger.schema.nouns import (
    COMMAND,
    JSON_TEXTS,
    NOUNS,
    REFERENCE_COLUMNS,
    text_columns_of,
)
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.ledger.schema.plain_text import clean_line, clean_note, find_plain_cpr
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import is_bundle
from kmtrack.ledger.timeline import changes_on
from kmtrack.ledger.voids import UNDOING
from kmtrack.rules.contract_format import read_contract
from kmtrack.usecases.check.commands import altered_commands
from kmtrack.usecases.check.entries import altered_entries, altered_persons

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.ledger.queries.commands import Command
    from kmtrack.ledger.queries.integrity import ChainedCommand
    from kmtrack.ledger.rows import Columns, Row
    from kmtrack.ledger.schema.facts import FieldError
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.timeline import RecordChange

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_ID_LENGTH: Final = 11
_HEX: Final = re.compile(r"[0-9a-f]{0,64}")
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ID_OR_DIGEST: Final = re.compile(rf"[{''.join(LETTERS.values())}][0-9a-z]{{10}}|[0-9a-f]{{64}}")
_LONGEST_TEXT: Final = 100_000
# How far ahead a clock may have been: commands here get moments after those of a merged ledger, and
# beyond this they would be of no use.
_FURTHEST: Final = timedelta(days=3653)
_NO_FACTS: Final = frozenset({"id", "recorded_at", "name_key", "part_of", "other_names"})
# The column of a noun that is kept as JSON.
_JSON: Final[Mapping[str, str]] = {**JSON_TEXTS, "contract": "document"}
# The facts of each action; those of "add", "edit" and "undo" are columns of the noun.
_FACTS: Final[Mapping[str, frozenset[str]]] = {
    "withdraw": frozenset({"reason"}),
    "join": frozenset({"with"}),
    "erase": frozenset(),
    "redact": frozenset({"entry", "field", "left"}),
}
_FACTS_OF_REASON: Final = frozenset({"field", "left"})


_MOST_TIMES: Final = 1_000_000


class _Invalid(ValueError):
    """Something that no kmtrack command records."""


# The errors raised by content that kmtrack does not write.
_INVALID: Final = (
    _Invalid,
    BadValue,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    RecursionError,
)


def validate_ledger(copy: Store, location: Location, own: Store, today: date) -> None:
    """Validate every entry in the copy of a ledger; a bundle may build on entries that it does not have.

    Raises Refusal `foreign_damaged` for what kmtrack cannot have written, `clock_far_ahead`, and
    `other_contract` for a contract that is not that of `own`.
    """
    what: Any = "-"
    try:
        heads_of_bundle(copy)
        commands = list(all_commands(copy))
        for command in commands:
            _check_command(command)
        for chained in chained_commands(copy):
            _check_links(chained)
        for entry in all_entries(copy):
            what = entry["number"]
            check_entry(entry)
        _check_undos(copy, commands)
        for person in named_people(copy):
            what = person["id"]
            _require(PersonFacts.validate({"name": person["name"]}, today).name == person["name"])
        for noun in NOUNS:
            for changes in changes_on(copy, noun, records_with_entries(copy, noun)):
                for change in changes:
                    what = change.entry.record_id
                    _check_change(change, today)
    except _INVALID as error:
        raise Refusal("foreign_damaged", file=location, what=str(what)[:40]) from error
    _refuse_altered(copy, location)
    _refuse_far_ahead([*_moments_stated(copy, commands)], location, today)
    theirs, ours = _contract_id(copy), _contract_id(own)
    if theirs is not None and theirs != ours:
        raise Refusal("other_contract", file=location)


def _refuse_altered(copy: Store, location: Location) -> None:
    is_whole = not is_bundle(copy)
    for issue in (
        *altered_commands(copy, is_whole=is_whole),
        *altered_entries(copy, is_whole=is_whole),
        *altered_persons(copy),
    ):
        what = issue.records[0] if issue.records else issue.facts["number"]
        raise Refusal("foreign_damaged", file=location, what=what)


def _moments_stated(copy: Store, commands: list[Command]) -> Iterator[tuple[str, str]]:
    """Yield the moment (UTC) of each command, and of each correction, with its author."""
    by = {command.number: command.recorded_by for command in commands}
    for command in commands:
        yield command.recorded_at, command.recorded_by
    for entry in all_entries(copy):
        if entry["action"] == CORRECT_TIME:
            yield json.loads(entry["facts"])["moment"], by[entry["command"]]


def _refuse_far_ahead(moments: list[tuple[str, str]], location: Location, today: date) -> None:
    latest = f"{(today + _FURTHEST).isoformat()}U"  # after every moment of that day
    for moment, by in sorted(moments):
        if moment > latest:
            day = date.fromisoformat(moment[:10])
            raise Refusal("clock_far_ahead", file=location, by=by, day=day, at=moment[11:16])


def _contract_id(store: Store) -> str | None:
    for changes in changes_on(store, "contract", [CONTRACT_ID]):
        for change in changes:
            facts: Mapping[str, Any] = change.entry.facts
            return str(facts.get("id"))
    return None


def _check_command(command: Command) -> None:
    _require(bool(_TOKEN.fullmatch(command.token) and _MOMENT.fullmatch(command.recorded_at)))
    datetime.fromisoformat(command.recorded_at)
    for text, longest in ((command.recorded_by, 60), (command.name, 60), (command.reason, 2000)):
        if text is not None:
            _require(clean_line(text, longest) == text)


def _check_links(command: ChainedCommand) -> None:
    """Raise ValueError for a command whose digests or login kmtrack cannot have written."""
    digests = (command.previous, command.follows, command.digest, command.reason_secret)
    _require(all(_HEX.fullmatch(digest or "") for digest in digests))
    if command.login is not None:
        _require(clean_line(command.login, 63) == command.login)


def _check_undos(store: Store, commands: list[Command]) -> None:
    """Raise ValueError unless each entry that voids a command is the only one of an undo.

    So only commands with the right name correct moments, and they do nothing else.
    """
    undos = {command.number for command in commands if command.name in UNDOING}
    correcting = {command.number for command in commands if command.name == CORRECTING}
    entries: Counter[int] = Counter()
    about_commands: set[int] = set()
    for entry in all_entries(store):
        entries[entry["command"]] += 1
        _require((entry["action"] == CORRECT_TIME) == (entry["command"] in correcting))
        if entry["noun"] == COMMAND and entry["action"] == "void":
            about_commands.add(entry["command"])
    _require(about_commands <= undos and all(entries[number] == 1 for number in about_commands))


def check_entry(row: Columns) -> None:
    """Raise ValueError, TypeError or LookupError for an entry that kmtrack cannot have written."""
    noun, action = row["noun"], row["action"]
    facts = json.loads(row["facts"])
    _require(isinstance(facts, dict))
    if noun == COMMAND:
        _require(bool(_TOKEN.fullmatch(row["record_id"])))
        _require(action in _OF_COMMANDS or (action == "void" and facts == {}))
    else:
        _require(noun in NOUNS)
        _require(_is_id(noun, row["record_id"]))
    if action in _FACTS:
        needed = (
            _FACTS_OF_REASON if noun == COMMAND and facts["field"] == REASON else _FACTS[action]
        )
        _require(facts.keys() == needed)
        _require(action != "redact" or _is_redaction(noun, legible(facts)))
    elif noun == COMMAND:
        _require(action == "void" or _OF_COMMANDS[action](facts))
        return
    elif action in {"add", "edit", "undo"}:
        others = {"from"} if noun == "company" else set()
        _require(noun == "contract" or facts.keys() <= {*NOUNS[noun].columns} - _NO_FACTS | others)
    else:
        raise _Invalid
    for text in _texts_in(_unpacked(noun, action, facts)):
        # Ten digits in a row inside an id or a digest are no CPR number.
        if not all(map(_ID_OR_DIGEST.fullmatch, text.split())):
            _require(_is_clean(text))


def _is_correction(facts: dict[str, Any]) -> bool:
    """Return whether these are the facts of a corrected moment."""
    if not (facts.keys() == {"moment", "times"} and type(facts["times"]) is int):
        return False
    datetime.fromisoformat(facts["moment"])
    return bool(_MOMENT.fullmatch(facts["moment"])) and 1 <= facts["times"] <= _MOST_TIMES


def _is_arrival(facts: dict[str, Any]) -> bool:
    return (
        facts.keys() == {"commands", "digest"}
        and type(facts["commands"]) is int
        and bool(_DIGEST.fullmatch(facts["digest"]))
    )


# What entries about commands hold, besides those that void one.
_OF_COMMANDS: Final[Mapping[str, Callable[[dict[str, Any]], bool]]] = {
    "redact": lambda _: True,  # looked at with those of records
    "arrive": _is_arrival,
    CORRECT_TIME: _is_correction,
}


def _is_clean(text: str) -> bool:
    """Return whether a text has its stored form; an older version did not recognise some forms of a CPR number."""
    try:
        return clean_note(text, _LONGEST_TEXT) == (text or None)
    except BadValue as error:
        if error.key == "cpr_number" and not find_plain_cpr(text):
            return True
        raise


def _is_redaction(noun: str, facts: dict[str, Any]) -> bool:
    if not isinstance(facts["left"], str):
        return False
    if (noun, facts["field"]) == (COMMAND, REASON):
        return bool(clean_line(facts["left"], 2000) == (facts["left"] or None))
    return facts["field"] in text_columns_of(noun) and bool(_DIGEST.fullmatch(facts["entry"]))


def _unpacked(noun: str, action: str, facts: dict[str, Any]) -> dict[str, Any]:
    """Parse the facts that are stored as JSON; a note in braces is not one of them."""
    name = _JSON.get(noun, "")
    if action == "redact":
        name = "left" if facts["field"] == name else ""
    packed = legible(facts).get(name)
    if packed is None:
        return facts
    rest = {**facts[name], LEFT: None} if is_redacted(facts[name]) else None
    return {**facts, name: [rest, json.loads(packed)]}


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner)
    elif not (value is None or isinstance(value, (bool, int, float))):
        raise _Invalid


def _check_change(change: RecordChange, today: date) -> None:
    """Validate a record as it is after an entry: some command must be able to produce it.

    If the clock was fast when the entry was recorded, that day counts as today.
    """
    row, noun = change.after, change.noun
    recorded = date.fromisoformat(change.entry.recorded_at[:10])
    today = max(today, min(recorded, date.max - timedelta(days=1)))
    for column, parent in REFERENCE_COLUMNS.items():
        if row.get(column) is not None:
            _require(_is_id(parent, row[column]))
    for other in (row.get("joined") or "").split():
        _require(_is_id("company", other))
    if row["withdrawn"] is not None:
        _require(clean_line(row["withdrawn"], 2000) == row["withdrawn"])
    if noun == "contract":
        read_contract(json.loads(row["document"]))
    elif noun == "company":
        for day, facts in later_facts(row).items():
            datetime.fromisoformat(day)
            _require(facts.keys() <= {*DATED_FACTS})
        _check_facts(noun, row, today)
        _check_facts(noun, current_facts(row), today)
    elif noun != "person":
        _check_facts(noun, row, today)


def _check_facts(noun: str, row: Row, today: date) -> None:
    facts = NOUNS[noun].facts
    if facts is None:
        return
    stated = {name: row[name] for name in named_fields(facts) if row[name] is not None}
    try:
        clean = facts.validate(facts.from_row(row), today + timedelta(days=1)).stated()
    except FieldErrors as found:
        # Two brokers may each have corrected one of two days: whether the two agree is judged when
        # the record is next edited.
        if all(_is_allowed(each, row) for each in found.errors):
            return
        raise _Invalid from found
    _require(clean == stated)


def _is_allowed(found: FieldError, row: Row) -> bool:
    """Return whether a record may have this error, because commands could store it all the same."""
    if found.error.key == "cpr_number":
        return not find_plain_cpr(str(row[found.field]))
    return isinstance(found.error, FieldsDisagree)


def _is_id(noun: str, record_id: object) -> bool:
    if not isinstance(record_id, str):
        return False
    if noun == "broker":
        return clean_initials(record_id) == record_id
    if noun == "contract":
        return record_id == noun
    return noun_of(record_id) == noun and len(record_id) == _ID_LENGTH


def _require(holds: bool) -> None:  # noqa: FBT001 - it is what this is about
    if not holds:
        raise _Invalid
