"""Rows of companies: each is a company of the ledger, whose gaps it fills, or a new one."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from hashlib import sha256
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue
from kmtrack.ledger.queries.companies import companies_among, live_companies
from kmtrack.ledger.queries.record_names import withdrawn_as
from kmtrack.ledger.rows import UNDONE, current_facts, in_force_since
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.ids import batches, id_from
from kmtrack.ledger.schema.names import core_of, name_key, spelling_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.usecases.companies import ALIKE, are_alike
from kmtrack.usecases.company_lookup import main_record
from kmtrack.usecases.imports.columns import ID
from kmtrack.usecases.imports.company_index import BAD_IN_FILE
from kmtrack.usecases.imports.result import KeptFact, LookAlike
from kmtrack.usecases.imports.rows import BadRow, RowReader, given_id, report_withdrawn

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.imports.result import NounResult, RowPosition
    from kmtrack.usecases.imports.rows import ImportContext, RowOutcome
    from kmtrack.usecases.imports.sheet import Cells, ImportSheet
    from kmtrack.usecases.imports.table import NumberedRow

_SHOWN: Final = 5
# The number of rows that are read together with the companies that they may mean.
_TOGETHER: Final = 500
# The number of names before and after a new one that are compared with it.
_NEAR: Final = 25


class GivenCompany(NamedTuple):
    """A row that gives the id of a company, and the facts in which the two differ."""

    position: RowPosition
    id: str
    facts: dict[str, Any]
    outcome: RowOutcome


class CompanyReader(RowReader):
    """Reads companies. Rows that give an id are kept in `given`, if they differ from their companies."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        self._finder = _Finder(context)
        self._neighbours = _Neighbours(context.session.store)
        self._ids: dict[str, tuple[RowPosition, Cells]] = {}
        self.given: list[GivenCompany] = []

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows, as every reader does, and ahead of them the companies that they may mean."""
        return super().read(self._expecting(rows))

    def _expecting(self, rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
        for some in batches(rows, _TOGETHER):
            columns = [self.sheet.column(field, some) for field in ("cvr", "name", ID)]
            numbers = [looks_like_cvr(text) for text in columns[0]]
            names = zip(columns[1], numbers or repeat(None), strict=False)
            self._finder.expect(
                cvr=set(filter(None, numbers)),
                name_key={name_key(name) for name, number in names if number is None},
                id={text.lower() for text in columns[2] if text},
            )
            yield from some
        self._finder.expect()

    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Add a company, or fill the gaps of the same one. Raises BadRow if it is unclear."""
        del links
        own_id = given_id("company", cells)
        if own_id is not None:
            before = self._ids.setdefault(own_id, (position, cells))
            if before[1] != cells:
                raise BadRow((ID, BadValue("id_twice", id=own_id, row=before[0].row)))
        try:
            same = self._finder.same_as(facts, own_id)
        except BadValue as unclear:
            raise BadRow(("name", unclear)) from None
        if same is not None:
            given = {name: facts[name] for name in facts if cells.get(name)}
            return self._fill(position, same, given, is_own=self._finder.is_id_of(own_id, same))
        self._add(position, facts, own_id or self._finder.new_id(facts))
        return "added"

    def note_bad(self, cells: Cells) -> None:
        """Note the company as bad in its own row, so that it is not called unknown in every row that names it."""
        cvr = looks_like_cvr(str(cells.get("cvr") or ""))
        self.context.companies.remember(BAD_IN_FILE, cvr, str(cells["name"] or ""))

    def _add(self, position: RowPosition, facts: dict[str, Any], company_id: str) -> None:
        other = self._neighbours.meet(company_id, facts)
        if other is not None:
            names = facts["name"], company_id, other.name, other.id
            found = LookAlike(position, *names, is_elsewhere=other.place != _place(facts))
            self.context.report.doubts.report(found)
        work = self.context.work
        add = work.add_again if company_id in self._finder.undone else work.add
        add("company", facts, company_id)
        self._finder.added(company_id, facts)
        self.context.companies.remember(company_id, facts.get("cvr"), facts["name"])

    def _fill(
        self, position: RowPosition, row: Row, given: Mapping[str, Any], *, is_own: bool
    ) -> RowOutcome:
        """Fill the gaps of a company; report where the file differs from the ledger.

        A row that gives the company's own id is to correct it instead.
        """
        if row["withdrawn"] is not None:
            report_withdrawn(self.context, position, "company", row["id"], row["withdrawn"])
            return "already_here"
        known = current_facts(row)
        missing = {name: value for name, value in given.items() if known[name] is None}
        outcome: RowOutcome = "filled_in" if missing else "already_here"
        stated = {name: value for name, value in given.items() if name not in missing}
        if is_own:
            known = CompanyFacts.shown(current_facts(row, self.context.session.clock.today))
            differing = {name: value for name, value in stated.items() if value != known[name]}
            if differing:
                self.given.append(GivenCompany(position, row["id"], differing, outcome))
        else:
            for name, value in stated.items():
                if not _agree(name, known[name], value):
                    self._differ(position, row, name, known[name], value)
        self.context.companies.remember(row["id"], given.get("cvr"), given["name"])
        since = {name: in_force_since(row, name) for name in missing}
        for day in dict.fromkeys(since.values()):
            facts = {name: value for name, value in missing.items() if since[name] == day}
            self._finder.forget(row, facts)
            row = self.context.work.edit("company", row, {"from": day, **facts} if day else facts)
            self._finder.forget(row, facts)
        return outcome

    def _differ(
        self, position: RowPosition, row: Row, field: str, ours: object, theirs: object
    ) -> None:
        since = in_force_since(row, field)
        difference = KeptFact(position, row["id"], row["name"], field, ours, theirs, since)
        self.context.report.differences.report(difference)


