"""Rows of records: each is stored once, however often it is read."""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.json_text import as_json
from kmtrack.ledger.queries.methods import live_methods
from kmtrack.ledger.queries.record_names import withdrawal_by_id
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.deliverables import refuse_what_does_not_fit
from kmtrack.usecases.doubts import NO_ANSWERS
from kmtrack.usecases.imports.rows import (
    BadRow,
    RowReader,
    given_id,
    report_withdrawn,
    text_of,
)
from kmtrack.usecases.known_brokers import with_known_brokers
from kmtrack.usecases.lookup import find_deliverable, find_point

if TYPE_CHECKING:
    from kmtrack.rules.contract import Contract, Target
    from kmtrack.usecases.imports.result import RowPosition
    from kmtrack.usecases.imports.rows import ImportContext, RowOutcome
    from kmtrack.usecases.imports.sheet import Cells, ImportSheet

# The field to blame for a refused step, if it is not the step itself.
_FIELDS: Final = {
    "unknown_point": "point",
    "ambiguous_point": "point",
    "point_near": "point",
    "before_contract": "date",
}


class RecordReader(RowReader):
    """Reads rows whose ids are derived from their content, so that none is stored twice."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        self._here = self.here()

    def here(self) -> dict[str, str | None]:
        """Return why each record of the noun was withdrawn; UNDONE for one that is no longer here."""
        return withdrawal_by_id(self.context.session.store, self.sheet.noun)

    def is_known(self, position: RowPosition, cells: Cells) -> bool:
        """Return whether the ledger has a record with the id that a row gives."""
        record_id = given_id(self.sheet.noun, cells)
        return record_id is not None and self._is_here(position, record_id)

    def _is_here(self, position: RowPosition, record_id: str) -> bool:
        """Return whether the ledger has a record; report a withdrawn one."""
        withdrawn = self._here.get(record_id, UNDONE)
        if withdrawn is not None and withdrawn != UNDONE:
            report_withdrawn(self.context, position, self.sheet.noun, record_id, withdrawn)
        return withdrawn != UNDONE

    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Store a record, unless its id is here. Raises BadRow."""
        record_id = given_id(self.sheet.noun, cells) or self.id_of(facts, links)
        if self._is_here(position, record_id):
            return "already_here"
        work, stated = self.context.work, self.stated(facts, links)
        add = work.add_again if record_id in self._here else work.add
        add(self.sheet.noun, stated, record_id)
        self._here[record_id] = None
        return "added"

    def id_of(self, facts: dict[str, Any], links: dict[str, Any]) -> str:
        """Return the id of a row, the same on every import by anyone."""
        own = {n: value for n, value in facts.items() if n != "broker" and n not in links}
        return id_of_text(self.sheet.noun, as_json({**own, **links}))

    def stated(self, facts: dict[str, Any], links: dict[str, Any]) -> dict[str, Any]:
        """Return the facts of a new record. Raises BadRow."""
        del links
        broker = facts.get("broker") or self.for_blanks.get("broker") or self.context.session.broker
        found = {**facts, "broker": broker} if broker else facts
        # The broker is not part of a row's identity: that is settled when the file is read.
        return with_known_brokers(self.context.work, self.facts, found, self.context.ask)


class MethodReader(RecordReader):
    """Reads methods; a method is identified by its name."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        self._named = _methods(context)

    def id_of(self, facts: dict[str, Any], links: dict[str, Any]) -> str:
        """Return the id of the existing method with that name, or the id derived from the name."""
        del links
        key = name_key(facts["name"])
        return self._named.setdefault(key, id_of_text("method", key))


class MethodRecordReader(RecordReader):
    """Reads assessments and disseminations of methods."""

    def __init__(self, context: ImportContext, sheet: ImportSheet) -> None:
        super().__init__(context, sheet)
        self._methods = Methods(context)

    def links(self, cells: Cells) -> dict[str, Any]:
        """Find the method that a row belongs to, by its id or name. Raises BadRow."""
        try:
            return {"method_id": self._methods.named(text_of(cells["method"]))}
        except Refusal as error:
            raise BadRow(("method", error)) from None


class Methods:
    """The methods in force, and which of them each contact used."""

    def __init__(self, context: ImportContext) -> None:
        self._work = context.work
        self._named = _methods(context)
        self._ids = set(self._named.values())
        self._uses = withdrawal_by_id(context.session.store, "usage")

    def named(self, text: str) -> str:
        """Return the id of the method with that id or name. Raises Refusal `unknown_method`."""
        found = self._find(text)
        if found is None:
            raise Refusal("unknown_method", reference=shown(text))
        return found

    def all_named(self, text: str) -> list[str]:
        """Return the ids of several methods, separated by semicolons, commas or line breaks.

        Raises Refusal `unknown_method`.
        """
        names = [text] if self._find(text) else re.split(r"[;,\n]", text)
        return list(dict.fromkeys(self.named(name.strip()) for name in names if name.strip()))

    def use(self, method_id: str, contact_id: str) -> None:
        """Record once that a method was used in a contact, whoever reads it."""
        use_id = id_of_text("usage", f"{method_id}\x1f{contact_id}")
        add = self._work.add_again if use_id in self._uses else self._work.add
        add("usage", {"method_id": method_id, "contact_id": contact_id}, use_id)

    def _find(self, text: str) -> str | None:
        return text.lower() if text.lower() in self._ids else self._named.get(name_key(text))


class DeliveryReader(RecordReader):
    """Reads steps towards the deliverables."""

    def links(self, cells: Cells) -> dict[str, Any]:
        """Find the deliverable that a step belongs to. Raises BadRow."""
        try:
            named = _deliverable(self.context.work.contract, text_of(cells["deliverable"]))
        except Refusal as error:
            raise BadRow(("deliverable", error)) from None
        return {"target": named.id}

    def store(
        self, position: RowPosition, cells: Cells, facts: dict[str, Any], links: dict[str, Any]
    ) -> RowOutcome | None:
        """Store a step that fits the deliverable. Raises BadRow."""
        contract = self.context.work.contract
        target = _deliverable(contract, links["target"])
        try:
            if "point" in facts:
                facts["point"] = find_point(NO_ANSWERS.to, target, facts["point"])
            refuse_what_does_not_fit(contract, target, facts)
        except Refusal as error:
            raise BadRow((_FIELDS.get(error.key, "step"), error)) from None
        return super().store(position, cells, facts, links)


def id_of_text(noun: str, text: str) -> str:
    """Return the id derived from a row's content."""
    digest = blake2b(f"{noun}\x1f{text}".encode(), digest_size=8)  # an id has room for no more
    return id_from(noun, digest.digest())


def _methods(context: ImportContext) -> dict[str, str]:
    """Return the ids of the methods in force, by the keys of their names."""
    return {name_key(row["name"]): row["id"] for row in live_methods(context.session.store)}


def _deliverable(contract: Contract, text: str) -> Target:
    """Return the deliverable that a row names. Raises Refusal also for a near match."""
    return find_deliverable(NO_ANSWERS.to, contract, text)
