"""JSON files: companies as cvrapi and the business register's search give them, or plain records."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import MEGABYTE, open_file
from kmtrack.usecases.imports.spreadsheet_cells import cell_text, plain_cell
from kmtrack.usecases.imports.table import FileTable, Findings, NumberedRow, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.imports.table import Limits

Record = dict[str, Any]

# The keys that contain an answer's records; the register's search nests two of them.
_WRAPPERS: Final = ("hits", "_source", "data", "items", "results", "companies", "virksomheder")
_REGISTER: Final = "Vrvirksomhed"
_UNITS: Final = "VrproduktionsEnhed"
_DEEPEST: Final = 8
_SHEET: Final = "JSON"
# The newest of these is in force; they come in this order of age.
_STAFF: Final = (
    "nyesteErstMaanedsbeskaeftigelse",
    "nyesteMaanedsbeskaeftigelse",
    "nyesteKvartalsbeskaeftigelse",
    "nyesteAarsbeskaeftigelse",
)


@contextmanager
def json_tables(file: Path, limits: Limits) -> Iterator[Tables]:
    """Read the one table of a JSON file, numbering its rows like its records.

    Raises Refusal `json_damaged`, `json_error`, `json_key_twice`, `json_without_records`,
    `unknown_encoding`, `import_file_too_large`, `too_many_rows`, `too_many_columns`.
    """
    records = list(_records(file, _parsed(file, _text_of(file, limits.texts))))
    if not records:
        raise Refusal("json_without_records", file=file.name)
    if len(records) > limits.rows:
        raise Refusal("too_many_rows", file=file.name, number=len(records), limit=limits.rows)
    headings = list(dict.fromkeys(key for record in records for key in record))
    if len(headings) > limits.columns:
        raise Refusal("too_many_columns", sheet=file.name, limit=limits.columns)

    def rows() -> Iterator[NumberedRow]:
        yield 0, headings
        for number, record in enumerate(records, start=1):
            yield number, [_cell(record.get(key)) for key in headings]

    yield Tables(len(records), [FileTable(_SHEET, rows)], Findings())


def _text_of(file: Path, largest: int) -> str:
    with open_file(file) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > largest:
            raise Refusal("import_file_too_large", file=file.name, size=-(-size // MEGABYTE))
        content = stream.read(largest)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        word = content[max(0, error.start - 20) : error.end].decode("latin-1")
        raise Refusal("unknown_encoding", file=file.name, line=line, word=shown(word)) from None


def _parsed(file: Path, text: str) -> Any:
    def record(pairs: list[tuple[str, Any]]) -> Record:
        found: Record = {}
        for key, value in pairs:
            if found.setdefault(key, value) != value:  # nobody stated which of them is true
                raise Refusal("json_key_twice", file=file.name, heading=shown(key))
        return found

    def loaded(text: str) -> Any:
        return json.loads(text, object_pairs_hook=record)

    try:
        return loaded(text)
    except json.JSONDecodeError as error:
        try:  # a record in each line
            return [loaded(line) for line in text.splitlines() if line.strip()]
        except (ValueError, RecursionError):
            raise Refusal("json_damaged", file=file.name, line=error.lineno) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets
        raise Refusal("json_damaged", file=file.name, line=1) from None


def _records(file: Path, value: Any, depth: int = 0) -> Iterator[Record]:
    """Yield the records in an answer, those of the register with our own headings."""
    if isinstance(value, list) and depth < _DEEPEST:
        for each in value:
            yield from _records(file, each, depth + 1)
    elif isinstance(value, dict):
        inner = next(
            (value[key] for key in _WRAPPERS if isinstance(value.get(key), dict | list)), None
        )
        if isinstance(value.get(_REGISTER), dict):
            yield _registered(value[_REGISTER])
        elif inner is not None and depth < _DEEPEST:
            yield from _records(file, inner, depth + 1)
        elif "error" in value and "name" not in value:
            raise Refusal("json_error", file=file.name, answer=shown(value["error"]))
        elif value and _UNITS not in value:
            yield {str(key): each for key, each in value.items()}


def _registered(company: Record) -> Record:
    about = _part(company, "virksomhedMetadata")
    municipality = _part(about, "nyesteBeliggenhedsadresse", "kommune")
    staff = next((found for key in _STAFF if (found := _part(about, key))), {})
    return {
        "cvr": company.get("cvrNummer"),
        "name": _part(about, "nyesteNavn").get("navn") or _current_name(company),
        "municipality": municipality.get("kommuneKode") or municipality.get("kommuneNavn"),
        "employees": staff.get("intervalKodeAntalAnsatte") or staff.get("antalAnsatte"),
    }


def _current_name(company: Record) -> Any:
    """Return the name without a last day, or the last of the names."""
    names = company.get("navne")
    known = [name for name in names if isinstance(name, dict)] if isinstance(names, list) else []
    current = [name for name in known if not _part(name, "periode").get("gyldigTil")]
    return (current or known or [{}])[-1].get("navn")


def _part(record: Record, *keys: str) -> Record:
    """Return a record within a record; an empty one if there is none."""
    for key in keys:
        inner = record.get(key)
        record = inner if isinstance(inner, dict) else {}
    return record


def _cell(value: Any) -> object:
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False) if value else None
    if not isinstance(value, str):
        return plain_cell(value)
    # Half of a character that is written as two: no text can hold it.
    return cell_text(value.encode("utf-8", "replace").decode()) if value else None
