"""The command `company`: the companies that brokers visit."""

from functools import partial
from typing import Annotated

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.lists import register_list
from kmtrack.cli.noun import (
    NO_VALUES,
    Values,
    is_to_ask,
    run_in,
    with_fields,
    with_reason,
    with_yes,
)
from kmtrack.cli.output import notify_line, show_json, show_lines, show_withdrawal
from kmtrack.ledger.schema.company import CompanyFacts

company = typer.Typer(help="help.company", no_args_is_help=True)


@company.command("add", help="help.company.add")
@with_yes
@with_fields(CompanyFacts, asks=True)
def add(context: typer.Context, values: Values = NO_VALUES, json: options.Json = False) -> None:
    from kmtrack.usecases.companies import (
        add_company,
        facts_missing_of,
        refuse_number_as_name,
        refuse_taken_cvr,
    )
    from kmtrack.views.confirm import format_company

    is_asked = is_to_ask(context, CompanyFacts, values, "name")
    with open_session(context) as session:
        if is_asked:
            from kmtrack.cli.record_questions import asked_values

            values = asked_values(
                session,
                "company",
                CompanyFacts,
                values,
                cvr=partial(refuse_taken_cvr, session.store),
                name=refuse_number_as_name,
            )
        record = run_in(session, lambda at: add_company(at, values), is_asked=is_asked)
        missing = [] if json else facts_missing_of(session.store, record["id"])
    show_json(record) if json else show_lines(format_company(record, missing))


register_list(company, "company")


@company.command("show", help="help.company.show")
def show(
    context: typer.Context,
    reference: options.CompanyArgument,
    all_: options.AllEvents = False,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.company_lookup import find_company
    from kmtrack.usecases.company_page import company_page
    from kmtrack.views.company_page import company_page_as_dict, show_company

    with open_session(context) as session, session.store.reading():
        row = find_company(session, reference, withdrawn=True)
        found = company_page(session, row["id"], whole=all_ or json)
        if json:
            show_json(company_page_as_dict(found))
        else:
            show_company(found, whole=all_)


@company.command("edit", help="help.company.edit")
@with_yes
@with_fields(CompanyFacts, edit=True)
def edit(
    context: typer.Context,
    reference: options.CompanyArgument,
    values: Values,
    since: options.Since = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.companies import edit_company, facts_missing_of
    from kmtrack.views.confirm import format_edited_company

    with open_session(context) as session:
        edited = edit_company(session, reference, values, since)
        missing = [] if json else facts_missing_of(session.store, edited.record["id"])
    if json:
        show_json(edited.record)
    else:
        show_lines(format_edited_company(edited, missing))


@company.command("withdraw", help="help.company.withdraw")
@with_yes
def withdraw(
    context: typer.Context,
    reference: options.CompanyArgument,
    reason: options.Reason = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.companies import company_to_withdraw, withdraw_company

    withdrawal = with_reason(
        context,
        reason,
        lambda session, why: withdraw_company(session, reference, why),
        lambda session: [company_to_withdraw(session, reference)["id"]],
    )
    show_withdrawal(*withdrawal, json=json)


@company.command("join", help="help.company.join")
@with_yes
def join(
    context: typer.Context,
    one: options.CompanyArgument,
    other: options.CompanyArgument,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.companies import facts_missing_of, join_companies
    from kmtrack.views.confirm import format_joined_company, joined_company_as_dict

    with open_session(context) as session:
        joined = join_companies(session, one, other)
        missing = [] if json else facts_missing_of(session.store, joined.record["id"])
    if json:
        show_json(joined_company_as_dict(joined))
    else:
        show_lines(format_joined_company(joined, missing))


@company.command("succeed", help="help.company.succeed")
@with_yes
def succeed(
    context: typer.Context,
    old: Annotated[str, typer.Argument(metavar="metavar.old", help="help.argument.old")],
    new: Annotated[str, typer.Argument(metavar="metavar.new", help="help.argument.new")],
    since: Annotated[
        str | None, typer.Option("--from", metavar="metavar.day", help="help.option.succeeds_from")
    ] = None,
    withdraw: Annotated[
        str | None,
        typer.Option("--withdraw", metavar="metavar.text", help="help.option.withdraw_succession"),
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.errors import WrongUsage
    from kmtrack.usecases.successions import succeed_company, withdraw_succession
    from kmtrack.views.confirm import format_late_event, format_succession, succession_as_dict

    if (since is None) == (withdraw is None):
        raise WrongUsage("succeed_from_or_withdraw")
    with open_session(context) as session:
        if withdraw is None:
            stated = succeed_company(session, old, new, since)
        else:
            stated = withdraw_succession(session, old, new, withdraw)
    for late in stated.late:
        notify_line(format_late_event(late))
    show_json(succession_as_dict(stated)) if json else show_lines(format_succession(stated))


def register(app: typer.Typer) -> None:
    """Register `company` with the root command."""
    app.add_typer(company, name="company")
