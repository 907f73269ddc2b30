"""The commands `history`, `undo` and `redo`: who entered what and when, correcting that, taking it back."""

from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import with_yes
from kmtrack.cli.output import notify, show, show_json, show_lines
from kmtrack.i18n import say

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session
    from kmtrack.usecases.undo import Undone

_HIGHEST = 999_999_999


def register(app: typer.Typer) -> None:
    """Register `history`, `undo` and `redo` with the root command."""
    app.command("history", help="help.history")(history)
    # Two words, since `history` alone shows it.
    app.command("history correct-time", help="help.history.correct-time")(correct_time)
    app.command("undo", help="help.undo")(undo)
    app.command("redo", help="help.redo")(redo)


def history(
    context: typer.Context,
    about: Annotated[
        str | None,
        typer.Argument(
            metavar="metavar.about", help="help.argument.about", show_default="default.everything"
        ),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="metavar.day", help="help.option.since")
    ] = None,
    by: Annotated[
        str | None, typer.Option("--by", metavar="metavar.initials", help="help.option.by_whom")
    ] = None,
    limit: options.Limit = None,
    all_: options.All = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_day_option, parse_limit, parse_line
    from kmtrack.cli.stream import streamed
    from kmtrack.clock import first_moment_of
    from kmtrack.ledger.store.base import EVERYTHING
    from kmtrack.usecases.history import Filter, each_of_history, history_of
    from kmtrack.views.history import MOST_SHOWN, history_as_dicts, render_history

    most = parse_limit(limit, whole=all_ or json)
    with open_session(context) as session:
        moment = (
            first_moment_of(parse_day_option("since", since, session.clock, "since"))
            if since
            else ""
        )
        whom = parse_line("by", by) if by else None
        wanted = Filter(about, moment, whom, most)
        if json or most == EVERYTHING:
            with streamed(session.store):
                if json:
                    show_json(history_as_dicts(each_of_history(session, wanted)))
                    return
                number = show_lines(render_history(each_of_history(session, wanted, MOST_SHOWN)))
            if not number:
                notify("history.none")
            return
        found = history_of(session, wanted, MOST_SHOWN)
    show_lines(render_history(found.items))
    if not found.items:
        notify("history.none")
    elif len(found.items) < found.number:
        notify("list.more", shown=len(found.items), number=found.number)


@with_yes
def correct_time(
    context: typer.Context,
    numbers: Annotated[
        str, typer.Argument(metavar="metavar.commands", help="help.argument.commands")
    ],
    to: Annotated[
        str, typer.Option("--to", metavar="metavar.moment", help="help.option.to_moment")
    ],
    reason: Annotated[
        str, typer.Option("--reason", metavar="metavar.text", help="help.option.reason")
    ],
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_numbers, parse_span
    from kmtrack.usecases import correct_time as use_case
    from kmtrack.views.correct_time import corrected_as_dict, render_corrected

    wanted = parse_numbers(say("metavar.commands"), numbers, _HIGHEST)
    with open_session(context) as session:
        span = use_case.MomentSpan(*parse_span("to", to, session.clock))
        done = use_case.correct_time(session, wanted, span, reason)
    if json:
        show_json(corrected_as_dict(done))
    else:
        show_lines(render_corrected(done))


def undo(
    context: typer.Context,
    number: Annotated[
        str | None,
        typer.Argument(
            metavar="metavar.command",
            help="help.argument.command",
            show_default="default.last_command",
        ),
    ] = None,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_argument_number
    from kmtrack.usecases.undo import undo_command

    wanted = parse_argument_number(say("metavar.command"), number, 1, _HIGHEST) if number else None
    _take_back(context, undo_command, wanted, _Answers(yes, dry_run, json))


def redo(
    context: typer.Context,
    yes: options.Yes = False,
    dry_run: options.DryRun = False,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.undo import redo_command

    _take_back(context, redo_command, None, _Answers(yes, dry_run, json))


class _Answers(NamedTuple):
    """How `undo` and `redo` ask and answer."""

    yes: bool
    dry_run: bool
    json: bool


class _TakesBack(Protocol):
    """Takes back the command with a number, or the last one."""

    def __call__(self, session: "Session", /, number: int | None, *, keep: bool) -> "Undone": ...


def _take_back(
    context: typer.Context, takes_back: _TakesBack, wanted: int | None, answers: _Answers
) -> None:
    """Take back a command, once the user has seen what that does and agrees."""
    from kmtrack.cli.output import notify_lines
    from kmtrack.cli.prompts import require_agreement
    from kmtrack.views.undo import render_undo, render_undone, undo_as_dict

    is_asked = not (answers.yes or answers.dry_run)
    with open_session(context) as session:
        done = takes_back(session, wanted, keep=answers.yes and not answers.dry_run)
        if is_asked:
            notify_lines(render_undo(done))
            question = say("question.redo" if done.is_redo else "question.undo")
            require_agreement(context, question, session.store)
            done = takes_back(session, done.command.number, keep=True)
    if answers.json:
        show_json({**undo_as_dict(done), "dry_run": answers.dry_run})
        return
    if not is_asked:
        show_lines(render_undo(done))
    show(render_undone(done, dry_run=answers.dry_run))
