"""The integrity of a ledger: its tables, its chain of entries, and all that is computed from them."""

from __future__ import annotations

import hmac
import json
import re
from collections import defaultdict
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.commitments import LEFT, is_key, is_redacted
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.copy_origin import origin_from
from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.entries import ARRIVE, FIRST_DIGEST, Chain
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.left_places import places_from
from kmtrack.ledger.moments import wrong_moments
from kmtrack.ledger.name_words import wrong_name_words
from kmtrack.ledger.projection import Projection
from kmtrack.ledger.queries.commands import all_digests, last_entries
from kmtrack.ledger.queries.integrity import (
    chained_entries,
    people_as_stated,
    people_named_though_erased,
    records_by_id,
    redaction_entries,
    wrong_tallies,
)
from kmtrack.ledger.redactions import Redaction
from kmtrack.ledger.rows import differing_columns
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS, TABLES, text_columns_of
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import (
    COPY_OF,
    HEADS,
    LAST_BUNDLED,
    LEFT_PLACES,
    LOST,
    OWN_BROKER,
    RESTORED,
    RESTORED_LAST,
    Restoring,
    all_settings,
)
from kmtrack.ledger.store.copies import FOLDER_PREFIX, is_folder_value, remembered_folder
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.ledger.store.objects import differing_objects
from kmtrack.ledger.verdicts import StoredVerdict, compared_verdicts, stored_by_company
from kmtrack.ledger.written_names import MARK
from kmtrack.usecases.check.commands import altered_commands
from kmtrack.usecases.check.issues import UNREADABLE, Issue
from kmtrack.usecases.percentage import Percentage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.entries import CommandHeader, Entry
    from kmtrack.ledger.queries.integrity import ChainedEntry
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.contract import Contract

# How many checks there are, and how many percent of the work; the rest is looking for warnings.
_CHECKS: Final = 9
_OF_THE_WHOLE: Final = 90


def damage_in(store: Store, advance: Callable[[int], None] | None = None) -> list[Issue]:
    """Return pages, tables, entries, rows and verdicts that are not as kmtrack wrote them.

    `advance` is told the percentage done, check by check.
    """
    missing = list(missing_tables(store))
    lost = {issue.facts["table"] for issue in missing}
    found = [Issue(problem.kind, problem.facts) for problem in store.problems()]
    # A reference into a lost table is no damage of its own.
    damage = missing + [issue for issue in found if issue.facts.get("parent") not in lost]
    if any(issue.kind == "integrity" for issue in damage):
        return damage  # the other checks need pages that SQLite can read
    checks = _checks(store, lost)
    if advance:
        checks = Percentage(_CHECKS, advance, _OF_THE_WHOLE).over(checks)
    return damage + [issue for check in checks for issue in check]


def faults_in(store: Store, advance: Callable[[int], None] | None = None) -> list[Issue]:
    """Return everything for which `check` calls a ledger damaged: its schema, then as `damage_in`."""
    return [*altered_schema(store), *damage_in(store, advance)]


def is_damaged(store: Store) -> bool:
    """Tell whether what an open ledger holds is damaged; an altered schema alone loses nothing."""
    try:
        with store.reading():
            return bool(damage_in(store))
    except LedgerDamaged:
        return True


def missing_tables(store: Store) -> Iterator[Issue]:
    """Find tables that are missing, or that lack columns."""
    present = store.tables()
    for table, columns in TABLES.items():
        if table not in present:
            yield Issue("table_missing", {"table": table})
        elif not present[table].issuperset(columns):
            lost = ", ".join(column for column in columns if column not in present[table])
            yield Issue("column_missing", {"table": table, "column": lost})


def altered_schema(store: Store) -> Iterator[Issue]:
    """Find tables, indexes, views and triggers that are missing, extra or not as a new ledger has them.

    A lost table, with what was on it, and one that lacks columns are reported by `missing_tables`.
    """
    due = store.due_schema()
    differing = [] if due is None else [*differing_objects(store.schema(), due)]
    # A ledger as it should be is not asked for its tables once more.
    lost = {issue.facts["table"] for issue in missing_tables(store)} if differing else set()
    for what, (kind, name) in differing:
        if not lost or (what != "missing" and name not in lost):
            facts = {"object": name, "of": kind, "kind": Phrase(f"schema.{kind}")}
            yield Issue(f"object_{what}", facts)


