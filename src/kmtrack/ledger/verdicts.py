"""Verdicts: judge companies, and store the changes of their verdicts and of the tallies."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from functools import cache, lru_cache, partial
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.ledger.dossiers import DossierReader, all_dossiers, dossier_of
from kmtrack.ledger.json_text import as_json
from kmtrack.rules.judgement import Judge, judge
from kmtrack.rules.tallies import Tally

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.amendment_reach import Reach
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.dossier import Dossier
    from kmtrack.rules.judgement import Verdict

    OnVerdicts = Callable[[Sequence["StoredVerdict"], Sequence["StoredVerdict"]], None]

# Up to here, one look-up for each company is quicker than a walk through them all.
_FEW = 50
_CHUNK = 1000
_NO_REASONS = "[]"

_STORED = """
    SELECT company_id, record_id, target, noun, day, outcome, reasons, municipality, brokers
    FROM verdict
"""
_REACHED = """
    SELECT DISTINCT company_id FROM verdict
    WHERE day BETWEEN :one AND :until_one OR day BETWEEN :other AND :until_other
    OR municipality IN (SELECT value FROM json_each(:municipalities))
    OR day = '' AND company_id IN (SELECT id FROM company WHERE later IS NOT NULL)
"""


_TALLIED = itemgetter(2, 5, 4)


class StoredVerdict(NamedTuple):
    """A verdict as stored: `day` is "" if no day is agreed, `reasons` is JSON."""

    company_id: str
    record_id: str
    target: str
    noun: str
    day: str
    outcome: str
    reasons: str
    municipality: str | None
    brokers: str


class VerdictChange(NamedTuple):
    """A record whose verdicts changed: its outcome for each of its targets, before and after."""

    noun: str
    id: str
    day: str
    before: dict[str, str]
    after: dict[str, str]


class JudgedCompany(NamedTuple):
    """A company's dossier, and the verdicts on all its records with every answer.

    `stored_before` are the verdicts that these replaced, if they were read.
    """

    dossier: Dossier
    verdicts: list[Verdict]
    stored_before: Sequence[StoredVerdict] = ()

    def verdicts_on(self, record_id: str) -> list[Verdict]:
        """Return the verdicts on one record, in the order of the contract's targets."""
        return [verdict for verdict in self.verdicts if verdict.record_id == record_id]

    def changes(self) -> list[VerdictChange]:
        """Return the records whose outcome for a target changed, in the order of their days."""
        changes: dict[str, VerdictChange] = {}
        before = {(old.record_id, old.target): old for old in self.stored_before}
        for new in self.verdicts:
            old = before.pop((new.record_id, new.target), None)
            if old is None or old.outcome != new.outcome:
                day = _iso(new.day) if new.day else ""
                change = _change_in(changes, new.record_id, new.noun, day)
                change.after[new.target] = new.outcome
                if old is not None:
                    change.before[old.target] = old.outcome
        for old in before.values():
            change = _change_in(changes, old.record_id, old.noun, old.day)
            change.before[old.target] = old.outcome
        return sorted(changes.values(), key=attrgetter("day", "id"))


def changes_of(judged: Mapping[str, JudgedCompany]) -> list[VerdictChange]:
    """Return the records of all these companies whose outcome for a target changed."""
    return [change for company in judged.values() for change in company.changes()]


def tallies_after(
    before: Mapping[str, Tally], judged: Mapping[str, JudgedCompany]
) -> dict[str, Tally]:
    """Return the tallies by target after these companies were judged, from those before."""
    after = dict(before)
    for change in changes_of(judged):
        for outcomes, step in ((change.before, -1), (change.after, 1)):
            for target, outcome in outcomes.items():
                tally = after.get(target, Tally())
                after[target] = tally._replace(**{outcome: getattr(tally, outcome) + step})
    return after


def _change_in(
    changes: dict[str, VerdictChange], record_id: str, noun: str, day: str
) -> VerdictChange:
    return changes.setdefault(record_id, VerdictChange(noun, record_id, day, {}, {}))


def judge_company(store: Store, contract: Contract, company_id: str) -> JudgedCompany | None:
    """Read the dossier of one company and judge it; None if it is unknown or withdrawn."""
    dossier = dossier_of(store, company_id)
    return None if dossier is None else JudgedCompany(dossier, judge(dossier, contract))


