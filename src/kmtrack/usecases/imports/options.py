"""Options of an import: what the command line states about a file besides its name and noun."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.usecases.imports.columns import IMPORTABLE, field_of, folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from kmtrack.usecases.imports.table import FileTable


class ImportOptions(NamedTuple):
    """What is stated for the whole file.

    `stated` are values as typed, by the columns that they replace if the file has none:
    `{"channel": "besøg"}`. A stated fact is no assumption. `sheets` are the titles of the only
    sheets to read, none for all; `columns` are choices of columns as typed: "name=Firmanavn".
    `with_companies` adds the unknown companies that events name by name and CVR number. For rows
    that changed since they were read, `updates` says that they correct their records, and
    `adds_similar` that they are new ones.
    """

    stated: Mapping[str, str] = MappingProxyType({})
    sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    with_companies: bool = False
    updates: bool = False
    adds_similar: bool = False


NO_OPTIONS: Final = ImportOptions()


def named_tables(tables: list[FileTable], sheets: Sequence[str], file: Path) -> list[FileTable]:
    """Return the tables that a person named, all if none is named. Raises Refusal `no_such_sheet`."""
    if not sheets:
        return tables
    titles = {folded(table.title) for table in tables}
    for sheet in sheets:
        if folded(sheet) not in titles:
            having = [table.title for table in tables if table.title]
            raise Refusal("no_such_sheet", file=file.name, sheet=sheet, sheets=having or "-")
    wanted = set(map(folded, sheets))
    return [table for table in tables if folded(table.title) in wanted]


def stated_facts(
    stated: Mapping[str, str], nouns: Iterable[str], today: date
) -> dict[str, dict[str, Any]]:
    """Return the clean values of what is stated, by noun and column.

    A value applies to the nouns of the file that can have it. Raises Refusal `bad_option` for an
    invalid value, and `option_fits_nothing` for a column that none of the nouns has.
    """
    facts: dict[str, dict[str, Any]] = {noun: {} for noun in nouns}
    for column, text in stated.items():
        bad: BadValue | None = None
        fits = False
        for noun, found in facts.items():
            field = field_of(noun, column)
            if field is None:
                continue
            try:
                found[column] = field.clean(text, today)
                fits = True
            except BadValue as error:
                bad = error
        if fits:
            continue
        if bad is not None:
            raise Refusal("bad_option", option=f"--{column}", sentence=bad.sentence())
        having = [noun for noun in IMPORTABLE if field_of(noun, column)]
        raise Refusal(
            "option_fits_nothing",
            option=f"--{column}",
            nouns=[Phrase(f"nouns.{noun}") for noun in having],
        )
    return facts