def _checks(store: Store, lost: set[str]) -> Iterator[Iterator[Issue]]:
    """Start every check, except those that read a lost table."""
    if lost.isdisjoint({"command", "entry"}):
        yield _until_unreadable("altered_entries", altered_entries(store))
        yield _until_unreadable("altered_commands", altered_commands(store))
        yield _until_unreadable("wrong_moments", _wrong_moments(store))
        if "person" not in lost:
            yield _until_unreadable("altered_persons", altered_persons(store))
        nouns = [noun for noun in NOUNS if noun not in lost]
        yield _until_unreadable("differing_rows", differing_rows(store, nouns))
    if lost.isdisjoint({"company", "name_word"}):
        yield _until_unreadable("differing_words", differing_words(store))
    if lost.isdisjoint({"company", "succession", *EVENTS, "contract", "verdict"}):
        yield _until_unreadable("differing_verdicts", differing_verdicts(store))
    if lost.isdisjoint({"verdict", "tally"}):
        yield differing_tallies(store)
    if "setting" not in lost:
        yield altered_settings(store)


def _until_unreadable(check: str, issues: Iterator[Issue]) -> Iterator[Issue]:
    """Pass on what a check finds; where it meets something unreadable, report that and stop."""
    try:
        yield from issues
    except (*UNREADABLE, Refusal):
        yield Issue("unreadable", {"of": check, "look": Phrase(f"check.look.{check}")})


def _wrong_moments(store: Store) -> Iterator[Issue]:
    """Find commands whose moment is not the one in force."""
    for number, at, due in wrong_moments(store):
        yield Issue("moment_differs", {"number": number, "at": at, "due": due})


def altered_entries(store: Store, *, is_whole: bool = True) -> Iterator[Issue]:
    """Find entries that do not match their digest, or whose predecessor is missing.

    Pass `is_whole=False` for a bundle, where predecessors may be in another ledger.
    """
    redactions = _redactions_by_digest(store)
    last, last_command = FIRST_DIGEST, None
    # How the last command of each person ended, and the few that follow another one than that.
    ends: dict[str, str] = {}
    detached: dict[tuple[str, str], list[Issue]] = defaultdict(list)
    for chained in chained_entries(store):
        header, entry, by = chained.header, chained.entry, chained.header.recorded_by
        is_first = chained.command != last_command
        if is_first:
            last, last_command = chained.command_digest or chained.previous, chained.command
        facts = _facts_of(entry)
        if _digest_after(header, last, entry, facts) != chained.digest or not (
            _is_redacted_as_stated(entry, facts, redactions.get(chained.digest, ()))
        ):
            yield _altered(chained)
        elif is_first and is_whole and chained.previous not in {FIRST_DIGEST, ends.get(by)}:
            detached[by, chained.previous].append(_altered(chained))
        last = chained.digest
        if entry.action != ARRIVE:
            ends[by] = last
    if detached:
        for end in last_entries(store):
            detached.pop((end.recorded_by, end.digest), None)
    for issues in detached.values():
        yield from issues


def _altered(chained: ChainedEntry) -> Issue:
    header, record_id = chained.header, chained.entry.record_id
    facts = {
        "number": chained.number,
        "id": record_id,
        "by": header.recorded_by,
        "at": header.recorded_at,
    }
    return Issue("entry_altered", facts, (record_id,))


def _facts_of(entry: Entry) -> Any:
    """Return the facts of an entry; None where they are unreadable."""
    try:
        return json.loads(entry.facts)
    except UNREADABLE:
        return None


def _digest_after(header: CommandHeader, last: str, entry: Entry, facts: Any) -> str | None:
    """Return the digest of an entry; None where its facts are unreadable."""
    try:
        return Chain(header, last).add(entry, entry.covered(facts))
    except UNREADABLE:
        return None