def fresh_verdicts(dossier: Dossier, by: Judge) -> list[StoredVerdict]:
    """Compute the verdicts for a dossier."""
    return [_as_stored(dossier.company.id, verdict) for verdict in by.verdicts(dossier)]


def _as_stored(company_id: str, verdict: Verdict) -> StoredVerdict:
    reasons = tuple([(rule, answer.reason) for rule, answer in verdict.reasons])
    return StoredVerdict(
        company_id,
        verdict.record_id,
        verdict.target,
        verdict.noun,
        _iso(verdict.day) if verdict.day else "",
        verdict.outcome,
        _reasons(reasons) if reasons else _NO_REASONS,
        verdict.municipality,
        verdict.brokers,
    )


# Many records have the same day.
_iso = lru_cache(maxsize=4096)(date.isoformat)


@cache
def _reasons(reasons: tuple[tuple[str, str], ...]) -> str:
    """Return the reasons that decide a verdict, in their stored form."""
    return as_json(reasons)


def stored_verdicts(
    store: Store, company_id: str, record_id: str | None = None
) -> list[StoredVerdict]:
    """Read the verdicts stored for one company, or for one of its records."""
    where = "WHERE company_id = :company_id AND (:record_id IS NULL OR record_id = :record_id)"
    rows = store.each(_STORED + where, company_id=company_id, record_id=record_id)
    return [StoredVerdict(*row) for row in rows]


def rejudge(
    store: Store, contract: Contract, company_ids: Iterable[str], tell: OnVerdicts | None = None
) -> dict[str, JudgedCompany]:
    """Judge these companies, and store the changes of their verdicts and of the tallies.

    The companies that succeeded them are judged too, as they share the history. `tell` is called
    with the verdicts on each company, those stored and the new ones. Return the companies as
    judged, by id; none if there are more than a few, as no caller needs them then.
    """
    reader, writer = DossierReader(store), _VerdictWriter(store, tell)
    found: dict[str, JudgedCompany] = {}
    due, done = set(company_ids), set[str]()
    while due:
        if len(due) <= _FEW:
            found.update(_rejudge_few(store, contract, reader, writer, due))
        else:
            _rejudge_many(store, contract, reader, writer, due)
        done |= due
        due = reader.successors - done
    writer.finish()
    return found if len(done) <= _FEW else {}


def _rejudge_few(
    store: Store,
    contract: Contract,
    reader: DossierReader,
    writer: _VerdictWriter,
    company_ids: Iterable[str],
) -> Iterator[tuple[str, JudgedCompany]]:
    ordered = sorted(company_ids)
    for company_id in ordered:
        reader.foresee(company_id)
        store.foresee(partial(stored_verdicts, store, company_id))
    for company_id in ordered:
        dossier = reader.of(company_id)
        stored = stored_verdicts(store, company_id)
        verdicts = judge(dossier, contract) if dossier else []
        if dossier is not None:
            yield company_id, JudgedCompany(dossier, verdicts, stored)
        writer.replace(stored, [_as_stored(company_id, verdict) for verdict in verdicts])


def _rejudge_many(
    store: Store,
    contract: Contract,
    reader: DossierReader,
    writer: _VerdictWriter,
    company_ids: Iterable[str],
) -> None:
    store.run("CREATE TEMP TABLE touched (id TEXT PRIMARY KEY)")
    store.run_many("INSERT INTO touched VALUES (:id)", ({"id": id_} for id_ in sorted(company_ids)))
    all_stored = stored_by_company(store, "WHERE company_id IN (SELECT id FROM touched)")
    for old, fresh in compared_verdicts(all_stored, reader.touched(), contract):
        writer.replace(old, fresh)
    store.run("DROP TABLE touched")


def companies_reached(store: Store, reach: Reach) -> set[str]:
    """Return the companies with verdicts that an amendment may change.

    A record without a day depends on every state of its company in the period, and on every place.
    """
    never = (date.max, date.min)
    one, other, *_ = (*reach.days, never, never)
    named = {
        "one": _iso(one[0]),
        "until_one": _iso(one[1]),
        "other": _iso(other[0]),
        "until_other": _iso(other[1]),
        "municipalities": json.dumps(sorted(reach.municipalities)),
    }
    return {row["company_id"] for row in store.each(_REACHED, **named)}


