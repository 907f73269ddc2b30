"""The options that several commands share, each with the keys of its help and its placeholder."""

from typing import Annotated

import typer

CompanyArgument = Annotated[
    str, typer.Argument(metavar="metavar.company", help="help.argument.company")
]
IdArgument = Annotated[str, typer.Argument(metavar="metavar.id", help="help.argument.id")]

Json = Annotated[bool, typer.Option("--json", help="help.option.json")]
Csv = Annotated[bool, typer.Option("--csv", help="help.option.csv")]
Yes = Annotated[bool, typer.Option("--yes", help="help.option.yes")]
All = Annotated[bool, typer.Option("--all", help="help.option.all")]
Limit = Annotated[
    str | None, typer.Option("--limit", metavar="metavar.number", help="help.option.limit")
]
Reason = Annotated[str, typer.Option("--reason", metavar="metavar.text", help="help.option.reason")]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="metavar.day", help="help.option.as_of")
]
CompanyFilter = Annotated[
    str | None,
    typer.Option("--company", metavar="metavar.company", help="help.option.company_filter"),
]

DryRun = Annotated[bool, typer.Option("--dry-run", help="help.option.dry_run")]
KnownAt = Annotated[
    str | None, typer.Option("--known-at", metavar="metavar.moment", help="help.option.known_at")
]

Name = Annotated[str | None, typer.Option("--name", metavar="metavar.text", help="help.field.name")]
Cvr = Annotated[str | None, typer.Option("--cvr", metavar="metavar.cvr", help="help.field.cvr")]
Municipality = Annotated[
    str | None,
    typer.Option("--municipality", metavar="metavar.municipality", help="help.field.municipality"),
]
Employees = Annotated[
    str | None,
    typer.Option("--employees", metavar="metavar.headcount", help="help.field.employees"),
]
Turnover = Annotated[
    str | None, typer.Option("--turnover", metavar="metavar.amount", help="help.field.turnover")
]
Balance = Annotated[
    str | None, typer.Option("--balance", metavar="metavar.amount", help="help.field.balance")
]
Sme = Annotated[str | None, typer.Option("--sme", metavar="metavar.yes_no", help="help.field.sme")]
Basis = Annotated[
    str | None, typer.Option("--basis", metavar="metavar.text", help="help.field.basis")
]
CompanyKind = Annotated[
    str | None,
    typer.Option("--kind", metavar="metavar.company_kind", help="help.field.company_kind"),
]
VisitedBefore = Annotated[
    str | None,
    typer.Option("--visited-before", metavar="metavar.day", help="help.field.visited_before"),
]
Since = Annotated[
    str | None, typer.Option("--from", metavar="metavar.day", help="help.option.from")
]

Date = Annotated[str | None, typer.Option("--date", metavar="metavar.day", help="help.field.date")]
NewDate = Annotated[
    str | None, typer.Option("--date", metavar="metavar.day", help="help.field.new_date")
]
Channel = Annotated[
    str | None, typer.Option("--channel", metavar="metavar.channel", help="help.field.channel")
]
Broker = Annotated[
    str | None, typer.Option("--broker", metavar="metavar.initials", help="help.field.broker")
]
With = Annotated[
    list[str] | None, typer.Option("--with", metavar="metavar.initials", help="help.field.others")
]
Person = Annotated[
    str | None, typer.Option("--person", metavar="metavar.text", help="help.field.person")
]
Note = Annotated[str | None, typer.Option("--note", metavar="metavar.text", help="help.field.note")]
Next = Annotated[str | None, typer.Option("--next", metavar="metavar.day", help="help.field.next")]
MethodUsed = Annotated[
    list[str] | None,
    typer.Option("--method", metavar="metavar.method", help="help.option.method_used"),
]

MethodArgument = Annotated[
    str, typer.Argument(metavar="metavar.method", help="help.argument.method")
]
Text = Annotated[str | None, typer.Option("--text", metavar="metavar.text", help="help.field.text")]
Day = Annotated[str | None, typer.Option("--date", metavar="metavar.day", help="help.field.day")]

Kind = Annotated[
    str | None,
    typer.Option("--kind", metavar="metavar.collaboration_kind", help="help.field.kind"),
]
Agreed = Annotated[
    str | None, typer.Option("--agreed", metavar="metavar.day", help="help.field.agreed")
]
Start = Annotated[
    str | None, typer.Option("--start", metavar="metavar.day", help="help.field.start")
]
End = Annotated[str | None, typer.Option("--end", metavar="metavar.day", help="help.field.end")]
Institution = Annotated[
    str | None, typer.Option("--institution", metavar="metavar.text", help="help.field.institution")
]
Title = Annotated[
    str | None, typer.Option("--title", metavar="metavar.text", help="help.field.title")
]
Students = Annotated[
    str | None, typer.Option("--students", metavar="metavar.number", help="help.field.students")
]
Level = Annotated[
    str | None, typer.Option("--level", metavar="metavar.level", help="help.field.level")
]
Field = Annotated[
    str | None, typer.Option("--field", metavar="metavar.text", help="help.field.field")
]
Terms = Annotated[
    str | None, typer.Option("--terms", metavar="metavar.terms", help="help.field.terms")
]
Hours = Annotated[
    str | None, typer.Option("--hours", metavar="metavar.number", help="help.field.hours")
]


def said(**values: object) -> dict[str, object]:
    """The values that were given; an option that was not typed states nothing."""
    return {name: value for name, value in values.items() if value is not None and value != []}
