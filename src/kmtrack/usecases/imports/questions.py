"""Questions of an import: what an unread column holds, and whether a draft is to be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.errors import Phrase
from kmtrack.ledger.schema.phrases import value_phrase
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.text import as_typed
from kmtrack.usecases.doubts import YES, Choice, Doubt, Doubts
from kmtrack.usecases.imports.columns import field_of, heading_fact
from kmtrack.usecases.imports.unread import is_about, not_held, seems_to_hold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.imports.rows import ImportContext, RowReader
    from kmtrack.usecases.imports.sheet import ImportSheet
    from kmtrack.usecases.imports.sources import ReadTable, RecognisedTables
    from kmtrack.usecases.imports.table import FileTable
    from kmtrack.usecases.imports.unread import UnreadColumn
    from kmtrack.usecases.session import Session

# The question what a column holds, and the answer that nothing of it is stored.
_HOLDS: Final = "column_holds"
_ANOTHER: Final = "another"
_LEAVE: Final = "leave"
_READ: Final = "read"
_SHOWN: Final = 3


def settle(session: Session, result: ImportResult) -> None:
    """Raise Doubts if a question is open, or if a person at a terminal has not seen the result.

    What is assumed, doubtful or read anew is shown before it is stored.
    """
    questions = result.questions
    is_read_anew = any(subject[0] == _HOLDS for subject in session.answers.given)
    if not questions and (is_read_anew or not result.is_clear):
        store = Doubt("import_store", yes_settles=True, is_only_reported=True, file=result.file)
        try:
            session.settle(store)
        except Doubt:
            questions = [store]
    if questions:
        raise Doubts(questions, result, file=result.file)


def without_drafts(
    context: ImportContext, recognised: RecognisedTables, named: Collection[str]
) -> tuple[list[ReadTable], list[str]]:
    """Return the tables to read and the titles of the omitted drafts, after asking about each.

    A draft is read without a question if the person `named` it, or if it is the only sheet.
    """
    tables = recognised.tables
    if named or len(tables) + len(recognised.ignored) + len(recognised.unclear) == 1:
        return tables, []
    drafts = [one.table for one in tables if one.table.is_draft]
    others = [one.table.title for one in tables if not one.table.is_draft]
    left_out = [draft.title for draft in drafts if not _is_read(context, draft, others)]
    return [one for one in tables if one.table.title not in left_out], left_out


def _is_read(context: ImportContext, draft: FileTable, others: Sequence[str]) -> bool:
    choices = [
        Choice(_LEAVE, Phrase("import.leave_draft")),
        Choice(_READ, Phrase("import.read_draft")),
    ]
    typed = as_typed([part for title in (*others, draft.title) for part in ("--sheet", title)])
    doubt = Doubt(
        "draft_sheet",
        draft.title,
        choices=choices,
        yes_settles=True,
        sheet=draft.title,
        typed=typed,
    )
    return context.ask(doubt) not in {None, YES, _LEAVE}


def chosen_columns(session: Session, noun: str) -> dict[str, str | None]:
    """Return the fields of a noun's headings that a person chose when asked; None to leave one out."""
    return {
        subject[-1]: None if answer == _ANOTHER else answer
        for subject, answer in session.answers.given.items()
        if subject[:2] == (_HOLDS, noun)
    }


def ask_about_columns(
    context: ImportContext, reader: RowReader, columns: Iterable[UnreadColumn]
) -> None:
    """Ask about each unread column of a table that seems to hold what is assumed in its rows.

    A fact that some rows state has a column of its own. Also ask whether rows count that say
    nothing took place, and whether to assume anything if they say that it is not known.
    """
    noun, today = reader.sheet.noun, context.session.clock.today
    assumed = {name: n for name, n in reader.assumed.items() if n and name not in reader.stated_in}
    for column in columns:
        for name, rows in assumed.items():
            field = field_of(noun, name)
            if field and seems_to_hold(column, field, context.work.brokers, today):
                context.ask(_what_it_holds(context.session, noun, field, column, rows))
                break
        if reader.number_of_rows and (said := not_held(noun, column)):
            context.ask(_whether_it_was_held(noun, column, said))
    for name, rows in reader.sheet.said_unknown.items():
        field = field_of(noun, name)
        if reader.assumed.get(name) and field and field.kind.choice and field.default is not None:
            context.ask(_whether_it_is_known(reader.sheet, field, rows))


def default_of(session: Session, field: Field) -> object:
    """Return the value stored for a field that nobody states."""
    return session.broker if field.name == "broker" else field.default


def _what_it_holds(
    session: Session, noun: str, field: Field, column: UnreadColumn, rows: int
) -> Doubt:
    name = heading_fact(noun, field.column)
    value = value_phrase(noun, field.name, default_of(session, field))
    key = "import.otherwise" if value else "import.otherwise_unknown"
    otherwise = Choice(_ANOTHER, Phrase(key, field=name, value=value, rows=rows))
    names_value = is_about(column, field)
    return Doubt(
        "column_names_value" if names_value else _HOLDS,
        noun,
        column.column.text,
        choices=[otherwise] if names_value else [Choice(field.column, name), otherwise],
        column=shown(column.column.text),
        values=column.sample,
        field=name,
        typed=as_typed([f"{field.column}={column.column.text}"]),
        left_out=as_typed([f"-={column.column.text}"]),
        option=field.column,
        metavar=Phrase(field.metavar),
    )


def _whether_it_was_held(noun: str, column: UnreadColumn, said: list[str]) -> Doubt:
    text = column.column.text
    return Doubt(
        "says_not_held",
        noun,
        text,
        column=text,
        values=", ".join(map(shown, said[:_SHOWN])),
        left_out=as_typed([f"-={text}"]),
    )


def _whether_it_is_known(sheet: ImportSheet, field: Field, rows: int) -> Doubt:
    heading = sheet.heading_of(field.column)
    return Doubt(
        "said_unknown",
        sheet.noun,
        heading,
        column=heading,
        rows=rows,
        value=value_phrase(sheet.noun, field.name, field.default),
        option=field.column,
        metavar=Phrase(field.metavar),
    )