def _redactions_by_digest(store: Store) -> dict[str, list[Redaction]]:
    """Return all redactions, in order, by the digest of the entry that each is about."""
    redactions: dict[str, list[Redaction]] = defaultdict(list)
    for row in redaction_entries(store):
        with suppress(*UNREADABLE):  # reported as an altered entry
            redaction = Redaction.of(row)
            redactions[redaction.entry].append(redaction)
    return redactions


def _is_redacted_as_stated(
    entry: Entry, facts: Mapping[str, Any], redactions: Sequence[Redaction]
) -> bool:
    """Tell whether an entry's texts are redacted as recorded, and only open texts have a key.

    A redaction took a piece out of one text at least: a mark stands there, so that none is replaced unseen.
    """
    redacted = {name: value[LEFT] for name, value in facts.items() if is_redacted(value)}
    has_texts = not text_columns_of(entry.noun).isdisjoint(facts)
    if (has_texts and not redacted) == (entry.secret is None):
        return False
    if has_texts and not _is_as_written(entry, facts):
        return False
    if redacted and not any(MARK in text for text in redacted.values()):
        return False
    left = {each.field: each.left for each in redactions}  # the last one counts
    return all(left.get(name) == text for name, text in redacted.items()) and all(
        each.fits(entry.noun, entry.record_id, facts) for each in redactions
    )


def _is_as_written(entry: Entry, facts: Mapping[str, Any]) -> bool:
    """Tell whether facts and key have the form that kmtrack gives them: their commitments hide it."""
    return entry.facts == as_json(facts) and (entry.secret is None or is_key(entry.secret))


def missing_digests(store: Store, digests: Sequence[str]) -> Iterator[Issue]:
    """Find digests (hex, at least their first 16 digits) that no entry of the ledger has."""
    known = all_digests(store) if digests else set()
    for digest in digests:
        if not any(each.startswith(digest) for each in known):
            yield Issue("head_missing", {"digest": digest})


def altered_persons(store: Store) -> Iterator[Issue]:
    """Find people whose name is not the one recorded, or who are erased and still have a name."""
    for person_id in people_named_though_erased(store):
        yield Issue("person_altered", {"id": person_id}, (person_id,))
    for row in people_as_stated(store):
        stated = json.loads(row["facts"])["name"]
        stated = stated["erased"] if isinstance(stated, dict) else stated
        if not _is_committed(row["name"], row["secret"], stated):
            yield Issue("person_altered", {"id": row["id"]}, (row["id"],))


def _is_committed(name: object, secret: object, stated: object) -> bool:
    """Tell whether an entry's keyed commitment (hex) is to this name."""
    if not (isinstance(name, str) and isinstance(secret, str) and isinstance(stated, str)):
        return False
    if not is_key(secret):
        return False
    digest = hmac.digest(bytes.fromhex(secret), name.encode(), "sha256").hex()
    return hmac.compare_digest(digest, stated)


def differing_rows(store: Store, nouns: Iterable[str]) -> Iterator[Issue]:
    """Find rows of these nouns that differ from the projection of their entries."""
    expected = Projection(store)
    for noun in nouns:
        yield from _differing_rows(store, noun, expected)


def _differing_rows(store: Store, noun: str, expected: Projection) -> Iterator[Issue]:
    stored = records_by_id(store, noun)
    row = next(stored, None)
    for due in expected.rows(noun):
        while row is not None and row["id"] < due["id"]:
            yield _without_entry(noun, row)
            row = next(stored, None)
        if row is None or row["id"] != due["id"]:
            yield Issue("row_missing", {"noun": noun, "id": due["id"]}, (due["id"],))
            continue
        fields = differing_columns(noun, due, dict(row))
        if fields:
            facts = {"noun": noun, "id": due["id"], "fields": ", ".join(fields)}
            yield Issue("row_differs", facts, (due["id"],))
        row = next(stored, None)
    while row is not None:
        yield _without_entry(noun, row)
        row = next(stored, None)


