"""The command `contract`: what the contract asks for, and its amendments."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.noun import with_yes
from kmtrack.cli.output import show, show_json

if TYPE_CHECKING:
    from kmtrack.clock import Clock
    from kmtrack.rules.tallies import TargetChange
    from kmtrack.usecases.contract import Amendment

contract = typer.Typer(help="help.contract", no_args_is_help=True)

_Repeated = list[str] | None


@contract.command("show", help="help.contract.show")
def show_contract(context: typer.Context, json: options.Json = False) -> None:
    from kmtrack.ledger.contract import document_in_force
    from kmtrack.rules.contract_format import read_contract
    from kmtrack.usecases.history import contract_statements
    from kmtrack.views.history import amendment_as_dict, format_amendment

    with open_session(context) as session, session.store.reading():
        document = document_in_force(session.store)
        statements = contract_statements(session.store)
    if json:
        show_json({**document, "stated": list(map(amendment_as_dict, statements))})
    else:
        from kmtrack.views.contract import show_contract_page

        pairs = [(one.statement, format_amendment(one)) for one in statements]
        show_contract_page(read_contract(document), pairs)


@contract.command("amend", help="help.contract.amend")
@with_yes
def amend(
    context: typer.Context,
    first_day: Annotated[
        str | None, typer.Option("--first-day", metavar="metavar.day", help="help.amend.first_day")
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--last-day", metavar="metavar.day", help="help.amend.last_day")
    ] = None,
    municipality: Annotated[
        _Repeated,
        typer.Option("--municipality", metavar="metavar.municipality", help="help.amend.joins"),
    ] = None,
    since: Annotated[
        str | None, typer.Option("--from", metavar="metavar.day", help="help.amend.from")
    ] = None,
    until: Annotated[
        str | None, typer.Option("--until", metavar="metavar.day", help="help.amend.until")
    ] = None,
    without: Annotated[
        _Repeated,
        typer.Option("--without", metavar="metavar.municipality", help="help.amend.without"),
    ] = None,
    minimum: Annotated[
        _Repeated,
        typer.Option("--minimum", metavar="metavar.target_number", help="help.amend.minimum"),
    ] = None,
    due: Annotated[
        _Repeated, typer.Option("--due", metavar="metavar.target_day", help="help.amend.due")
    ] = None,
    operator: Annotated[
        str | None, typer.Option("--operator", metavar="metavar.text", help="help.amend.operator")
    ] = None,
    region: Annotated[
        str | None, typer.Option("--region", metavar="metavar.text", help="help.amend.region")
    ] = None,
    questions_to: Annotated[
        str | None,
        typer.Option("--questions-to", metavar="metavar.text", help="help.amend.questions_to"),
    ] = None,
    report_day: Annotated[
        _Repeated,
        typer.Option("--report-day", metavar="metavar.day", help="help.amend.report_day"),
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="metavar.text", help="help.option.reason")
    ] = None,
    json: options.Json = False,
) -> None:
    from kmtrack.usecases.contract import amend_contract

    typed = Typed(
        first_day,
        last_day,
        municipality or [],
        since,
        until,
        without or [],
        minimum or [],
        due or [],
        operator,
        region,
        questions_to,
        report_day,
    )
    with open_session(context) as session:
        amendment = amend_contract(session, changes_of(typed, session.clock), reason)
    confirm_amendment(amendment, json=json)


class Typed(NamedTuple):
    """The options of `contract amend` as typed."""

    first_day: str | None
    last_day: str | None
    municipality: list[str]
    since: str | None
    until: str | None
    without: list[str]
    minimum: list[str]
    due: list[str]
    operator: str | None
    region: str | None
    questions_to: str | None
    report_day: list[str] | None


def changes_of(typed: Typed, clock: "Clock") -> dict[str, Any]:
    """Return the changes in the form that `amend_contract` takes.

    Raises Refusal `bad_option` and others.
    """
    from kmtrack.cli.parse import parse_day_option, parse_line, parse_number, parse_year_day

    changes: dict[str, Any] = {}
    for option, text in (("first-day", typed.first_day), ("last-day", typed.last_day)):
        if text is not None:
            changes[option.replace("-", "_")] = parse_day_option(
                option, text, clock, "dated"
            ).isoformat()
    for option, text in (
        ("operator", typed.operator),
        ("region", typed.region),
        ("questions-to", typed.questions_to),
    ):
        if text is not None:
            changes[option.replace("-", "_")] = parse_line(option, text)
    if typed.report_day is not None:
        days = [parse_year_day("report-day", text) for text in typed.report_day if text.strip()]
        changes["report_days"] = [each._asdict() for each in sorted(set(days))]
    spans = _spans(typed, clock)
    if spans:
        changes["participation"] = spans
    if typed.without:
        changes["without"] = _codes("without", typed.without)
    if typed.minimum:
        changes["minimums"] = {
            target: parse_number("minimum", text, 1, 1_000_000)
            for target, text in map(_target_and_value, typed.minimum)
        }
    if typed.due:
        changes["due_days"] = {
            target: parse_day_option("due", text, clock, "dated").isoformat()
            for target, text in map(_target_and_value, typed.due)
        }
    return changes


def _spans(typed: Typed, clock: "Clock") -> list[dict[str, str]]:
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.errors import WrongUsage

    if (typed.since or typed.until) and not typed.municipality:
        raise WrongUsage("from_without_municipality")
    days: dict[str, str] = {}
    if typed.since is not None:
        days["from"] = parse_day_option("from", typed.since, clock, "dated").isoformat()
    if typed.until is not None:
        days["until"] = parse_day_option("until", typed.until, clock, "dated").isoformat()
    return [{"municipality": code, **days} for code in _codes("municipality", typed.municipality)]


def _codes(option: str, texts: list[str]) -> list[str]:
    """Return the codes of the municipalities and regions named in an option."""
    from kmtrack.errors import BadValue, Refusal
    from kmtrack.municipalities import codes_named, names_in

    try:
        named = [codes_named(name) for text in texts for name in names_in(text) or [text]]
    except BadValue as error:
        raise Refusal("bad_option", option=f"--{option}", sentence=error.sentence()) from None
    return list(dict.fromkeys(code for codes in named for code in codes))


def _target_and_value(text: str) -> tuple[str, str]:
    from kmtrack.errors import WrongUsage

    target, equals, value = text.partition("=")
    if not equals:
        raise WrongUsage("no_target_given", value=text[:60])
    return target.strip(), value.strip()


def confirm_amendment(amendment: "Amendment", *, json: bool) -> None:
    """Print the changed terms with old and new values, and each count that changed."""
    from kmtrack.i18n import say
    from kmtrack.rules.tallies import target_changes
    from kmtrack.views.target_changes import format_changes

    changes = target_changes(amendment.contract, amendment.before, amendment.after)
    if json:
        moved = [change for change in changes if change.before != change.after]
        show_json(
            {
                "contract": amendment.contract.id,
                "changes": {term.key: list(pair) for term, pair in amendment.changes.items()},
                "changed": list(map(_as_data, moved)),
            }
        )
        return
    from kmtrack.rules.amendments import Term
    from kmtrack.views.contract import changes_in_words, questions_as_read

    changed = changes_in_words(amendment.contract, amendment.changes)
    show(say("amend.done", what=" · ".join(changed)))
    if amendment.contract.questions_to and Term("questions_to") in amendment.changes:
        for line in questions_as_read(amendment.contract):
            show(line)
    for line in format_changes(changes):
        show(line)


def _as_data(change: "TargetChange") -> dict[str, Any]:
    return {
        "target": change.target.id,
        "before": change.before._asdict(),
        "after": change.after._asdict(),
    }


def register(app: typer.Typer) -> None:
    """Register `contract` with the root command."""
    app.add_typer(contract, name="contract")
