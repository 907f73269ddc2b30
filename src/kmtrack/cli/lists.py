"""Lists: the command `list` of every noun, its filters, and its output on a terminal and in a pipe."""

import inspect
import os
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple

import typer

from kmtrack.cli import options
from kmtrack.cli.context import open_session
from kmtrack.cli.output import notify, show_csv, show_json
from kmtrack.cli.signature import Signed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kmtrack.usecases.record_lists import Listing, WholeListing
    from kmtrack.usecases.session import Session

Typed = Mapping[str, Any]
Sought = dict[str, tuple[str, inspect.Parameter]]

NOTHING: Final[Typed] = MappingProxyType({})
_KEYWORD: Final = inspect.Parameter.KEYWORD_ONLY
_OF_FILTERS: Final[Mapping[str, Any]] = {
    "company": options.CompanyFilter,
    "broker": options.BrokerFilter,
    "mine": options.Mine,
    "council": options.CouncilFilter,
    "municipality": options.MunicipalityFilter,
    "since": options.SinceDay,
    "until": options.UntilDay,
    "status": options.StatusFilter,
}


_OF_COMPANIES: Final[Mapping[str, Any]] = {
    **_OF_FILTERS,
    "broker": options.BrokerMet,
    "mine": options.MineMet,
    "council": options.CouncilMet,
    "since": options.SinceMet,
    "until": options.UntilMet,
}


class Output(NamedTuple):
    """The requested form of a list: JSON, CSV, in a file, or without a pager on a terminal."""

    json: bool = False
    csv: bool = False
    out: str | None = None
    no_pager: bool = False

    @property
    def is_data(self) -> bool:
        """Whether it is for a program, which wants all records."""
        return self.json or self.csv or self.out is not None


