"""The commands `import` and `template`: rows from a workbook or CSV file, and an empty one to fill in."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.errors import CHANGE
from kmtrack.cli.globals import can_ask
from kmtrack.cli.output import notify_lines, show, show_json, show_lines
from kmtrack.cli.progress import progress
from kmtrack.errors import Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from kmtrack.usecases.doubts import Doubts
    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

# Few enough findings of a kind to leave room for the question; --dry-run shows all.
_ON_A_SCREEN: Final = 5
_CHUNK: Final = 1024 * 1024


def register(app: typer.Typer) -> None:
    """Register `template` and `import` with the root command."""
    app.command("template", help="help.template")(template)
    app.command("import", help="help.import")(import_)


def template(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.workbook")],
) -> None:
    from kmtrack.cli.parse import parse_path
    from kmtrack.views.xlsx.template import write_template

    path = parse_path(file)
    write_template(path, _participating(context))
    show(say("template.made", file=path))


def _participating(context: typer.Context) -> frozenset[str]:
    """Return the municipalities that take part, none if there is no ledger."""
    from kmtrack.cli.globals import globals_of
    from kmtrack.ledger.contract import contract_in_force
    from kmtrack.usecases.location import ledger_at

    try:
        with ledger_at(globals_of(context).ledger) as store:
            terms = contract_in_force(store).participation
    except Refusal:
        return frozenset()
    return frozenset(term.municipality for term in terms)


def import_(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.import_file")],
    noun: Annotated[
        str | None, typer.Option("--as", metavar="metavar.noun", help="help.option.as_noun")
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option("--column", metavar="metavar.column", help="help.option.column"),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option("--sheet", metavar="metavar.name", help="help.option.sheet"),
    ] = None,
    channel: Annotated[
        str | None,
        typer.Option("--channel", metavar="metavar.channel", help="help.option.stated_channel"),
    ] = None,
    broker: Annotated[
        str | None,
        typer.Option("--broker", metavar="metavar.initials", help="help.option.stated_broker"),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option("--level", metavar="metavar.level", help="help.option.stated_level"),
    ] = None,
    kind: Annotated[
        str | None,
        typer.Option("--kind", metavar="metavar.company_kind", help="help.option.stated_kind"),
    ] = None,
    terms: Annotated[
        str | None,
        typer.Option("--terms", metavar="metavar.terms", help="help.option.stated_terms"),
    ] = None,
    with_companies: Annotated[
        bool, typer.Option("--with-companies", help="help.option.with_companies")
    ] = False,
    update: Annotated[bool, typer.Option("--update", help="help.option.update")] = False,
    add_similar: Annotated[
        bool, typer.Option("--add-similar", help="help.option.add_similar")
    ] = False,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    del yes  # the session's answers say so
    if update and add_similar:
        raise Refusal("update_and_add_similar")
    from kmtrack.usecases.imports.file import import_file
    from kmtrack.usecases.imports.options import ImportOptions
    from kmtrack.usecases.imports.result import BadRows
    from kmtrack.views.imports import errors_as_dict, render_errors

    given = {"channel": channel, "broker": broker, "level": level, "kind": kind, "terms": terms}
    stated = {name: text for name, text in given.items() if text is not None}
    wanted = ImportOptions(
        stated,
        tuple(sheet or ()),
        tuple(column or ()),
        with_companies=with_companies,
        updates=update,
        adds_similar=add_similar,
    )

    def run(path: Path, session: "Session") -> "ImportResult":
        with progress("import") as advance:
            return import_file(session, path, noun, wanted, dry_run=dry_run, progress=advance)

    preview = _Preview(context, json=json)
    try:
        with _file(file) as path, open_session(context) as session:
            result = _settled(session, partial(run, path), preview)
    except BadRows as bad:
        if json:
            show_json(errors_as_dict(bad.errors))
        else:
            notify_lines(render_errors(bad.errors))
        raise
    preview.end(result)


def _settled(
    session: "Session", run: "Callable[[Session], ImportResult]", preview: "_Preview"
) -> "ImportResult":
    """Run an import, and again with the answers to everything that it is in doubt about.

    Raises what the import raises; if nobody can be asked, its Doubt or Doubts.
    """
    from kmtrack.cli.prompts import answer_to
    from kmtrack.usecases.doubts import Doubts

    while True:
        try:
            return run(session)
        except Doubts as several:
            preview.show(several)
            if not session.answers.can_ask:
                first, *others = several.doubts
                raise (several if others else first) from None
            CHANGE.reset()  # what was begun is rolled back
            answers = session.answers
            for doubt in several.doubts:
                answers = answers.plus(doubt, answer_to(doubt, session.store))
            session = session._replace(answers=answers)


class _Preview:
    """Shows what an import does: before a question, and at its end."""

    def __init__(self, context: typer.Context, *, json: bool) -> None:
        self._context = context
        self._json = json
        self._is_seen = False

    def show(self, open_: "Doubts") -> None:
        """Show what an import would do, with the open questions unless they are asked next."""
        from kmtrack.views.import_preview import render_preview, render_questions
        from kmtrack.views.imports import render_result, result_as_dict

        result: ImportResult = open_.result
        if self._json:
            show_json(result_as_dict(result))
            return
        is_asked = can_ask(self._context)
        preview = render_preview(result, _ON_A_SCREEN if is_asked else None)
        notify_lines([*preview, say("import.would_be"), *render_result(result)])
        if is_asked:
            self._is_seen = not result.questions
        elif len(result.questions) > 1:
            notify_lines(render_questions(result))

    def end(self, result: "ImportResult") -> None:
        """Show what an import did, or with --dry-run would do, unless somebody has just seen it."""
        from kmtrack.views.import_preview import (
            render_preview,
            render_questions,
            render_take_back,
        )
        from kmtrack.views.imports import render_errors, render_result, result_as_dict

        if self._json:
            show_json(result_as_dict(result))
            return
        if not self._is_seen:
            parts = [render_preview(result), render_questions(result), render_errors(result.errors)]
            notify_lines([line for lines in parts for line in lines])
        show_lines(render_result(result))
        if not self._is_seen:
            notify_lines(render_take_back(result))


@contextmanager
def _file(text: str) -> Iterator[Path]:
    """Yield the path of a file; `-` is a file with the content of standard input.

    It may be read several times, while questions are answered. Raises Refusal `input_is_terminal`,
    `import_file_too_large`.
    """
    import tempfile

    from kmtrack.cli.parse import parse_path
    from kmtrack.usecases.imports.file import LIMITS
    from kmtrack.usecases.imports.sources import STANDARD_INPUT

    if text != STANDARD_INPUT:
        yield parse_path(text)
        return
    if sys.stdin is None or sys.stdin.isatty():
        raise Refusal("input_is_terminal")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / STANDARD_INPUT
        with path.open("xb") as copy:
            left = LIMITS.packed + 1
            while left > 0 and (chunk := _from_stdin(min(left, _CHUNK))):
                copy.write(chunk)
                left -= len(chunk)
        yield path


def _from_stdin(size: int) -> bytes:
    """Read from standard input; one that was opened only for writing has nothing."""
    try:
        return sys.stdin.buffer.read(size)
    except OSError as error:
        from kmtrack.named_files import refusal_of

        raise refusal_of(Path("-"), error) from error
