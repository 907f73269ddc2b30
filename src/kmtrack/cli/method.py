"""The command `method`: methods and tools, their assessment and dissemination."""

from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.lists import (
    NOTHING,
    Output,
    Typed,
    is_narrowed,
    notify_about,
    pager_of,
    show_data,
    with_filters,
)
from kmtrack.cli.noun import (
    NO_VALUES,
    Values,
    is_to_ask,
    run_in,
    with_days_in_full,
    with_fields,
    with_reason,
    with_yes,
)
from kmtrack.cli.output import show_json, show_lines, show_withdrawal
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.methods import AssessmentFacts, DisseminationFacts, MethodFacts
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

method = typer.Typer(help="help.method", no_args_is_help=True)


@method.command("add", help="help.method.add")
@with_yes
@with_fields(MethodFacts, asks=True)
def add(context: typer.Context, values: Values = NO_VALUES, json: options.Json = False) -> None:
    from kmtrack.usecases.methods import add_method, refuse_known_method

    is_asked = is_to_ask(context, MethodFacts, values, "name")
    with open_session(context) as session:
        if is_asked:
            from kmtrack.cli.record_questions import asked_values

            check = partial(refuse_known_method, session.store)
            values = asked_values(session, "method", MethodFacts, values, name=check)
        stated = with_days_in_full(session, MethodFacts, values)
        record = run_in(session, lambda at: add_method(at, stated), is_asked=is_asked)
        _confirm(session, record, "confirm.method", json=json)


@method.command("assess", help="help.method.assess")
@with_yes
@with_fields(AssessmentFacts)
def assess(
    context: typer.Context,
    reference: options.MethodArgument,
    values: Values,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import assess_method

    is_asked = is_to_ask(context, AssessmentFacts, values)
    with open_session(context) as session:
        if is_asked:
            values = _asked(session, reference, "assessment", AssessmentFacts, values)
        stated = with_days_in_full(session, AssessmentFacts, values)
        record = run_in(session, lambda at: assess_method(at, reference, stated), is_asked=is_asked)
        _confirm(session, record, "confirm.assessed", json=json)


@method.command("disseminate", help="help.method.disseminate")
@with_yes
@with_fields(DisseminationFacts)
def disseminate(
    context: typer.Context,
    reference: options.MethodArgument,
    values: Values,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import disseminate_method

    is_asked = is_to_ask(context, DisseminationFacts, values)
    with open_session(context) as session:
        if is_asked:
            values = _asked(session, reference, "dissemination", DisseminationFacts, values)
        stated = with_days_in_full(session, DisseminationFacts, values)
        record = run_in(
            session, lambda at: disseminate_method(at, reference, stated), is_asked=is_asked
        )
        _confirm(session, record, "confirm.disseminated", json=json)


@method.command("used", help="help.method.used")
@with_yes
def used(
    context: typer.Context,
    reference: options.MethodArgument,
    contact: Annotated[
        str, typer.Option("--contact", metavar="metavar.id", help="help.argument.id")
    ],
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import use_method

    with open_session(context) as session:
        record = use_method(session, reference, contact)
        _confirm(session, record, "confirm.method_used", json=json)


@method.command("list", help="help.method.list")
@with_filters("method")
def list_(
    context: typer.Context,
    typed: Typed = NOTHING,
    output: Output = Output(),  # noqa: B008 - it is never changed
) -> None:
    from kmtrack.usecases.methods import methods

    with open_session(context) as session:
        records = methods(session, typed)
        if output.csv:
            for record in records:
                record["disseminated"] = " ".join(record["disseminated"])
        fields = ("id", *NOUNS["method"].fields, "assessed", "disseminated", "contacts")
        if not show_data(session, records, output, "method", fields):
            from kmtrack.views.lists import show_list

            hidden = show_list("method", "method", records, pager=pager_of(output))
            narrowed = is_narrowed(typed)
            notify_about("method", hidden, number=len(records), is_narrowed=narrowed)


@method.command("show", help="help.method.show")
def show(
    context: typer.Context, reference: options.MethodArgument, json: options.Json = False
) -> None:
    from kmtrack.usecases.lookup import find_method
    from kmtrack.usecases.methods import method_record
    from kmtrack.views.methods import show_method

    with open_session(context) as session, session.store.reading():
        record = method_record(session.store, find_method(session, reference)["id"])
    show_json(record) if json else show_method(record)


@method.command("edit", help="help.method.edit")
@with_yes
@with_fields(MethodFacts, edit=True)
def edit(
    context: typer.Context,
    reference: options.MethodArgument,
    values: Values,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import edit_method

    with open_session(context) as session:
        stated = with_days_in_full(session, MethodFacts, values)
        record = edit_method(session, reference, stated)
        _confirm(session, record, "confirm.method_edited", json=json)


@method.command("withdraw", help="help.method.withdraw")
@with_yes
def withdraw(
    context: typer.Context,
    reference: options.MethodArgument,
    reason: options.Reason = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.methods import find_of_method, withdraw_method
    from kmtrack.usecases.status import statuses_for

    record, statuses = with_reason(
        context,
        reason,
        lambda session, why: (
            withdraw_method(session, reference, why),
            statuses_for(session.store, "method", session.clock.today),
        ),
        lambda session: [find_of_method(session, reference)[1]["id"]],
    )
    show_withdrawal([record], statuses=statuses, json=json)


def _asked(
    session: "Session", reference: str, noun: str, facts: type[Facts], values: Values
) -> Values:
    """Ask for the missing details about an existing method."""
    from kmtrack.cli.record_questions import asked_values
    from kmtrack.usecases.lookup import find_method

    find_method(session, reference)
    return asked_values(session, noun, facts, values)


def _confirm(session: Any, record: dict[str, Any], key: str, *, json: bool) -> None:
    """Print the stored record and the status of the target."""
    if json:
        show_json(record)
        return
    from kmtrack.usecases.status import statuses_for
    from kmtrack.views.withdrawal import format_delivered

    statuses = statuses_for(session.store, "method", session.clock.today)
    show_lines(format_delivered(statuses, key, id=record["id"], name=record["name"]))


def register(app: typer.Typer) -> None:
    """Register `method` with the root command."""
    app.add_typer(method, name="method")