class _Finder:
    """Finds the company that a row means, including those that this import has added."""

    def __init__(self, context: ImportContext) -> None:
        self._store = context.session.store
        self._work = context.work
        self._unseen: set[str] = set()
        self._may_be_there = context.companies.may_be_there
        # Rows of companies by column and value, so that a server is not asked for each row of the file.
        self._expected: dict[str, dict[str, list[Row]]] = {}
        # Undone companies still have rows.
        self.undone = withdrawn_as(self._store, "company", UNDONE)

    def same_as(self, facts: Mapping[str, Any], own_id: str | None) -> Row | None:
        """Find the row of the same company, a withdrawn one only if it has the id of this very row.

        Raises BadValue `company_unclear` if several companies have that name.
        """
        cvr, key = facts.get("cvr"), name_key(facts["name"])
        first_id = _id_of(facts)
        if not self._unseen.isdisjoint((cvr, key, first_id, own_id)):
            self._work.flush()
            self._unseen.clear()
        found = self._standing(self._live("cvr", cvr))
        found = found or self._by_id(own_id)
        if not found:
            same_name = self._standing(self._live("name_key", key))
            found = [row for row in same_name if _may_be_same(row, facts)]
            found = [row for row in found if _is_spelled_alike(row["name"], facts["name"])]
        if len(found) > 1:
            named = ", ".join(
                f"{row['name']} ({row['cvr'] or row['id']})" for row in found[:_SHOWN]
            )
            raise BadValue("company_unclear", value=shown(facts["name"]), among=named)
        if not found:
            # Read before, and its number or name corrected since.
            found = self._by_id(first_id)
            if found and not self._was_called(found[0], facts["name"], has_number=bool(cvr)):
                found = []
        return found[0] if found else None

    def _was_called(self, row: Row, name: str, *, has_number: bool) -> bool:
        """Return whether a row with that name may have added the company which has its id.

        Without a CVR number, names that only look alike belong to two companies.
        """
        if has_number:
            return _alike(row["name"], name)
        if name_key(row["name"]) != name_key(name):
            return True  # it was called anew since
        entries = entries_on(self._store, "company", [row["id"]])
        names = [row["name"], *(entry.facts["name"] for entry in entries if "name" in entry.facts)]
        return any(_is_spelled_alike(each, name) for each in names)

    def is_id_of(self, own_id: str | None, row: Row) -> bool:
        """Return whether an id belongs to a company, or to one of its records."""
        return any(found["id"] == row["id"] for found in self._by_id(own_id))

    def added(self, company_id: str, facts: Mapping[str, Any]) -> None:
        """Note a company that queries do not find yet."""
        self.undone.discard(company_id)
        self.forget({"id": company_id, "cvr": None, "name_key": None}, facts)
        self._unseen.update((company_id, facts.get("cvr") or "", name_key(facts["name"])))

    def new_id(self, facts: Mapping[str, Any]) -> str:
        """Return the id derived from these facts, or the next one if another company has it."""
        times = 0
        while (id_ := _id_of(facts, times)) not in self.undone and self._by_id(id_):
            times += 1
        return _id_of(facts, times)

    def _by_id(self, company_id: str | None) -> list[Row]:
        if company_id in self.undone or not self._may_be_there(company_id):
            return []
        return self._standing(self._rows("id", company_id))

    def _live(self, column: str, value: str | None) -> list[Row]:
        """Return the companies with a CVR number or name key that are not withdrawn."""
        if not self._may_be_there(value):
            return []
        return [row for row in self._rows(column, value) if row["withdrawn"] is None]

    def _rows(self, column: str, value: str) -> list[Row]:
        found = self._expected.get(column, {}).get(value)
        return companies_among(self._store, column, [value])[value] if found is None else found

    def expect(self, **values: Collection[str]) -> None:
        """Read ahead the companies with these values, by column, and drop those read before."""
        self._expected = {
            column: companies_among(self._store, column, some) for column, some in values.items()
        }

    def forget(self, row: Row, facts: Mapping[str, Any]) -> None:
        """Discard the answers about a company that changes, or gets these facts."""
        for column, expected in self._expected.items():
            expected.pop(row[column] or "", None)
            expected.pop(facts.get(column) or "", None)
        self._expected.get("name_key", {}).pop(name_key(facts.get("name") or ""), None)

    def _standing(self, rows: Iterable[Row]) -> list[Row]:
        return [main_record(self._store, row) for row in rows]