def rejudge_all(store: Store, contract: Contract, tell: OnVerdicts | None = None) -> None:
    """Judge every company, as an amended contract requires; `tell` as for `rejudge`."""
    writer = _VerdictWriter(store, tell)
    for old, fresh in compared_verdicts(stored_by_company(store), all_dossiers(store), contract):
        writer.replace(old, fresh)
    writer.finish()


def stored_by_company(store: Store, where: str = "") -> Iterator[tuple[str, list[StoredVerdict]]]:
    """Yield the stored verdicts of each company that has any, in the order of their ids."""
    rows = store.each(f"{_STORED} {where} ORDER BY company_id")
    for company_id, group in groupby(rows, key=itemgetter(0)):
        yield company_id, [StoredVerdict(*row) for row in group]


def compared_verdicts(
    stored: Iterator[tuple[str, list[StoredVerdict]]],
    dossiers: Iterator[Dossier],
    contract: Contract,
) -> Iterator[tuple[list[StoredVerdict], list[StoredVerdict]]]:
    """Yield the stored and the fresh verdicts of each company, in the order of the ids."""
    by = Judge(contract)
    found = next(stored, None)
    for dossier in dossiers:
        company_id = dossier.company.id
        while found is not None and found[0] < company_id:
            yield found[1], []
            found = next(stored, None)
        if found is not None and found[0] == company_id:
            yield found[1], fresh_verdicts(dossier, by)
            found = next(stored, None)
        else:
            yield [], fresh_verdicts(dossier, by)
    while found is not None:
        yield found[1], []
        found = next(stored, None)


class VerdictComparison:
    """Compares the stored verdicts with those on companies that the caller judges for another purpose.

    Add every dossier, in the order of their ids. Nothing is read before the first: temporary tables
    cannot be dropped while a query is under way.
    """

    def __init__(self, store: Store) -> None:
        self._stored = stored_by_company(store)
        # What was read but belongs to a company that is still to be added.
        self._ahead: tuple[str, list[StoredVerdict]] | None = None
        self._is_same = True

    def add(self, company_id: str, verdicts: Iterable[Verdict]) -> None:
        """Compare the verdicts on one company."""
        found = self._ahead or next(self._stored, None)
        is_ahead = found is not None and found[0] > company_id
        self._ahead = found if is_ahead else None
        # Verdicts of an earlier company belong to one without a dossier: they differ.
        stored = [] if found is None or is_ahead else found[1]
        self._is_same &= {_as_stored(company_id, verdict) for verdict in verdicts} == set(stored)

    def is_same(self) -> bool:
        """Return, after every company was added, whether all stored verdicts equal the judged ones."""
        return self._is_same and (self._ahead or next(self._stored, None)) is None


class _VerdictWriter:
    """Collect what changed and write it in chunks."""

    def __init__(self, store: Store, tell: OnVerdicts | None = None) -> None:
        self._store = store
        self._tell = tell
        self._gone: list[StoredVerdict] = []
        self._new: list[StoredVerdict] = []
        self._tally: Counter[tuple[str, str, str]] = Counter()

    def replace(self, old: list[StoredVerdict], new: list[StoredVerdict]) -> None:
        if self._tell is not None:
            self._tell(old, new)
        if old:
            before, after = set(old), set(new)
            self._gone += [verdict for verdict in old if verdict not in after]
            new = [verdict for verdict in new if verdict not in before]
        self._new += new
        if len(self._new) + len(self._gone) >= _CHUNK:
            self._flush()

    def finish(self) -> None:
        self._flush()
        self._store.add_to_tally(self._tally)

    def _flush(self) -> None:
        # All of it belongs to companies already passed: no query under way sees it.
        if self._gone or self._new:
            self._store.replace_verdicts(self._gone, self._new)
        self._tally.subtract(map(_TALLIED, self._gone))
        self._tally.update(map(_TALLIED, self._new))
        self._gone.clear()
        self._new.clear()
