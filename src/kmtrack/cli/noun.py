"""What every noun of records can do: add, edit, list, show and withdraw; options from its fields."""

import inspect
import os
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.globals import at_terminal, can_ask
from kmtrack.cli.lists import register_list
from kmtrack.cli.output import notify, notify_line, show_json, show_lines, show_withdrawal
from kmtrack.cli.signature import Signed
from kmtrack.errors import Refusal
from kmtrack.ledger.schema.facts import Facts
from kmtrack.ledger.schema.fields import Field, asked, is_anything_sought, is_given
from kmtrack.ledger.schema.people import ReasonFacts

if TYPE_CHECKING:
    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session

Values = Mapping[str, Any]
Result = TypeVar("Result")

NO_VALUES: Values = MappingProxyType({})
# What of a contact helps whoever meets the company next.
_FOR_LATER: Final = ("note", "person", "next")


def with_fields(
    facts: type[Facts], *, edit: bool = False, asks: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command an option for each field of `facts`, in place of its parameter `values`.

    The command gets as `values` what was typed, by the names of the fields; options that were not
    typed are left out. With `edit` the record exists already, so its name is an option too. A
    command that `asks` for missing details can be typed without its argument.
    """

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        def run(**given: Any) -> None:
            typed = {field.stated_as: given.pop(field.stated_as) for field in asked(facts)}
            values = {name: value for name, value in typed.items() if value not in (None, [])}
            command(values=values, **given)

        def parameters() -> list[inspect.Parameter]:
            stated = [_parameter(field, edit=edit, asks=asks) for field in asked(facts)]
            own = inspect.signature(command).parameters.values()
            return [
                each
                for parameter in own
                for each in (stated if parameter.name == "values" else [parameter])
            ]

        return Signed(run, parameters)

    return decorate


def with_yes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the option --yes, which answers its use case's questions; `open_session` reads it."""

    def run(**given: Any) -> None:
        del given["yes"]
        command(**given)

    def parameters() -> list[inspect.Parameter]:
        kind = inspect.Parameter.KEYWORD_ONLY
        yes = inspect.Parameter("yes", kind, default=False, annotation=options.Yes)
        own = [p.replace(kind=kind) for p in inspect.signature(command).parameters.values()]
        before = next((at for at, p in enumerate(own) if p.name == "json"), len(own))
        return [*own[:before], yes, *own[before:]]

    return Signed(run, parameters)


def _parameter(field: Field, *, edit: bool, asks: bool) -> inspect.Parameter:
    argument, help_ = field.details.argument, field.help(edit=edit)
    shown = True if edit else field.default_text or True
    if argument and (field.details.is_always_argument or not edit):
        place = typer.Argument(metavar=f"metavar.{argument}", help=help_)
        if asks:
            return _named(field, Annotated[str | None, place], None)
        return _named(field, Annotated[str, place], inspect.Parameter.empty)
    if field.kind.is_flag:
        flag = typer.Option(f"--{field.option}/--no-{field.option}", help=help_)
        return _named(field, Annotated[bool | None, flag], None)
    option = typer.Option(
        f"--{field.option}", metavar=field.metavar, help=help_, show_default=shown
    )
    type_: Any = list[str] if field.kind.is_repeated else str
    return _named(field, Annotated[type_ | None, option], None)


def _named(field: Field, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(field.stated_as, kind, default=default, annotation=annotation)


def with_days_in_full(session: "Session", facts: type[Facts], values: Values) -> Values:
    """Return the values with each past day in full, and report a day that was typed otherwise.

    For a command whose confirmation does not show the day. Raises Refusal `bad_option`.
    """
    from kmtrack.cli.parse import parse_past_day

    days = {
        field.name: parse_past_day(
            field.option, values[field.name], session.clock, "happened", session.first_day
        ).isoformat()
        for field in asked(facts)
        if field.kind.day_use == "happened" and is_given(values.get(field.name))
    }
    return {**values, **days}


def register_all(app: typer.Typer, noun: str, facts: type[Facts]) -> None:
    """Give a noun of events every command, in the order of help."""
    register_add(app, noun, facts)
    register_list(app, noun)
    register_show(app, noun, noun)
    register_edit(app, noun, noun, facts)
    register_withdraw(app, noun, noun)


def register_add(app: typer.Typer, noun: str, facts: type[Facts]) -> None:
    """Give a noun of events the command `add`."""

    @app.command("add", help=f"help.{noun}.add")
    @with_yes
    @with_fields(facts)
    def add(
        context: typer.Context,
        company: options.CompanyAsked = None,
        values: Values = NO_VALUES,
        json: options.Json = False,
    ) -> None:
        add_events(context, noun, facts, company, values, json=json)


def add_events(
    context: typer.Context,
    name: str,
    facts: type[Facts],
    company: str | None,
    values: Values,
    *,
    json: bool,
) -> None:
    """Store an event of a noun (or "followup"), asking for missing details.

    If a contact was asked for the next one is too, until there is none.
    """
    from kmtrack.usecases.events import add_event, add_followup

    is_asked = is_to_ask(context, facts, values, "company")
    own = _own_channel(name, values)
    with open_session(context) as session:
        if company is None or is_asked:
            _ask_events(session, name, facts, company, values, own)
            return
        stated = {**values, **own} if own else values
        if name == "followup":
            confirmation = add_followup(session, company, stated)
        else:
            try:
                confirmation = add_event(session, name, company, stated)
            except Refusal as refusal:
                if refusal.key != "unknown_company" or not can_ask(context):
                    raise
                _ask_events(session, name, facts, company, values, own)
                return
    show_confirmation(confirmation, json=json)
    if own:
        from kmtrack.ledger.schema.choices import choice_word

        notify("config.channel_used", channel=choice_word("channel", own["channel"]))
    if not json and at_terminal() and _has_nothing_for_later(confirmation.record):
        from kmtrack.views.format import to_fill_in

        options = to_fill_in("contact", *_FOR_LATER)
        notify("confirm.add_more", id=confirmation.record["id"], options=options)


def _has_nothing_for_later(record: Mapping[str, Any]) -> bool:
    """Return whether a contact was stored without anything that helps at the next one."""
    return record["noun"] == "contact" and not any(map(record.get, _FOR_LATER))


def _ask_events(
    session: "Session",
    name: str,
    facts: type[Facts],
    company: str | None,
    values: Values,
    own: Values,
) -> None:
    from kmtrack.cli.event_questions import asked_events

    for each in asked_events(session, name, facts, company, values, own):
        show_confirmation(each, is_asked=True)


def _own_channel(name: str, values: Values) -> Values:
    """Return the preferred channel of a person at the terminal, for contacts typed without one."""
    if name not in {"contact", "followup"} or "channel" in values or not at_terminal():
        return NO_VALUES
    from kmtrack.preferences import preferred_channel

    channel = preferred_channel(os.environ)
    return {"channel": channel} if channel else NO_VALUES


def is_to_ask(
    context: typer.Context, facts: type[Facts], values: Values, needed: str | None = None
) -> bool:
    """Return whether something is missing, a fact or the `needed` parameter, and somebody can be asked.

    Raises Typer's error of a missing parameter if nobody can.
    """
    is_missing = needed is not None and context.params[needed] is None
    if not (is_missing or is_anything_sought(facts, values)):
        return False
    if can_ask(context):
        return True
    if is_missing:
        from kmtrack.cli.typer_patches.usage import missing_parameter

        raise missing_parameter(context, needed)
    return False


def with_reason(
    context: typer.Context,
    reason: str | None,
    withdraw: "Callable[[Session, str], Result]",
    find: "Callable[[Session], Iterable[str]]",
) -> "Result":
    """Withdraw a record and return the result of `withdraw`; ask for a reason that was not typed.

    `find` returns the ids, which are shown before anybody gives a reason; it refuses a record that
    is missing or cannot be withdrawn.
    """
    typed = {} if reason is None else {"reason": reason}
    is_asked = is_to_ask(context, ReasonFacts, typed, "reason")
    with open_session(context) as session:
        if reason is None or is_asked:
            from kmtrack.cli.record_questions import asked_values

            show_named(session, find(session))
            reason = str(asked_values(session, "reason", ReasonFacts, {})["reason"])
        why = reason
        return run_in(session, lambda at: withdraw(at, why), is_asked=is_asked)


def show_named(session: "Session", ids: Iterable[str]) -> None:
    """Show these records, one line each."""
    from kmtrack.i18n import say
    from kmtrack.ledger.queries.record_names import record_names
    from kmtrack.ledger.schema.ids import noun_of
    from kmtrack.views.format import called_in_words

    for id_, name in record_names(session.store, ids).items():
        notify_line(f"  {say(f'noun.{noun_of(id_)}')} {id_}: {called_in_words(name)}")


def run_in(session: "Session", run: "Callable[[Session], Result]", *, is_asked: bool) -> "Result":
    """Run a use case; if the command has asked already, settle its doubts without repeating that."""
    if not is_asked:
        return run(session)
    from kmtrack.cli.prompts import Settler

    return Settler(session)(run)


def register_edit(app: typer.Typer, noun: str, name: str, facts: type[Facts]) -> None:
    """Give a noun of events the command `edit`; `name` is what people call it here."""

    @app.command("edit", help=f"help.{name}.edit")
    @with_yes
    @with_fields(facts, edit=True)
    def edit(
        context: typer.Context,
        id_: options.EventArgument,
        values: Values,
        company: options.MovedTo = None,
        json: options.Json = False,
    ) -> None:
        from kmtrack.usecases.events import edit_event

        stated = values if company is None else {**values, "company": company}
        with open_session(context) as session:
            confirmation = edit_event(session, noun, id_, stated)
        show_confirmation(confirmation, edited=True, json=json)


def show_confirmation(
    confirmation: "Confirmation",
    *,
    edited: bool = False,
    json: bool = False,
    is_asked: bool = False,
) -> None:
    """Show what was stored; report if it is there already, or at a company taken over by then.

    With `is_asked` the recent contacts were shown as soon as the company was named.
    """
    from kmtrack.views.confirm import (
        confirmation_as_dict,
        format_alike_institution,
        format_confirmation,
        format_late_event,
    )
    from kmtrack.views.format import sentence

    if json:
        show_json(confirmation_as_dict(confirmation))
    else:
        show_lines(format_confirmation(confirmation, edited=edited))
    if confirmation.same is not None:
        notify_line(sentence(confirmation.same.sentence()))
    if confirmation.alike is not None:
        notify_line(format_alike_institution(confirmation))
    if confirmation.persons:
        name = confirmation.record["person"]
        notify("person.new_beside", name=name, others=", ".join(confirmation.persons))
    if confirmation.recent and not (json or is_asked):
        from kmtrack.views.recent_contacts import recent_in_words

        notify("recent.line", who=recent_in_words(confirmation.recent))
    if confirmation.late is not None:
        notify_line(format_late_event(confirmation.late))


def register_show(app: typer.Typer, noun: str, name: str) -> None:
    """Give a noun of events the command `show`."""

    @app.command("show", help=f"help.{name}.show")
    def show(
        context: typer.Context, id_: options.EventArgument, json: options.Json = False
    ) -> None:
        from kmtrack.ledger.contract import contract_in_force
        from kmtrack.usecases.record_lookup import find_record
        from kmtrack.usecases.records import event_record
        from kmtrack.views.confirm import format_record

        with open_session(context) as session, session.store.reading():
            _, row = find_record(session, id_, [noun], withdrawn=True)
            record = event_record(session.store, noun, row)
            contract = contract_in_force(session.store)
        show_json(record) if json else show_lines(format_record(record, contract))


def register_withdraw(app: typer.Typer, noun: str, name: str) -> None:
    """Give a noun of events the command `withdraw`."""

    @app.command("withdraw", help=f"help.{name}.withdraw")
    @with_yes
    def withdraw(
        context: typer.Context,
        ids: options.IdsArgument,
        reason: options.Reason = None,
        json: options.Json = False,
    ) -> None:
        from kmtrack.usecases.events import withdraw_event
        from kmtrack.usecases.record_lookup import find_records

        withdrawal = with_reason(
            context,
            reason,
            lambda session, why: withdraw_event(session, noun, ids, why),
            lambda session: find_records(session, ids, [noun]),
        )
        show_withdrawal(*withdrawal, json=json)