class _Neighbour(NamedTuple):
    """A company in the form for comparison; `core` is its name without the legal form."""

    core: str
    id: str
    name: str
    has_cvr: bool
    place: str


_Sorted = tuple[str, _Neighbour]


class _Neighbours:
    """The companies of each municipality, to find those that a new one there looks like.

    A company with the same name elsewhere is found too. Names that look alike are near each other
    in alphabetical order, by their beginnings or by their ends. Only a few are compared: all pairs
    of a large file would take too long.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._by_place: dict[str, tuple[list[_Sorted], list[_Sorted]]] | None = None
        self._by_core: dict[str, _Neighbour] = {}

    def meet(self, company_id: str, facts: Mapping[str, Any]) -> _Neighbour | None:
        """Add a new company; return one that it looks like, unless both have a CVR number."""
        if self._by_place is None:
            self._by_place = self._all_but(company_id)
        new = _neighbour(company_id, facts)
        near: dict[str, _Neighbour] = {}
        for in_order, key in zip(self._by_place[_place(facts)], _sort_keys(new), strict=True):
            at = bisect(in_order, (key, new))
            near.update(
                (other.id, other)
                for _, other in in_order[max(0, at - _NEAR) : at + _NEAR]
                if not (other.has_cvr and new.has_cvr)
            )
            in_order.insert(at, (key, new))
        same = self._same_name(new)
        return next((near[id_] for id_ in _alike_ids(new, near)), same)

    def _same_name(self, company: _Neighbour) -> _Neighbour | None:
        """Add a company; return the one with its name, unless both have a CVR number.

        Of several the one without a number is kept: it resembles any other.
        """
        before = self._by_core.get(company.core)
        if before is None or (before.has_cvr and not company.has_cvr):
            self._by_core[company.core] = company
        return None if before is None or (before.has_cvr and company.has_cvr) else before

    def _all_but(self, company_id: str) -> dict[str, tuple[list[_Sorted], list[_Sorted]]]:
        by_place: dict[str, tuple[list[_Sorted], list[_Sorted]]] = defaultdict(lambda: ([], []))
        for row in live_companies(self._store):
            if row["id"] != company_id:
                facts = current_facts(dict(row))
                known = _neighbour(row["id"], facts)
                self._same_name(known)
                for names, key in zip(by_place[_place(facts)], _sort_keys(known), strict=True):
                    names.append((key, known))
        for pair in by_place.values():
            for in_order in pair:
                in_order.sort()
        return by_place


def _neighbour(company_id: str, facts: Mapping[str, Any]) -> _Neighbour:
    core = core_of(name_key(facts["name"]))
    return _Neighbour(core, company_id, facts["name"], bool(facts.get("cvr")), _place(facts))


def _place(facts: Mapping[str, Any]) -> str:
    return facts.get("municipality") or ""


def _sort_keys(company: _Neighbour) -> tuple[str, str]:
    """Return the keys that sort a name among others: by its beginning, and by its end."""
    return company.core, company.core[::-1]


def _alike_ids(new: _Neighbour, near: Mapping[str, _Neighbour]) -> Iterator[str]:
    """Yield the ids of companies whose names look like a new one's, the most similar first.

    Names that look alike have enough letters in common, in their order, which is much faster to
    test.
    """
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extract

    cores = {id_: other.core for id_, other in near.items()}
    found = extract(
        new.core, cores, scorer=Indel.normalized_similarity, score_cutoff=ALIKE, limit=None
    )
    return (id_ for core, _, id_ in found if are_alike(core, new.core))


def _id_of(facts: Mapping[str, Any], times: int = 0) -> str:
    """Return the derived id of a company: the same for any file, in whichever ledger it is read."""
    naming = facts.get("cvr") or f"{name_key(facts['name'])}\x1f{facts.get('municipality', '')}"
    return id_from("company", sha256(f"company\x1f{naming}\x1f{times or ''}".encode()).digest())


def _may_be_same(row: Row, facts: Mapping[str, Any]) -> bool:
    """Return whether a company with the same name contradicts neither number nor municipality."""
    pairs = [
        (row["cvr"], facts.get("cvr")),
        (current_facts(row)["municipality"], facts.get("municipality")),
    ]
    return all(one is None or other is None or one == other for one, other in pairs)


def _agree(field: str, ours: object, theirs: object) -> bool:
    if field == "name":
        return _alike(str(ours), str(theirs))
    return bool(ours) == theirs if isinstance(theirs, bool) else ours == theirs


def _is_spelled_alike(one: str, other: str) -> bool:
    return spelling_of(one) == spelling_of(other)


def _alike(one: str, other: str) -> bool:
    return are_alike(core_of(name_key(one)), core_of(name_key(other)))
