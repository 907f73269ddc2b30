"""The command `person`: show what is stored about a contact person, and erase it."""

from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import notify, notify_lines, show_json, show_lines
from kmtrack.cli.prompts import require_agreement
from kmtrack.i18n import say

person = typer.Typer(help="help.person", no_args_is_help=True)

PersonArgument = Annotated[
    str, typer.Argument(metavar="metavar.person", help="help.argument.person")
]


@person.command("show", help="help.person.show")
def show_(context: typer.Context, name: PersonArgument, json: options.Json = False) -> None:
    from kmtrack.usecases.people import find_persons, person_record
    from kmtrack.views.people import format_person

    with open_session(context) as session, session.store.reading():
        records = [person_record(session.store, row) for row in find_persons(session, name)]
    if json:
        show_json(records)
        return
    for record in records:
        show_lines(format_person(record))


@person.command("erase", help="help.person.erase")
def erase(
    context: typer.Context,
    name: PersonArgument,
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.people import erase_persons, finish_erasure, plan_of_erasure
    from kmtrack.views.people import erased_as_dict, format_erased, format_erasure_plan

    with open_session(context) as session:
        done = finish_erasure(session, name)
        if done is None:
            plan = plan_of_erasure(session, name)
            if not yes:
                notify_lines([format_erasure_plan(plan)])
                require_agreement(context, say("question.erase"), session.store)
            done = erase_persons(session, *plan.records)
    if json:
        show_json(erased_as_dict(done))
    else:
        show_lines(format_erased(done))
    if done.reached.traces:
        raise done.reached.traces


@person.command("stale", help="help.person.stale")
def stale(
    context: typer.Context,
    before: Annotated[
        str, typer.Option("--before", metavar="metavar.day", help="help.option.before")
    ],
    json: options.Json = False,
) -> None:
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.usecases.people import stale_persons

    with open_session(context) as session:
        found = stale_persons(
            session.store, parse_day_option("before", before, session.clock, "since")
        )
    if json:
        show_json(found)
    elif found:
        from kmtrack.views.lists import show_list

        show_list("person", "person", found)
        notify("person.stale")
    else:
        notify("list.none.person")


def register(app: typer.Typer) -> None:
    """Register `person` with the root command."""
    app.add_typer(person, name="person")
