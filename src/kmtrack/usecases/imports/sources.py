"""The file of an import: opened according to its kind, and its tables recognised."""

from __future__ import annotations

import os
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import Phrase, Refusal
from kmtrack.i18n import LANGUAGES, texts_of
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.named_files import MEGABYTE, open_file, refusal_of
from kmtrack.text import as_typed, listed
from kmtrack.usecases.imports.columns import IMPORTABLE, READ_ORDER, folded
from kmtrack.usecases.imports.file_kinds import kind_of
from kmtrack.usecases.imports.heading_rows import (
    HeadingRow,
    column_of_persons,
    has_required,
    heading_row_of,
    is_of_people,
    may_be_people,
    nouns_that_fit,
    recognised,
)
from kmtrack.usecases.imports.result import UnclearSheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from kmtrack.usecases.imports.column_choices import ColumnChoices
    from kmtrack.usecases.imports.file_kinds import ReadableKind
    from kmtrack.usecases.imports.table import Deadline, FileTable, Limits, Tables

STANDARD_INPUT: Final = "-"
# Sheets of the template that hold no rows.
_ASIDE: Final = ("template.sheet.help", "template.sheet.lists")

# The hidden sheet of a survey form, whatever the language.
_LISTS_OF_FORMS: Final = "kmtrack"


@contextmanager
def opened(file: Path, limits: Limits, deadline: Deadline) -> Iterator[Tables]:
    """Open the tables of a file, which can be read inside the block. Raises Refusal."""
    kind = _look_at(file, limits)
    with _opened_as(kind, file, limits, deadline) as tables:
        hidden = tables.findings.hidden_sheets
        hidden[:] = [title for title in hidden if folded(title) not in _own_titles()]
        yield tables


def _opened_as(
    kind: ReadableKind, file: Path, limits: Limits, deadline: Deadline
) -> AbstractContextManager[Tables]:
    # A reader is loaded only where it is needed.
    if kind == "workbook":
        from kmtrack.usecases.imports.workbook import workbook_tables

        return workbook_tables(file, limits, deadline)
    if kind == "text":
        from kmtrack.usecases.imports.csv import csv_tables

        return csv_tables(file, limits, deadline, recognised)
    if kind == "json":
        from kmtrack.usecases.imports.json_file import json_tables

        return json_tables(file, limits)
    from kmtrack.usecases.imports.archive import check_binary_workbook, scan_open_document
    from kmtrack.usecases.imports.spreadsheet import spreadsheet_tables

    if kind == "open_document":
        hidden_rows = scan_open_document(file, limits, deadline)
        return spreadsheet_tables(file, limits, deadline, hidden_rows)
    if kind == "binary_workbook":
        check_binary_workbook(file, limits, deadline)
    return spreadsheet_tables(file, limits, deadline)