def with_filters(
    name: str, *, is_sorted: bool = False
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of a list, in place of its parameters `typed` and `output`.

    `typed` gets the typed filters by the names of their options, the words under "words", and the
    order under "sort". `output` gets the form.
    """

    @cache
    def sought() -> Sought:
        found = _parameters(name)
        if is_sorted:
            sort = options.SortOfNames if name == "company" else options.Sort
            found["sort"] = ("sort", _option("sort", sort))
        return found

    return lambda command: _with_options(command, sought)


def with_forms(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options for the form of a list, in place of its parameter `output`."""
    return _with_options(command, dict)


def _with_options(
    command: Callable[..., None], sought: Callable[[], Sought]
) -> Callable[..., None]:
    def run(**given: Any) -> None:
        if sought():
            given["typed"] = {option: given.pop(name) for name, (option, _) in sought().items()}
        form = {name: given.pop(name) for name in Output._fields}
        del given["yes"]  # the session's answers say so
        command(output=Output(**form), **given)

    def parameters() -> list[inspect.Parameter]:
        found: list[inspect.Parameter] = []
        for parameter in inspect.signature(command).parameters.values():
            if parameter.name == "typed":
                found += (each for _, each in sought().values())
            elif parameter.name == "output":
                found += _forms()
            else:
                found.append(parameter.replace(kind=_KEYWORD))
        return found

    return Signed(run, parameters)


def _forms() -> list[inspect.Parameter]:
    """Return the parameters of `Output`, and the one that answers whether a file may be replaced."""
    return [
        _option("no_pager", options.NoPager, default=False),
        _option("out", options.Out),
        _option("yes", options.YesReplace, default=False),
        _option("json", options.Json, default=False),
        _option("csv", options.Csv, default=False),
    ]


def _parameters(name: str) -> Sought:
    """Return each parameter of a list with the option that it belongs to."""
    from kmtrack.ledger.schema.filters import filters_of

    filters = filters_of(name)
    are_companies = filters.noun == "company"
    of_filters = _OF_COMPANIES if are_companies else _OF_FILTERS
    words = options.WordsOfName if are_companies else options.WordsSought
    found = {"words": ("words", _option("words", words))}
    for each in filters.names:
        default = False if each == "mine" else None
        found[each] = (each, _option(each, of_filters[each], default=default))
    for field in filters.chosen:
        option = typer.Option(f"--{field.option}", metavar=field.metavar, help=field.help())
        key = f"of_{field.name}"
        found[key] = (field.option, _option(key, Annotated[str | None, option]))
    return found


def _option(name: str, annotation: Any, *, default: object = None) -> inspect.Parameter:
    return inspect.Parameter(name, _KEYWORD, default=default, annotation=annotation)


def register_list(app: typer.Typer, name: str) -> None:
    """Give a noun (or "followup") the command `list`."""

    @app.command("list", help=f"help.{name}.list")
    @with_filters(name, is_sorted=True)
    def list_(
        context: typer.Context,
        typed: Typed = NOTHING,
        limit: options.Limit = None,
        all_: options.All = False,
        output: Output = Output(),  # noqa: B008 - it is never changed
    ) -> None:
        from kmtrack.cli.parse import parse_limit
        from kmtrack.ledger.store.base import EVERYTHING
        from kmtrack.usecases.record_lists import listing_of

        most = parse_limit(limit, whole=all_ or output.is_data)
        with open_session(context) as session:
            days = with_days(session, typed)
            if most == EVERYTHING and (output.is_data or not is_at_terminal()):
                show_whole(session, name, days, output)
                return
            found = listing_of(session, name, days, most)
            show_records(session, found, name, output, is_narrowed=is_narrowed(typed))


def show_due(session: "Session", until: str | None, typed: Typed, output: Output) -> None:
    """Show the follow-ups that are due today, or by the typed day."""
    from kmtrack.cli.parse import parse_day_option
    from kmtrack.usecases.record_lists import due_contacts

    day = parse_day_option("until", until, session.clock, "due", is_filter=True)
    found = due_contacts(session, day, typed)
    show_records(session, found, "due", output, is_narrowed=is_narrowed(typed))


def with_days(session: "Session", typed: Typed) -> Typed:
    """Return the filters with --since and --until as days. Raises Refusal `bad_option`."""
    days = {name: typed[name] for name in ("since", "until") if typed.get(name) is not None}
    if not days:
        return typed
    from kmtrack.cli.parse import parse_day_option

    read = {
        name: parse_day_option(name, text, session.clock, "since" if name == "since" else "until")
        for name, text in days.items()
    }
    return {**typed, **read}


def is_narrowed(typed: Typed) -> bool:
    """Return whether any filter was typed that leaves records out."""
    return any(value not in (None, False) for name, value in typed.items() if name != "sort")


def show_records(
    session: "Session", listing: "Listing", name: str, output: Output, *, is_narrowed: bool
) -> None:
    """Show the records of a list in the requested form."""
    if _show_as_data(session, listing, output):
        return
    from kmtrack.views.lists import show_list

    hidden = show_list(
        name,
        listing.noun,
        listing.records,
        pager=pager_of(output, at_the_end=listing.is_by_day),
        is_by_day=listing.is_by_day,
    )
    number = listing.number
    notify_about(name, hidden, number=len(listing.records), is_narrowed=is_narrowed)
    if number is None:
        notify("list.more_there", shown=len(listing.records))
    elif len(listing.records) < number:
        notify("list.more", shown=len(listing.records), number=number)


def show_whole(session: "Session", name: str, typed: Typed, output: Output) -> None:
    """Show all records of a noun while they are read, as data or, in a pipe, one per line."""
    from kmtrack.cli.stream import streamed
    from kmtrack.usecases.record_lists import whole_listing
    from kmtrack.views.lists import show_whole_list

    with streamed(session.store):
        listing = whole_listing(session, name, typed)
        if _show_as_data(session, listing, output):
            return
        are_any = show_whole_list(name, listing.noun, listing.records, listing.is_stated)
    notify_about(name, (), number=int(are_any), is_narrowed=is_narrowed(typed))


def _show_as_data(session: "Session", listing: "Listing | WholeListing", output: Output) -> bool:
    """Show a list as data if that is requested; return whether it is."""
    columns = listing.columns
    fields = list(columns) if output.out is None else listing.fields
    headings = list(columns.values())
    return show_data(session, listing.records, output, listing.noun, fields, headings)


def show_data(
    session: "Session",
    records: "Iterable[Mapping[str, Any]]",
    output: Output,
    noun: str,
    fields: "Sequence[str]",
    headings: "Sequence[str] | None" = None,
) -> bool:
    """Show records as JSON or CSV, or write them to a file; return whether one of these was requested.

    CSV has the fields under the `headings`; a file is for people, and has them in words.

    Raises WrongUsage `json_and_out`, and what `write_list` raises.
    """
    if output.out is not None:
        from kmtrack.cli.list_file import write_list

        write_list(session, output.out, noun, fields, records, is_json=output.json)
    elif output.json:
        show_json(iter(records))
    elif output.csv:
        show_csv(fields, records, headings)
    return output.is_data


def pager_of(output: Output, *, at_the_end: bool = False) -> "Sequence[str]":
    """Return the pager command for a list longer than the terminal; none in a pipe."""
    if output.no_pager or not is_at_terminal():
        return ()
    from kmtrack.preferences import pager
    from kmtrack.views.pager import pager_command

    return pager_command(pager(os.environ), at_the_end=at_the_end)


def is_at_terminal() -> bool:
    """Return whether stdout is a terminal."""
    import sys

    return sys.stdout is not None and sys.stdout.isatty()


def notify_about(
    name: str, hidden: "Sequence[str]", *, number: int, is_narrowed: bool = False
) -> None:
    """Report that a list has no records, or which columns a narrow terminal does not show."""
    if not number:
        notify("list.none_found" if is_narrowed else f"list.none.{name}")
    elif hidden:
        notify("list.hidden", columns=", ".join(hidden))