def _without_entry(noun: str, row: StoredRow) -> Issue:
    return Issue("row_without_entry", {"noun": noun, "id": row["id"]}, (row["id"],))


def differing_words(store: Store) -> Iterator[Issue]:
    """Find companies that are not found by the words of their names."""
    for id_ in wrong_name_words(store):
        yield Issue("words_differ", {"id": id_}, (id_,))


def differing_verdicts(store: Store) -> Iterator[Issue]:
    """Find stored verdicts that differ from a fresh judgement."""
    contract = contract_in_force(store)
    for stored, fresh in compared_verdicts(stored_by_company(store), all_dossiers(store), contract):
        yield from _differing_verdicts(stored, fresh, contract)


def _differing_verdicts(
    stored: list[StoredVerdict], fresh: list[StoredVerdict], contract: Contract
) -> Iterator[Issue]:
    kept = {(verdict.record_id, verdict.target): verdict for verdict in stored}
    due = {(verdict.record_id, verdict.target): verdict for verdict in fresh}
    for key in sorted(kept.keys() | due.keys()):
        one, other = kept.get(key), due.get(key)
        if one == other:
            continue
        fields = ["outcome"]
        if one and other:
            fields = [n for n in one._fields if getattr(one, n) != getattr(other, n)]
        record_id, target = key
        facts: dict[str, Any] = {
            "id": record_id,
            "target": target,
            "name": _target_name(contract, target),
            "stored": one.outcome if one else "-",
            "fresh": other.outcome if other else "-",
            "fields": ", ".join(fields),
            "differences": {n: [getattr(one, n, None), getattr(other, n, None)] for n in fields},
        }
        yield Issue("verdict_differs", facts, (record_id,))


def differing_tallies(store: Store) -> Iterator[Issue]:
    """Find tallies that are not the sum of the stored verdicts."""
    rows = wrong_tallies(store)
    contract = contract_in_force(store) if rows else None
    for row in rows:
        yield Issue("tally_differs", {**row, "name": _target_name(contract, row["target"])})


def _target_name(contract: Contract | None, target_id: str) -> object:
    """Return the name of a target in both languages, or its id where the contract lacks it."""
    target = contract.target(target_id) if contract else None
    return target.name if target else target_id


def altered_settings(store: Store) -> Iterator[Issue]:
    """Find settings with values that kmtrack does not write; unknown names are left alone."""
    for name, value in all_settings(store):
        is_valid = False
        with suppress(*UNREADABLE):
            is_valid = _is_valid_setting(name, value)
        if not is_valid:
            yield Issue("setting_altered", {"name": name})


def _is_valid_setting(name: str, value: str) -> bool:
    if name.startswith(FOLDER_PREFIX):
        return bool(remembered_folder(name.removeprefix(FOLDER_PREFIX))) and is_folder_value(value)
    return name not in _SETTINGS or _SETTINGS[name](value)


_PARTS: Final = 3


def _are_heads(value: str) -> bool:
    heads = json.loads(value)
    return isinstance(heads, dict) and all(isinstance(head, str) for head in heads.values())


def _are_bundles(value: str) -> bool:
    bundles = json.loads(value)
    # The first version noted only the number of the last bundle.
    return isinstance(bundles, int) or all(
        isinstance(number, int) and isinstance(token, str) for number, token in bundles
    )


_SETTINGS: Final[Mapping[str, Callable[[str], bool]]] = {
    OWN_BROKER: lambda value: clean_initials(value) == value,
    RESTORED: lambda value: re.fullmatch("[0-9a-f]{32}", value) is not None,
    RESTORED_LAST: lambda value: isinstance(Restoring(*json.loads(value)).command, int),
    LAST_BUNDLED: _are_bundles,
    HEADS: _are_heads,
    COPY_OF: lambda value: isinstance(origin_from(value).last.number, int),
    LEFT_PLACES: lambda value: bool(places_from(value)),
    LOST: lambda value: all(len(each) == _PARTS for each in json.loads(value)),
}
