"""The command `export`: the region's workbook."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from kmtrack import i18n
from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import show, show_json
from kmtrack.cli.progress import progress
from kmtrack.errors import Phrase
from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kmtrack.usecases.export import ExportContent, RecordSheet
    from kmtrack.usecases.session import Session

# The percentage of the work that is reading rows; the rest is packing the file.
_READ: Final = 90


def register(app: typer.Typer) -> None:
    """Register `export` with the root command."""
    app.command("export", help="help.export")(export)


def export(
    context: typer.Context,
    file: Annotated[str, typer.Argument(metavar="metavar.file", help="help.argument.workbook")],
    as_of: options.AsOf = None,
    known_at: options.KnownAt = None,
    with_details: Annotated[
        bool, typer.Option("--with-details", help="help.option.with_details")
    ] = False,
    sent: Annotated[
        list[str] | None,
        typer.Option("--sent", metavar="metavar.file", help="help.option.sent"),
    ] = None,
    even_if_damaged: Annotated[
        bool, typer.Option("--even-if-damaged", help="help.option.even_if_damaged")
    ] = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_as_of, parse_path
    from kmtrack.views.export import content_as_dict

    with open_session(context) as session:
        day, moment = parse_as_of(as_of, known_at, session.clock)
        with progress("export") as advance, language_of_workbook(context):
            content, kept = export_workbook(
                session,
                parse_path(file),
                day,
                known_at=moment,
                with_details=with_details,
                sent=[parse_path(earlier) for earlier in sent or []],
                even_if_damaged=even_if_damaged,
                advance=advance,
            )
    if json:
        show_json({"file": file, "kept": kept and str(kept), **content_as_dict(content)})
    else:
        show(say("export.done", file=file, records=content.records))


class Exported(NamedTuple):
    """The content that an export wrote, and the name under which it kept a workbook that had been changed."""

    content: "ExportContent"
    kept: Path | None


def export_workbook(
    session: "Session",
    file: Path,
    as_of: date,
    *,
    known_at: str | None = None,
    with_details: bool = False,
    sent: "Sequence[Path]" = (),
    even_if_damaged: bool = False,
    advance: "Callable[[int], None] | None" = None,
) -> Exported:
    """Write the region's workbook as of a day to `file`, in the language in use.

    With `known_at` (UTC) it shows the ledger as known at that moment. `sent` are the workbooks sent
    before. `advance` is called with the percentage done. The workbook is moved into place when it
    is whole and the ledger is found undamaged. An earlier one that was changed since is kept if the
    user says so, or if nobody can be asked. Raises the refusals of `replacing`,
    `ledger_in_the_way`, `ledger_not_whole`, `not_yet_made`, `too_many_records`, `read_sent` and
    `sent_reports`, and the Doubt `export_changed`.
    """
    from kmtrack.usecases.changed_export import name_for_changed
    from kmtrack.usecases.export import ExportAsked, export_content, refuse_ledger_itself
    from kmtrack.usecases.surveys.sent import RULE
    from kmtrack.views.xlsx.file import replacing
    from kmtrack.views.xlsx.fingerprint import is_as_written, is_export
    from kmtrack.views.xlsx.origin import read_sent
    from kmtrack.views.xlsx.workbook import write_workbook

    kept: Path | None = None

    def kept_as(earlier: Path) -> Path | None:
        nonlocal kept
        kept = None if is_as_written(earlier) else name_for_changed(session, earlier)
        return kept

    store = session.store
    refuse_ledger_itself(store, file)
    earlier = [read_sent(each) for each in sent]
    for each in earlier:
        if not is_as_written(each.file):
            session.tell(Phrase("export.sent_changed", file=each.file.name))
        if each.reports[-1].rule < RULE:
            session.tell(Phrase("export.sent_older", file=each.file.name))
    asked = ExportAsked(as_of, known_at, with_details, earlier)
    with (
        replacing(file, is_export, kept_as) as beside,
        export_content(store, file, asked, even_if_damaged=even_if_damaged) as content,
    ):
        write_workbook(_watched(content, advance) if advance else content, beside)
    if kept is not None:
        session.tell(Phrase("export.kept", file=file.name, kept=kept.name))
    if content.status.contract.lacks_participation:
        session.tell(Phrase("status.no_participation"))
    return Exported(content, kept)


def _watched(content: "ExportContent", advance: "Callable[[int], None]") -> "ExportContent":
    """Return the content with rows that report how much of them is read."""
    from kmtrack.usecases.percentage import Percentage

    read = Percentage(content.records, advance, _READ)

    def watched(sheet: "RecordSheet") -> "RecordSheet":
        return sheet._replace(rows=read.over(sheet.rows))

    return content._replace(
        counted=[watched(sheet) for sheet in content.counted],
        waiting=watched(content.waiting),
        excluded=watched(content.excluded),
    )


@contextmanager
def language_of_workbook(context: typer.Context) -> Iterator[None]:
    """Use Danish, which the region reads, whatever the machine speaks, unless a language was chosen."""
    spoken = i18n.current()
    if not (context.find_root().params.get("lang") or os.environ.get("KMTRACK_LANG")):
        i18n.use("da")
    try:
        yield
    finally:
        i18n.use(spoken)