def _look_at(file: Path, limits: Limits) -> ReadableKind:
    try:
        with open_file(file) as stream:
            size = os.fstat(stream.fileno()).st_size
        if size == 0:
            raise Refusal("import_file_empty", file=file.name)
        if size > limits.packed:
            raise Refusal("import_file_too_large", file=file.name, size=-(-size // MEGABYTE))
        return kind_of(file)
    except OSError as error:
        raise refusal_of(file, error) from error


def typed_name(file: Path) -> str:
    """Return how a person names a file on the command line: standard input is `-`."""
    return STANDARD_INPUT if file.name == STANDARD_INPUT else str(file)


class ReadTable(NamedTuple):
    """A table that is read, the noun of its rows, and its headings."""

    noun: str
    table: FileTable
    headings: HeadingRow


class RecognisedTables(NamedTuple):
    """The tables to read, companies first since others name them, and the titles of the rest.

    The headings of those that are `unclear` fit one or more nouns, but others were recognised by
    their titles or headings. `choices` are those made for the columns.
    """

    tables: list[ReadTable]
    ignored: list[str]
    unclear: list[UnclearSheet]
    choices: ColumnChoices


def noun_asked(word: str) -> str:
    """Return the noun that a person typed, in either language. Raises Refusal `unknown_noun`."""
    noun = noun_in(word)
    if noun is None:
        raise Refusal("unknown_noun", value=word[:60], among=", ".join(IMPORTABLE))
    return noun


def noun_in(text: str) -> str | None:
    """Return the one noun that the words of a title or a file's name mention, if there is one."""
    found = {_words()[word] for word in folded(text).split() if word in _words()}
    return found.pop() if len(found) == 1 else None


def recognise(
    file: Path,
    tables: list[FileTable],
    asked: str | None,
    choices: ColumnChoices,
    *,
    with_companies: bool = False,
) -> RecognisedTables:
    """Decide which tables of a file to read as which noun; empty ones are left out.

    If a noun was `asked` for, the tables with its title or its headings are read. Otherwise sheets
    are recognised by their titles, or if none has one by their headings; a file of a single table
    with unclear headings by its own name. Raises Refusal `no_known_sheet`, `list_of_people`,
    `people_by_column`, `people_or_companies` or `noun_unclear`.
    """
    candidates = [
        ReadTable(asked or "", table, headings)
        for table in tables
        if folded(table.title) not in _own_titles()
        and (headings := heading_row_of(table, choices, asked)) is not None
    ]
    if not candidates:
        raise Refusal("import_file_empty", file=file.name)
    known = [one for one in (_by_title(each, asked) for each in candidates) if one]
    if asked:
        known += [
            each
            for each in candidates
            if noun_in(each.table.title) is None and has_required(each.headings, asked, choices)
        ]
    elif not known:
        known = [one for one in (_by_headings(each, choices) for each in candidates) if one]
    if known and not asked and all(one.table.is_draft for one in known):
        # A draft is never read in the place of the sheet that it is a draft of.
        main = [
            one
            for one in candidates
            if not one.table.is_draft and nouns_that_fit(one.headings, choices)
        ][:1]
        known += [one._replace(noun=_noun_of_single(file, one.headings, choices)) for one in main]
    if not known and len(candidates) == 1:
        [single] = candidates
        known = [single._replace(noun=asked or _noun_of_single(file, single.headings, choices))]
    if not known:
        titles = listed(table.title for table in tables)
        wanted = [asked] if asked else IMPORTABLE
        expected = [Phrase(f"nouns.{noun}") for noun in wanted]
        raise Refusal("no_known_sheet", file=file.name, sheets=titles, expected=expected)
    read_as = [(one.noun, one.headings.texts) for one in known]
    if with_companies:
        read_as += [("company", texts) for _, texts in read_as]
    choices.refuse_unused(read_as)
    known.sort(key=lambda one: READ_ORDER.index(one.noun))
    read = [one.table for one in known]
    others = [one for one in candidates if one.table not in read]
    unclear = [] if asked else _unclear(others, choices)
    unclear_titles = {sheet.title for sheet in unclear}
    ignored = [one.table.title for one in others if one.table.title not in unclear_titles]
    return RecognisedTables(known, ignored, unclear, choices)


def _unclear(candidates: list[ReadTable], choices: ColumnChoices) -> list[UnclearSheet]:
    """Return those of the tables whose headings fit a noun."""
    fitting = [(one.table.title, nouns_that_fit(one.headings, choices)) for one in candidates]
    return [UnclearSheet(title, nouns) for title, nouns in fitting if nouns]


def _by_title(candidate: ReadTable, asked: str | None) -> ReadTable | None:
    noun = noun_in(candidate.table.title)
    return candidate._replace(noun=noun) if noun and asked in (None, noun) else None


def _by_headings(candidate: ReadTable, choices: ColumnChoices) -> ReadTable | None:
    fitting = nouns_that_fit(candidate.headings, choices)
    return candidate._replace(noun=fitting[0]) if len(fitting) == 1 else None


def _noun_of_single(file: Path, headings: HeadingRow, choices: ColumnChoices) -> str:
    """Return the noun of the only table of a file, whose headings are unclear. Raises Refusal."""
    fitting, named = nouns_that_fit(headings, choices), noun_in(file.stem)
    typed = as_typed([typed_name(file)])
    are_people = not fitting and is_of_people(headings)
    if named and not are_people and (named in fitting or (not fitting and named != "company")):
        return named
    if not fitting and may_be_people(headings, choices):
        raise Refusal("people_or_companies", file=file.name, typed=typed)
    if not fitting and (column := column_of_persons(headings, choices)) and not are_people:
        raise Refusal("people_by_column", file=file.name, column=shown(column), typed=typed)
    if are_people:
        raise Refusal("list_of_people", file=file.name)
    raise Refusal(
        "noun_unclear", file=file.name, typed=typed, among=", ".join(fitting or IMPORTABLE)
    )


@cache
def _own_titles() -> frozenset[str]:
    """Return the titles of the sheets that kmtrack adds to its workbooks, in the form for comparison."""
    titles = (texts_of(language)[key] for key in _ASIDE for language in LANGUAGES)
    return frozenset(map(folded, (*titles, _LISTS_OF_FORMS)))


@cache
def _words() -> dict[str, str]:
    words: dict[str, str] = {"followup": "contact", "followups": "contact"}
    for noun in IMPORTABLE:
        words[noun] = noun
        for language in LANGUAGES:
            texts = texts_of(language)
            for text in (texts[f"noun.{noun}"], texts[f"nouns.{noun}"]):
                words[folded(text)] = noun
    return words
