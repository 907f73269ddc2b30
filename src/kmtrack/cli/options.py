"""Options shared by several commands that are not fields, each with its help and placeholder."""

from typing import Annotated

import typer

CompanyArgument = Annotated[
    str, typer.Argument(metavar="metavar.company", help="help.argument.company")
]
# Where a terminal asks for it if it is missing.
CompanyAsked = Annotated[
    str | None, typer.Argument(metavar="metavar.company", help="help.argument.company_asked")
]
EventArgument = Annotated[str, typer.Argument(metavar="metavar.id", help="help.argument.record")]
IdArgument = Annotated[str, typer.Argument(metavar="metavar.id", help="help.argument.id")]
# Several words are one argument (`typer_patches/words.py`), so it is one text.
IdsArgument = Annotated[str, typer.Argument(metavar="metavar.ids", help="help.argument.ids")]

Json = Annotated[bool, typer.Option("--json", help="help.option.json")]
Csv = Annotated[bool, typer.Option("--csv", help="help.option.csv")]
Yes = Annotated[bool, typer.Option("--yes", help="help.option.yes")]
All = Annotated[bool, typer.Option("--all", help="help.option.all")]
AllEvents = Annotated[bool, typer.Option("--all", help="help.option.all_events")]
Limit = Annotated[
    str | None,
    typer.Option(
        "--limit", metavar="metavar.number", help="help.option.limit", show_default="default.limit"
    ),
]
# Where a terminal asks for it if it is missing.
Reason = Annotated[
    str | None, typer.Option("--reason", metavar="metavar.text", help="help.option.reason_asked")
]
Login = Annotated[
    str | None, typer.Option("--login", metavar="metavar.login", help="help.option.login")
]
AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="metavar.day", help="help.option.as_of", show_default="default.today"
    ),
]
# Filters and forms of lists.
WordsSought = Annotated[
    str | None, typer.Argument(metavar="metavar.words", help="help.argument.words_sought")
]
BrokerFilter = Annotated[
    str | None,
    typer.Option("--broker", metavar="metavar.initials", help="help.option.broker_filter"),
]
Mine = Annotated[bool, typer.Option("--mine", help="help.option.mine")]
CouncilFilter = Annotated[
    str | None,
    typer.Option("--council", metavar="metavar.council", help="help.option.council_filter"),
]
MunicipalityFilter = Annotated[
    str | None,
    typer.Option(
        "--municipality", metavar="metavar.municipality", help="help.option.municipality_filter"
    ),
]
SinceDay = Annotated[
    str | None, typer.Option("--since", metavar="metavar.day", help="help.option.since_filter")
]
UntilDay = Annotated[
    str | None, typer.Option("--until", metavar="metavar.day", help="help.option.until")
]
StatusFilter = Annotated[
    str | None,
    typer.Option("--status", metavar="metavar.status", help="help.option.status_filter"),
]
# Companies are chosen by the contacts with them.
WordsOfName = Annotated[
    str | None, typer.Argument(metavar="metavar.words", help="help.argument.words_of_name")
]
BrokerMet = Annotated[
    str | None, typer.Option("--broker", metavar="metavar.initials", help="help.option.broker_met")
]
MineMet = Annotated[bool, typer.Option("--mine", help="help.option.mine_met")]
CouncilMet = Annotated[
    str | None, typer.Option("--council", metavar="metavar.council", help="help.option.council_met")
]
SinceMet = Annotated[
    str | None, typer.Option("--since", metavar="metavar.day", help="help.option.since_met")
]
UntilMet = Annotated[
    str | None, typer.Option("--until", metavar="metavar.day", help="help.option.until_met")
]
Sort = Annotated[
    str | None,
    typer.Option(
        "--sort", metavar="metavar.field", help="help.option.sort", show_default="default.by_date"
    ),
]
SortOfNames = Annotated[
    str | None,
    typer.Option(
        "--sort", metavar="metavar.field", help="help.option.sort", show_default="default.by_name"
    ),
]
NoPager = Annotated[bool, typer.Option("--no-pager", help="help.option.no_pager")]
Out = Annotated[
    str | None, typer.Option("--out", metavar="metavar.csv_file", help="help.option.out")
]
YesReplace = Annotated[bool, typer.Option("--yes", help="help.option.yes_replace")]
CompanyFilter = Annotated[
    str | None,
    typer.Option("--company", metavar="metavar.company", help="help.option.company_filter"),
]

MovedTo = Annotated[
    str | None,
    typer.Option("--company", metavar="metavar.company", help="help.option.moved_to"),
]

DryRun = Annotated[bool, typer.Option("--dry-run", help="help.option.dry_run")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="metavar.moment", help="help.option.known_at")
]

Since = Annotated[
    str | None, typer.Option("--from", metavar="metavar.day", help="help.option.from")
]
MethodArgument = Annotated[
    str, typer.Argument(metavar="metavar.method", help="help.argument.method")
]
MethodUsed = Annotated[
    list[str] | None,
    typer.Option("--method", metavar="metavar.method", help="help.option.method_used"),
]
Day = Annotated[
    str | None,
    typer.Option(
        "--date", metavar="metavar.day", help="help.field.day", show_default="default.today"
    ),
]
