"""The command `person`: show what is stored about a contact person, and erase it."""

from typing import TYPE_CHECKING, Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.globals import can_ask
from kmtrack.cli.output import notify, notify_lines, show_json, show_lines
from kmtrack.cli.prompts import agrees, require_agreement
from kmtrack.errors import Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from kmtrack.usecases.erasure_plan import ErasurePlan
    from kmtrack.usecases.session import Session

person = typer.Typer(help="help.person", no_args_is_help=True)

PersonArgument = Annotated[
    str, typer.Argument(metavar="metavar.person", help="help.argument.person")
]


@person.command("show", help="help.person.show")
def show_(context: typer.Context, name: PersonArgument, json: options.Json = False) -> None:
    from kmtrack.usecases.people import find_persons, person_records
    from kmtrack.views.people import format_person

    with open_session(context) as session, session.store.reading():
        records = person_records(session.store, find_persons(session, name))
    if json:
        show_json(records)
        return
    for record in records:
        show_lines(format_person(record))


@person.command("erase", help="help.person.erase")
def erase(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="metavar.person", help="help.argument.person")
    ] = None,
    text: Annotated[
        list[str] | None,
        typer.Option("--text", metavar="metavar.text", help="help.option.erase_text"),
    ] = None,
    yes: options.Yes = False,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.erasure_plan import plan_of_person, plan_of_texts
    from kmtrack.usecases.people import erase_persons, finish_erasure
    from kmtrack.views.erasure import erased_as_dict, format_erased

    if name is None and not text:
        from kmtrack.cli.typer_patches.usage import missing_parameter

        raise missing_parameter(context, "name")
    if name is not None and text:
        raise Refusal("erase_what")
    with open_session(context) as session:
        done, plan = finish_erasure(session, name) if name else None, None
        if done is None:
            plan = plan_of_texts(session, text) if text else plan_of_person(session, name or "")
            if not yes:
                plan = _agreed(context, session, plan)
            done = erase_persons(session, *plan.persons, texts=plan.texts)
    if json:
        show_json(erased_as_dict(plan, done))
    else:
        show_lines(format_erased(plan, done))
    if done.reached.traces:
        raise done.reached.traces


def _agreed(context: typer.Context, session: "Session", plan: "ErasurePlan") -> "ErasurePlan":
    """Show a plan and ask for agreement, and whether to remove near forms too.

    Raises as `require_agreement`.
    """
    from kmtrack.usecases.erasure_plan import with_texts
    from kmtrack.views.erasure import format_plan, near_question

    will_ask = can_ask(context)
    notify_lines(format_plan(plan, will_ask=will_ask))
    if will_ask:
        forms = [form for form in plan.near if form.is_text]
        more = [form.form for form in forms if agrees(near_question(form), session.store)]
        plan = with_texts(session, plan, more)
    question = "question.erase" if plan.persons and not plan.texts else "question.erase_text"
    require_agreement(context, say(question), session.store)
    return plan


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
