"""The contact persons that the rows of an import name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.facts import Mistakes
from kmtrack.ledger.schema.people import PersonFacts
from kmtrack.usecases.imports.rows import Statements

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.usecases.imports.context import ImportContext

_REMEMBERED: Final = 50_000
_PERSON: Final = "SELECT id FROM person WHERE company_id = :company_id AND name = :name"


class People:
    """The contact persons that rows name; one of a name at a company is one person."""

    def __init__(self, job: ImportContext, today: date) -> None:
        self._job = job
        self._statements = Statements(PersonFacts, today, {"name": 0})
        self._known: dict[tuple[str, str], str] = {}

    def name_in(self, cell: object) -> str | None:
        """The name that a cell states, if it states one. Raises BadValue."""
        if not str(cell).strip():
            return None
        try:
            name: str = self._statements.state([cell])["name"]
        except Mistakes as mistakes:
            raise mistakes.mistakes[0].error from None
        return name

    def id_of(self, name: str, company_id: str) -> str:
        """The id of the person of that name at a company, who is added if not there yet."""
        key = (company_id, name)
        if key not in self._known:
            if len(self._known) >= _REMEMBERED:
                self._job.change.flush()  # whom the cache forgets, the ledger must know
                self._known.clear()
            row = self._job.session.store.one(_PERSON, company_id=company_id, name=name)
            found = row["id"] if row else self._job.change.add_person(name, company_id)
            self._known[key] = found
        return self._known[key]
