"""The region's workbook out of a ledger: gathered as of one day, written beside, moved into place."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack import __version__
from kmtrack.errors import Refusal
from kmtrack.i18n import current, say
from kmtrack.ledger.queries.commands import chain_heads
from kmtrack.ledger.rows import current_facts
from kmtrack.ledger.schema.fields import exported
from kmtrack.ledger.schema.names import BY_NAME
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.municipalities import municipality_name
from kmtrack.usecases.check import is_damaged_meanwhile
from kmtrack.usecases.check.integrity import damage_in
from kmtrack.usecases.events import EVENT_FACTS
from kmtrack.usecases.export_deliverables import deliverables_sheet, methods_sheet
from kmtrack.usecases.status import status_of
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.usecases.surveys.report import report_of
from kmtrack.views.format import reason_in_words, value_in_words
from kmtrack.views.xlsx.content import Content, DataSheet
from kmtrack.views.xlsx.file import is_export, replacing
from kmtrack.views.xlsx.workbook import write_workbook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.store.base import Store, StoredRow
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.status import Status
    from kmtrack.usecases.session import Session

_COUNTED: Final = """
    SELECT verdict.target, {fields}, company.name, company.cvr, verdict.municipality,
           verdict.brokers, verdict.record_id
    FROM verdict
    JOIN {noun} AS record ON record.id = verdict.record_id
    JOIN company ON company.id = verdict.company_id
    WHERE verdict.noun = '{noun}' AND verdict.outcome = 'counted' AND verdict.day <= :as_of
    ORDER BY verdict.target, verdict.day, verdict.record_id
"""
_OTHERS: Final = """
    SELECT verdict.target, verdict.outcome, verdict.reasons, verdict.day, verdict.noun,
           company.name, company.cvr, verdict.municipality, verdict.brokers, verdict.record_id
    FROM verdict JOIN company ON company.id = verdict.company_id
    WHERE verdict.outcome <> 'counted' AND verdict.day <= :as_of
    ORDER BY verdict.target, verdict.outcome DESC, verdict.day, verdict.record_id
"""
_COMPANIES: Final = """
    SELECT company.*, count(*) AS number, count(*) FILTER (WHERE verdict.noun = 'hire') AS hires
    FROM company JOIN verdict ON verdict.company_id = company.id
    WHERE verdict.outcome = 'counted' AND verdict.day <= :as_of
    GROUP BY company.id ORDER BY {by_name}, company.id
