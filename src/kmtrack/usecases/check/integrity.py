"""The integrity of a ledger: its tables, its chain of entries, and all that is computed from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.dossiers import all_dossiers
from kmtrack.ledger.imported_rows import are_places_altered
from kmtrack.ledger.moments import wrong_moments
from kmtrack.ledger.name_words import wrong_name_words
from kmtrack.ledger.projection import Projection
from kmtrack.ledger.queries.integrity import (
    records_by_id,
    wrong_tallies,
)
from kmtrack.ledger.rows import differing_columns
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS, TABLES
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.ledger.store.objects import differing_objects
from kmtrack.ledger.verdicts import StoredVerdict, compared_verdicts, stored_by_company
from kmtrack.usecases.check.commands import altered_commands
from kmtrack.usecases.check.entries import altered_entries, altered_persons
from kmtrack.usecases.check.issues import UNREADABLE, Issue
from kmtrack.usecases.check.settings import altered_settings
from kmtrack.usecases.percentage import Percentage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.contract import Contract

# How many checks there are, and how many percent of the work; the rest is looking for warnings.
_CHECKS: Final = 10
_OF_THE_WHOLE: Final = 90


def damage_in(
    store: Store, advance: Callable[[int], None] | None = None, *, but_verdicts: bool = False
) -> list[Issue]:
    """Return pages, tables, entries, rows and verdicts that are not as kmtrack wrote them.

    `advance` is called with the percentage done, check by check. With `but_verdicts` it does not
    judge every company once more, for a caller that does so itself.
    """
    missing = list(missing_tables(store))
    lost = {issue.facts["table"] for issue in missing}
    found = [Issue(problem.kind, problem.facts) for problem in store.problems()]
    # A reference into a lost table is no damage of its own.
    damage = missing + [issue for issue in found if issue.facts.get("parent") not in lost]
    if any(issue.kind == "integrity" for issue in damage):
        return damage  # the other checks need pages that SQLite can read
    checks = _checks(store, lost, but_verdicts=but_verdicts)
    if advance:
        checks = Percentage(_CHECKS, advance, _OF_THE_WHOLE).over(checks)
    return damage + [issue for check in checks for issue in check]


def faults_in(
    store: Store, advance: Callable[[int], None] | None = None, *, but_verdicts: bool = False
) -> list[Issue]:
    """Return every fault for which `check` calls a ledger damaged: those of its schema, then as `damage_in`."""
    return [*altered_schema(store), *damage_in(store, advance, but_verdicts=but_verdicts)]


def is_damaged(store: Store) -> bool:
    """Return whether the content of an open ledger is damaged; an altered schema alone loses nothing."""
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
    """Find tables, indexes, views and triggers that are missing, extra or unlike those of a new ledger.

    A lost table, with everything on it, and one that lacks columns are reported by
    `missing_tables`.
    """
    due = store.due_schema()
    differing = [] if due is None else [*differing_objects(store.schema(), due)]
    # A ledger as it should be is not asked for its tables once more.
    lost = {issue.facts["table"] for issue in missing_tables(store)} if differing else set()
    for what, (kind, name) in differing:
        if not lost or (what != "missing" and name not in lost):
            facts = {"object": name, "of": kind, "kind": Phrase(f"schema.{kind}")}
            yield Issue(f"object_{what}", facts)


def _checks(store: Store, lost: set[str], *, but_verdicts: bool) -> Iterator[Iterator[Issue]]:
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
    judged = {"company", "succession", *EVENTS, "contract", "verdict"}
    if lost.isdisjoint(judged) and not but_verdicts:
        yield _until_unreadable("differing_verdicts", differing_verdicts(store))
    if lost.isdisjoint({"verdict", "tally"}):
        yield _until_unreadable("differing_tallies", differing_tallies(store))
    if "setting" not in lost:
        yield altered_settings(store)
        if "imported_row" not in lost:
            yield _altered_places(store)


def _until_unreadable(check: str, issues: Iterator[Issue]) -> Iterator[Issue]:
    """Pass on what a check finds; if it meets something unreadable, report that and stop."""
    try:
        yield from issues
    except (*UNREADABLE, Refusal):
        yield Issue("unreadable", {"of": check, "look": Phrase(f"check.look.{check}")})


def _altered_places(store: Store) -> Iterator[Issue]:
    """Find that it was changed where records were read from."""
    if are_places_altered(store):
        yield Issue("places_altered", {})


def _wrong_moments(store: Store) -> Iterator[Issue]:
    """Find commands whose moment is not the one in force."""
    for number, at, due in wrong_moments(store):
        yield Issue("moment_differs", {"number": number, "at": at, "due": due})


def differing_rows(store: Store, nouns: Iterable[str]) -> Iterator[Issue]:
    """Find rows of these nouns that differ from the projection of their entries."""
    expected = Projection(store)
    for noun in nouns:
        yield from _differing_rows(store, noun, expected)


def _differing_rows(store: Store, noun: str, expected: Projection) -> Iterator[Issue]:
    for due, row in wrong_rows(store, noun, expected):
        id_ = (due or row or {})["id"]
        if due is None:
            yield Issue("row_without_entry", {"noun": noun, "id": id_}, (id_,))
        elif row is None:
            yield Issue("row_missing", {"noun": noun, "id": id_}, (id_,))
        else:
            fields = ", ".join(differing_columns(noun, due, row))
            yield Issue("row_differs", {"noun": noun, "id": id_, "fields": fields}, (id_,))


def wrong_rows(
    store: Store, noun: str, expected: Projection
) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield the rows of a noun as they should be and as they are stored, if the two differ.

    None stands for a row that should not exist, or that is missing.
    """
    values = NOUNS[noun].values
    stored = records_by_id(store, noun)
    row = next(stored, None)
    for due in expected.rows(noun):
        while row is not None and row["id"] < due["id"]:
            yield None, dict(row)
            row = next(stored, None)
        if row is None or row["id"] != due["id"]:
            yield due, None
            continue
        if values(due) != values(row) and differing_columns(noun, due, dict(row)):
            yield due, dict(row)
        row = next(stored, None)
    while row is not None:
        yield None, dict(row)
        row = next(stored, None)


def differing_words(store: Store) -> Iterator[Issue]:
    """Find companies that cannot be found by the words of their names."""
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
    """Return the name of a target in both languages, or its id if the contract lacks it."""
    target = contract.target(target_id) if contract else None
    return target.name if target else target_id
