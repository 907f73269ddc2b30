"""Rows of methods, of what is stated of them, and of steps towards the deliverables."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue, Refusal
from kmtrack.ledger.entries import as_json
from kmtrack.ledger.schema.deliverables import DeliveryFacts
from kmtrack.ledger.schema.facts import Mistakes
from kmtrack.ledger.schema.ids import id_from
from kmtrack.ledger.schema.methods import AssessmentFacts, DisseminationFacts, MethodFacts
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.usecases.deliverables import deliverable_named, point_named, refuse_what_does_not_fit
from kmtrack.usecases.imports.result import NounResult
from kmtrack.usecases.imports.rows import Statements

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.usecases.imports.context import ImportContext, Sheet
    from kmtrack.usecases.imports.table import NumberedRow

_LIVE = " WHERE withdrawn IS NULL ORDER BY recorded_at, id"
# The field that a refused step is wrong in, where it is not the step itself.
_FIELDS: Final = {"unknown_point": "point", "before_contract": "date"}


class _InField(Exception):
    """What refuses a row, by the field that it is about."""

    def __init__(self, field: str, error: Refusal) -> None:
        super().__init__()
        self.field = field
        self.error = error


class _Rows:
    """Reads rows whose id comes from what they state, so that none is stored twice."""

    def __init__(self, job: ImportContext, sheet: Sheet, facts: type[Facts]) -> None:
        self._job = job
        self._sheet = sheet
        self._statements = Statements(facts, job.session.clock.today, sheet.positions)
        self._here = {row["id"] for row in job.session.store.each(NOUNS[sheet.noun].select)}
        self._result = NounResult(sheet.noun)

    def read(self, rows: Iterable[NumberedRow]) -> NounResult:
        """Read all rows; how many were added, and how many were here already."""
        for number, cells in rows:
            row = self._sheet.fitted(number, cells)
            if said := self._sheet.cells(row):
                self._read_row(number, row, said)
        self._job.change.flush()  # the sheets that follow name what stands here
        return self._result

    def _read_row(self, number: int, row: Sequence[object], said: dict[str, object]) -> None:
        links: dict[str, str] = {}
        is_bad = False
        try:
            links = self._links(said)
        except _InField as refused:
            is_bad = True
            self._sheet.mistake(number, refused.field, said.get(refused.field), refused.error)
        try:
            facts = {**self._statements.state(row), **links}
            if not is_bad:
                self._check(facts)
        except Mistakes as found:
            self._sheet.mistakes(number, said, found)
        except _InField as refused:
            self._sheet.mistake(number, refused.field, said.get(refused.field), refused.error)
        else:
            if not is_bad:
                self._settle(facts)

    def _settle(self, facts: dict[str, Any]) -> None:
        record_id = self._id_of(facts)
        if record_id in self._here:
            already_here = self._result.already_here + 1
            self._result = self._result._replace(already_here=already_here)
            return
        if self._job.session.broker:
            facts.setdefault("broker", self._job.session.broker)
        self._job.change.add(self._sheet.noun, facts, record_id)
        self._here.add(record_id)
        self._result = self._result._replace(added=self._result.added + 1)

    def _id_of(self, facts: dict[str, Any]) -> str:
        own = {name: value for name, value in facts.items() if name != "broker"}
        return _id_from(self._sheet.noun, as_json(own))

    def _links(self, said: dict[str, object]) -> dict[str, str]:
        raise NotImplementedError

    def _check(self, facts: dict[str, Any]) -> None:
        """Refuse facts that are well said but do not fit. Raises _InField."""


class MethodRows(_Rows):
    """Reads the rows of one sheet of methods; one of a name is one method."""

    def __init__(self, job: ImportContext, sheet: Sheet) -> None:
        super().__init__(job, sheet, MethodFacts)
        self._named = _methods(job)

    def _links(self, said: dict[str, object]) -> dict[str, str]:
        del said
        return {}

    def _id_of(self, facts: dict[str, Any]) -> str:
        key = name_key(facts["name"])
        return self._named.setdefault(key, _id_from("method", key))


class OfMethodRows(_Rows):
    """Reads the rows of one sheet of assessments or disseminations."""

    def __init__(self, job: ImportContext, sheet: Sheet) -> None:
        is_assessment = sheet.noun == "assessment"
        super().__init__(job, sheet, AssessmentFacts if is_assessment else DisseminationFacts)
        self._named = _methods(job)

    def _links(self, said: dict[str, object]) -> dict[str, str]:
        text = str(said["method"] or "").strip()
        if not text:
            raise _InField("method", BadValue("missing_value"))
        if text.lower() in self._named.values():
            return {"method_id": text.lower()}
        found = self._named.get(name_key(text))
        if found is None:
            raise _InField("method", Refusal("unknown_method", reference=shown(text)))
        return {"method_id": found}


class DeliveryRows(_Rows):
    """Reads the rows of one sheet of steps towards the deliverables."""

    def __init__(self, job: ImportContext, sheet: Sheet) -> None:
        super().__init__(job, sheet, DeliveryFacts)

    def _links(self, said: dict[str, object]) -> dict[str, str]:
        text = str(said["deliverable"] or "").strip()
        try:
            return {"target": deliverable_named(self._job.change.contract, text).id}
        except Refusal as error:
            raise _InField("deliverable", error if text else BadValue("missing_value")) from None

    def _check(self, facts: dict[str, Any]) -> None:
        contract = self._job.change.contract
        target = deliverable_named(contract, facts["target"])
        if facts.get("point"):
            facts["point"] = point_named(target, facts["point"])
        try:
            refuse_what_does_not_fit(contract, target, facts)
        except Refusal as error:
            raise _InField(_FIELDS.get(error.key, "step"), error) from None


def _methods(job: ImportContext) -> dict[str, str]:
    """The ids of the methods that stand, by the keys of their names."""
    rows = job.session.store.each(NOUNS["method"].select + _LIVE)
    return {name_key(row["name"]): row["id"] for row in rows}


def _id_from(noun: str, text: str) -> str:
    return id_from(noun, blake2b(f"{noun}\x1f{text}".encode(), digest_size=8).digest())