"""


class Exported(NamedTuple):
    """What was written: the status in it, and how many records it lists."""

    status: Status
    records: int


def export_workbook(
    session: Session, file: Path, as_of: date, *, even_if_damaged: bool = False
) -> Exported:
    """Write the workbook as of a day to `file`, in the language in use.

    Of a damaged ledger only with `even_if_damaged`, and then the front page says so. Raises the
    refusals of report.file, `ledger_in_the_way`, `ledger_not_whole` and `too_many_records`.
    """
    if file.exists() and not session.store.is_served and file.samefile(session.store.path):
        raise Refusal("ledger_in_the_way", file=file)
    store = session.store
    with store.reading(), replacing(file, is_export) as beside:
        if even_if_damaged:
            return _write(store, beside, as_of, is_damaged=bool(damage_in(store)))
        with is_damaged_meanwhile(store) as is_damaged:
            exported = _write(store, beside, as_of, is_damaged=False)
            if is_damaged():
                raise Refusal("ledger_not_whole", file=file)
            return exported


def _write(store: Store, beside: Path, as_of: date, *, is_damaged: bool) -> Exported:
    status = status_of(store, as_of)
    content = Content(
        made_at=datetime.now(UTC).replace(tzinfo=None, microsecond=0),
        version=__version__,
        status=status,
        by_municipality=status_of(store, as_of, "municipality"),
        by_broker=status_of(store, as_of, "broker"),
        by_month=status_of(store, as_of, "month"),
        counted=[
            *(_events(store, status.contract, noun, as_of) for noun in EVENTS),
            _companies(store, as_of),
        ],
        others=_others(store, status.contract, as_of),
        delivered=[
            methods_sheet(store, as_of),
            deliverables_sheet(store, status.contract, as_of),
        ],
        questionnaire=questionnaire(),
        outcome=[report_of(store, as_of, grouping) for grouping in ("municipality", "level")],
        heads=chain_heads(store),
        is_damaged=is_damaged,
    )
    write_workbook(content, beside)
    return Exported(status, sum(target.tally.all for target in status.targets))


def _events(store: Store, contract: Contract, noun: str, as_of: date) -> DataSheet:
    # Contact persons and notes, which may name anybody, stay with the operator.
    sent = exported(EVENT_FACTS[noun])
    own = [field.name for field in sent]
    # Names of ours from the facts; the day is a named value.
    columns = ", ".join(f'record."{field}"' for field in own)
    statement = _COUNTED.format(fields=columns, noun=noun)
    fields = ("target", own[0], "company", "cvr", "code", "municipality", *own[1:], "brokers", "id")
    names = _target_names(contract)
    makers = [_words(noun, field) for field in sent]

    def rows() -> Iterator[list[Any]]:
        for target, *values, company, cvr, code, brokers, record_id in store.each(
            statement, as_of=str(as_of)
        ):
            first, *others = [make(value) for make, value in zip(makers, values, strict=True)]
            place = municipality_name(code) if code else ""
            yield [
                names[target], first, company, cvr or "", code or "", place,
                *others, brokers, record_id,
            ]  # fmt: skip

    return DataSheet(say(f"nouns.{noun}"), noun, fields, rows())


def _companies(store: Store, as_of: date) -> DataSheet:
    fields = ("name", "cvr", "code", "municipality", "employees", "kind", "records", "hires", "id")

    def rows() -> Iterator[list[Any]]:
        for row in store.each(_COMPANIES.format(by_name=BY_NAME), as_of=str(as_of)):
            company = current_facts(dict(row))
            code = company["municipality"] or ""
            employees = company["employees"]
            if employees is not None and employees.isdigit():
                employees = int(employees)
            kind = value_in_words("company", "kind", company["kind"])
            place = municipality_name(code) if code else ""
            yield [
                company["name"], company["cvr"] or "", code, place, employees, kind,
                row["number"], row["hires"], company["id"],
            ]  # fmt: skip

    return DataSheet(say("nouns.company"), "company", fields, rows())


def _others(store: Store, contract: Contract, as_of: date) -> DataSheet:
    import json

    fields = (
        "target", "outcome", "reason", "day", "noun", "company", "cvr", "code", "municipality",
        "brokers", "id",
    )  # fmt: skip
    names = _target_names(contract)

    def rows() -> Iterator[list[Any]]:
        row: StoredRow
        for row in store.each(_OTHERS, as_of=str(as_of)):
            reasons = dict.fromkeys(reason for _, reason in json.loads(row["reasons"]))
            why = "; ".join(map(reason_in_words, reasons))
            code = row["municipality"] or ""
            yield [
                names[row["target"]], say(f"outcome.{row['outcome']}"), why,
                _as_day(row["day"]), say(f"noun.{row['noun']}"), row["name"], row["cvr"] or "",
                code, municipality_name(code) if code else "", row["brokers"], row["record_id"],
            ]  # fmt: skip

    return DataSheet(say("workbook.others"), "others", fields, rows())


def _target_names(contract: Contract) -> dict[str, str]:
    return {target.id: target.name.in_language(current()) for target in contract.targets}


def _as_day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _words(noun: str, field: Field) -> Callable[[Any], Any]:
    """How the values of a field go into a cell: days and numbers as such, choices in words."""
    if field.kind.cell == "day":
        return _as_day
    if field.kind.cell == "number":
        return lambda value: value
    cache: dict[Any, str] = {}

    def words(value: Any) -> str:
        if value not in cache:
            cache[value] = value_in_words(noun, field.name, value)
        return cache[value]

    return words
