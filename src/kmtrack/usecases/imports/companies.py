"""Company rows: each is the same company as one in the ledger, whose gaps it fills, or a new one."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.facts import Mistakes
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.schema.names import core_of, name_key
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.usecases.companies import are_alike
from kmtrack.usecases.imports.columns import ID
from kmtrack.usecases.imports.company_index import BAD_IN_FILE
from kmtrack.usecases.imports.context import whole_id
from kmtrack.usecases.imports.duplicates import Neighbours
from kmtrack.usecases.imports.result import CellPosition, Difference, Doubt, NounResult
from kmtrack.usecases.imports.rows import Statements
from kmtrack.usecases.lookup import standing_row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.usecases.imports.context import ImportContext, Sheet
    from kmtrack.usecases.imports.table import NumberedRow

_BY_CVR: Final = "SELECT * FROM company WHERE cvr = :cvr AND withdrawn IS NULL"
_BY_NAME: Final = "SELECT * FROM company WHERE name_key = :key AND withdrawn IS NULL"
_BY_ID: Final = "SELECT * FROM company WHERE id = :id"
_SHOWN: Final = 5


class CompanyRows:
    """Reads the rows of one sheet of companies."""

    def __init__(self, job: ImportContext, sheet: Sheet) -> None:
        self._result = NounResult("company")
        self._job = job
        self._sheet = sheet
        self._statements = Statements(CompanyFacts, job.session.clock.today, sheet.positions)
        self._finder = _Finder(job)
        self._neighbours = Neighbours(job.session.store)

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; how many were added, were here already, or had gaps that were filled."""
        for number, row in rows:
            self._take(number, self._sheet.fitted(number, row))
        self._job.change.flush()  # the rows of other sheets are to find these companies
        return self._result

    def _take(self, number: int, row: Sequence[object]) -> None:
        cells = self._sheet.cells(row)
        if not cells:
            return
        try:
            facts = self._statements.state(row)
            given_id = whole_id("company", cells.get(ID))
            same = self._finder.same_as(facts, given_id)
        except Mistakes as mistakes:
            self._sheet.mistakes(number, cells, mistakes)
            self._remember_bad(cells)
        except BadValue as unclear:
            self._sheet.mistake(number, "name", cells["name"], unclear)
            self._remember_bad(cells)
        else:
            place = CellPosition(self._sheet.title, number)
            if same is None:
                self._add(place, facts, given_id)
            else:
                given = {name: facts[name] for name in facts if cells.get(name)}
                self._compare(place, same, given)

    def _add(self, place: CellPosition, facts: dict[str, Any], given_id: str | None) -> None:
        company_id = given_id or self._finder.new_id(facts)
        other = self._neighbours.meet(company_id, facts)
        if other is not None:
            self._job.report.doubt(Doubt(place, facts["name"], company_id, other.name, other.id))
        self._job.change.add("company", facts, company_id)
        self._finder.added(company_id, facts)
        self._job.directory.remember(company_id, facts.get("cvr"), facts["name"])
        self._result = self._result._replace(added=self._result.added + 1)

    def _compare(self, place: CellPosition, row: Row, given: Mapping[str, Any]) -> None:
        if row["withdrawn"] is not None:
            self._differ(place, row, "withdrawn", row["withdrawn"], None)
            self._result = self._result._replace(already_here=self._result.already_here + 1)
            return
        known = current_facts(row)
        missing = {name: value for name, value in given.items() if known[name] is None}
        for name, value in given.items():
            if name not in missing and not _agree(name, known[name], value):
                self._differ(place, row, name, known[name], value)
        self._job.directory.remember(row["id"], given.get("cvr"), given["name"])
        if missing:
            self._job.change.edit("company", row, missing)
            self._result = self._result._replace(filled_in=self._result.filled_in + 1)
        else:
            self._result = self._result._replace(already_here=self._result.already_here + 1)

    def _differ(
        self, place: CellPosition, row: Row, field: str, ours: object, theirs: object
    ) -> None:
        difference = Difference(place, row["id"], row["name"], field, ours, theirs)
        self._job.report.difference(difference)

    def _remember_bad(self, cells: Mapping[str, object]) -> None:
        """Do not call the company unknown in every row that names it: its own row is bad."""
        cvr = looks_like_cvr(str(cells.get("cvr") or ""))
        self._job.directory.remember(BAD_IN_FILE, cvr, str(cells["name"] or ""))


class _Finder:
    """Finds the company that a row is about, also among those that this import has added."""

    def __init__(self, job: ImportContext) -> None:
        self._store = job.session.store
        self._change = job.change
        self._unseen: set[str] = set()

    def same_as(self, facts: Mapping[str, Any], given_id: str | None) -> Row | None:
        """The row of the same company, withdrawn only if it has the id of this very statement.

        Raises BadValue `company_unclear` where several companies have that name.
        """
        cvr, key = facts.get("cvr"), name_key(facts["name"])
        first_id = _id_of(facts)
        if not self._unseen.isdisjoint((cvr, key, first_id, given_id)):
            self._change.flush()
            self._unseen.clear()
        found = self._all(_BY_CVR, cvr=cvr) if cvr else []
        found = found or (self._all(_BY_ID, id=given_id) if given_id else [])
        found = found or [row for row in self._all(_BY_NAME, key=key) if _may_be_same(row, facts)]
        if len(found) > 1:
            named = ", ".join(
                f"{row['name']} ({row['cvr'] or row['id']})" for row in found[:_SHOWN]
            )
            raise BadValue("company_unclear", value=shown(facts["name"]), among=named)
        if not found:
            # Read before, and its number or name corrected since.
            found = self._all(_BY_ID, id=first_id)
            if found and cvr and not _alike(found[0]["name"], facts["name"]):
                found = []
        return found[0] if found else None

    def added(self, company_id: str, facts: Mapping[str, Any]) -> None:
        """Note a company that queries do not see yet."""
        self._unseen.update((company_id, facts.get("cvr") or "", name_key(facts["name"])))

    def new_id(self, facts: Mapping[str, Any]) -> str:
        """The id that belongs to these facts; another one where a company has it that is not this."""
        times = 0
        while self._all(_BY_ID, id=_id_of(facts, times)):
            times += 1
        return _id_of(facts, times)

    def _all(self, statement: str, **named: object) -> list[Row]:
        rows = (dict(row) for row in self._store.all(statement, **named))
        return [standing_row(self._store, row) for row in rows]


def _id_of(facts: Mapping[str, Any], times: int = 0) -> str:
    """The same id for the same company of any file, in whichever ledger it is read."""
    naming = facts.get("cvr") or f"{name_key(facts['name'])}\x1f{facts.get('municipality', '')}"
    return id_from("company", sha256(f"company\x1f{naming}\x1f{times or ''}".encode()).digest())


def _may_be_same(row: Row, facts: Mapping[str, Any]) -> bool:
    """Whether a company of the same name contradicts neither number nor municipality."""
    pairs = [
        (row["cvr"], facts.get("cvr")),
        (current_facts(row)["municipality"], facts.get("municipality")),
    ]
    return all(one is None or other is None or one == other for one, other in pairs)


def _agree(field: str, ours: object, theirs: object) -> bool:
    if field == "name":
        return _alike(str(ours), str(theirs))
    return bool(ours) == theirs if isinstance(theirs, bool) else ours == theirs


def _alike(one: str, other: str) -> bool:
    return are_alike(core_of(name_key(one)), core_of(name_key(other)))
