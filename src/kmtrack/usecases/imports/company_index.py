"""The directory of an import: which company a row names, by CVR number, id or exact name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import looks_like_cvr
from kmtrack.usecases.lookup import earlier_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kmtrack.ledger.store.base import Store

_REMEMBERED: Final = 50_000
_SHOWN: Final = 5

# What a file names most of the time, and many times over: asked for all at once.
_NUMBERED: Final = """
    SELECT id, cvr FROM company WHERE cvr IS NOT NULL AND withdrawn IS NULL LIMIT :most
"""
_BY_CVR: Final = "SELECT id, name, cvr FROM company WHERE cvr = :text AND withdrawn IS NULL"
_BY_ID: Final = "SELECT id, name, cvr FROM company WHERE id = :text AND withdrawn IS NULL"
_BY_NAME: Final = """
    SELECT id, name, cvr FROM company
    WHERE name_key = :text AND withdrawn IS NULL ORDER BY id LIMIT 6
"""
_WITHDRAWN: Final = """
    SELECT id, name, cvr, name_key, withdrawn, part_of FROM company WHERE withdrawn IS NOT NULL
"""

# Stands for a company whose own row in the file is bad: that was said there already.
BAD_IN_FILE: Final = ""
# Stands for several companies of the file that have one name.
_SEVERAL: Final = "several"


class Named(NamedTuple):
    """The company that a cell names; a company that is withdrawn refuses whatever is new."""

    cell: object
    id: str
    refusal: Refusal | None = None


class Directory:
    """Finds companies for the rows that name them, and remembers which reference is whose."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[object, Named] = {}
        self._refused: dict[object, Refusal] = {}
        self._by_cvr: dict[object, str] | None = None
        self._in_file: dict[str, str] = {}
        self._earlier = earlier_names(store)
        self._withdrawn: dict[str, Mapping[str, Any]] = {}
        for row in store.each(_WITHDRAWN):
            for text in (row["id"], row["cvr"], row["name_key"]):
                if text:
                    self._withdrawn[text] = dict(row)

    def remember(self, company_id: str, cvr: str | None, name: str | None) -> None:
        """Let what a company's own row in the file says stand for it in the rows that follow.

        The ledger may have another CVR number or name for it since the file was first read.
        """
        for text in (cvr, name_key(name) if name else None):
            if text:
                before = self._in_file.setdefault(text, company_id)
                if before != company_id:
                    self._in_file[text] = _SEVERAL

    def named(self, cells: Iterable[object]) -> list[Named]:
        """The companies that cells name; BAD_IN_FILE is the id where a company's own row is bad.

        Raises BadValue `missing_value`, `company_not_found`, `company_unclear`, or what a cell
        stands for.
        """
        known, look_up = self._known.get, self._look_up
        return [known(cell) or look_up(cell) for cell in cells]

    def _look_up(self, cell: object) -> Named:
        if len(self._known) + len(self._refused) >= _REMEMBERED:
            self._known.clear()
            self._refused.clear()
        found = self._refused.get(cell) or self._found(cell)
        if isinstance(found, Named):
            self._known[cell] = found
            return found
        self._refused[cell] = found
        raise found.with_traceback(None)  # it is kept, and would keep all that it came through

    def _found(self, cell: object) -> Named | Refusal:
        text = str(cell or "").strip()
        if not text or isinstance(cell, BadValue):
            return cell if isinstance(cell, BadValue) else BadValue("missing_value")
        if self._by_cvr is None:
            rows = self._store.all(_NUMBERED, most=_REMEMBERED)
            self._by_cvr = {cvr: company_id for company_id, cvr in rows}
        if text in self._by_cvr and text not in self._in_file:
            return Named(cell, self._by_cvr[text])
        cvr, key = looks_like_cvr(text), name_key(text)
        for statement, wanted in ((_BY_CVR, cvr), (_BY_ID, text.lower()), (_BY_NAME, key)):
            found = self._live(cell, statement, wanted) if wanted else None
            if found is not None:
                return found
        return self._not_standing(cell, (cvr, text, key))

    def _not_standing(self, cell: object, texts: tuple[str | None, ...]) -> Named | Refusal:
        """The company that was withdrawn, or that had the number or the name that is looked for."""
        gone = next((self._withdrawn[t] for t in texts if t in self._withdrawn), None)
        if gone is None:
            before = {id_ for name, id_ in self._earlier if name in texts}
            if len(before) != 1:
                return BadValue("company_not_found", value=shown(str(cell).strip()))
            [standing] = before
            if standing not in self._withdrawn:
                return Named(cell, standing)
            gone = self._withdrawn[standing]
        if gone["part_of"] is not None:
            return Named(cell, gone["part_of"])
        refusal = Refusal("company_withdrawn", name=gone["name"], reason=gone["withdrawn"])
        return Named(cell, gone["id"], refusal)

    def _live(self, cell: object, statement: str, wanted: str) -> Named | Refusal | None:
        in_file = self._in_file.get(wanted, _SEVERAL)
        if in_file != _SEVERAL:
            return Named(cell, in_file)
        rows = self._store.all(statement, text=wanted)
        if len(rows) > 1:
            named = [f"{row['name']} ({row['cvr'] or row['id']})" for row in rows]
            among = ", ".join(named[:_SHOWN]) + (", …" if len(rows) > _SHOWN else "")
            return BadValue("company_unclear", value=shown(cell), among=among)
        return Named(cell, rows[0]["id"]) if rows else None
