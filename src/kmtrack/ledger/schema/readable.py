"""Readable views: the content of a ledger for other programs, with names for codes and nothing withdrawn.

kmtrack itself never reads them. They are made from the fields of the facts, so a new field is in
them too. None has names of contact persons. This module is loaded only to create or migrate a
ledger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.municipalities import municipalities

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.schema.nouns import Noun

PREFIX: Final = "readable_"
ABOUT: Final = "about"
_TOWN: Final = f"{PREFIX}municipality"
_PLACE: Final = "municipality"
# Of each noun that has a view, what its view says of itself.
_NOUNS: Final[Mapping[str, str]] = {
    "company": "Companies as they are today, without duplicates.",
    "succession": "Takeovers: which company took over which, from which day.",
    "contact": "Contacts, with the company and the municipality that the contact itself states.",
    "collaboration": "Collaborations, with the company.",
    "hire": "Hires, with the company.",
    "method": "Concepts, methods and tools.",
    "assessment": "Assessments of methods.",
    "dissemination": "Whom methods were disseminated to.",
    "usage": "Which method was used at which contact.",
    "delivery": "Steps towards deliverables.",
    "survey": "Questionnaires that were answered; answers are JSON, and confidential.",
    "broker": "Brokers and their business councils.",
}
_TABLES: Final[Mapping[str, str]] = {
    "command": "Every command that changed the ledger: when (UTC), by whom, which, and why.",
    "entry": "The append-only ledger: what each command stated of which record, as JSON.",
    "setting": "Settings of this copy of the ledger.",
    "verdict": "How each record is judged for each target, with the reasons as JSON.",
    "tally": "Verdicts added up: how many of each target, outcome and day.",
    "name_word": "Folded words of the names of companies, to look them up by.",
    "imported_row": "Where a record was last read from, as a keyed digest.",
    "person": "Contact persons: the only table with personal data.",
    "contract": "The result contract, as JSON.",
    **{
        noun: f"Records of the noun {noun}, withdrawn ones included; read {PREFIX}{noun} instead."
        for noun in _NOUNS
    },
}
_VERDICT: Final = f"""
    SELECT verdict.target, verdict.outcome, verdict.noun, verdict.record_id, verdict.day,
        verdict.company_id, company.name AS company, company.cvr,
        town.name AS municipality, verdict.brokers, verdict.reasons
    FROM verdict JOIN company ON company.id = verdict.company_id
        LEFT JOIN {_TOWN} AS town ON town.code = verdict.municipality
"""


class Dialect(NamedTuple):
    """How a database reads the facts of a company that are in force from a later day on.

    `facts` are the rows of a JSON object by day, with the `key` and `value` of each fact; `values`
    read a value as a Python type.
    """

    facts: str
    values: Mapping[type, str]


# Not json_type and its like: SQLite does not trust them in views where kmtrack opens the ledger.
SQLITE: Final = Dialect(
    "json_each(company.later) AS days, json_each(days.value) AS fact",
    dict.fromkeys((str, float, int, bool), "fact.value"),
)
_AS_TEXT: Final = "fact.value #>> '{}'"
POSTGRES: Final = Dialect(
    "jsonb_each(CAST(company.later AS jsonb)) AS days, jsonb_each(days.value) AS fact",
    {
        str: _AS_TEXT,
        float: f"CAST({_AS_TEXT} AS double precision)",
        int: f"CAST({_AS_TEXT} AS integer)",
        bool: f"CAST(CAST({_AS_TEXT} AS boolean) AS integer)",
    },
)


def texts() -> dict[str, str]:
    """Return a description of each table and view, by its name."""
    return {
        **_TABLES,
        **{f"{PREFIX}{noun}": text for noun, text in _NOUNS.items()},
        f"{PREFIX}verdict": "Verdicts, with the company and the municipality that decided.",
        _TOWN: "Danish municipalities by code.",
        ABOUT: "What each table and view is.",
    }


def views(dialect: Dialect) -> Iterator[tuple[str, str]]:
    """Yield the name and the SELECT of each view, views that others use first."""
    towns = ((town.code, town.name) for town in municipalities().values())
    yield _TOWN, f"SELECT column1 AS code, column2 AS name FROM (VALUES {_rows(towns)}) AS list"
    for noun in _NOUNS:
        yield f"{PREFIX}{noun}", _of_noun(NOUNS[noun], dialect)
    yield f"{PREFIX}verdict", _VERDICT
    rows = _rows(sorted(texts().items()))
    yield ABOUT, f"SELECT column1 AS name, column2 AS text FROM (VALUES {rows}) AS list"


def _rows(pairs: Iterable[tuple[str, str]]) -> str:
    """Return pairs of texts as rows of VALUES; they are our own, but quoted all the same."""
    return ", ".join(f"({_quoted(one)}, {_quoted(other)})" for one, other in pairs)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _of_noun(noun: Noun, dialect: Dialect) -> str:
    """Return the SELECT of a noun's records, with names in place of references."""
    columns, joins = [f"{noun.name}.id"], []
    if "company_id" in noun.columns:
        joins += _company(noun.name, "company_id", "company")
        columns += ["company.id AS company_id", "company.name AS company", "company.cvr"]
    for field in fields_of(noun.facts) if noun.facts else ():
        if field.kind.reference == "person":
            continue
        if field.kind.reference == "company":
            name = field.name.removesuffix("_id")
            joins += _company(noun.name, field.name, name)
            columns.append(f"{name}.name AS {name}")
        elif field.kind.reference == "method":
            joins.append(f"JOIN method ON method.id = {noun.name}.{field.name}")
            columns.append("method.name AS method")
        elif field.name == _PLACE:
            joins.append(
                f"LEFT JOIN {_TOWN} AS town ON town.code = {_stated(noun, field, dialect)}"
            )
            columns.append("town.name AS municipality")
        else:
            columns.append(f'{_stated(noun, field, dialect)} AS "{field.name}"')
    columns.append(f"{noun.name}.recorded_at")
    return (
        f"SELECT {', '.join(columns)} FROM {noun.name} {' '.join(joins)} "
        f"WHERE {noun.name}.withdrawn IS NULL"
    )


def _company(noun: str, column: str, name: str) -> list[str]:
    """Return the joins to the company of a record; for a duplicate, to the record in force.

    A questionnaire that a municipality answered has no company.
    """
    return [
        f"LEFT JOIN company AS stated_{name} ON stated_{name}.id = {noun}.{column}",
        f"LEFT JOIN company AS {name} ON {name}.id = COALESCE(stated_{name}.part_of, stated_{name}.id)",
    ]


def _stated(noun: Noun, field: Field, dialect: Dialect) -> str:
    """Return the SQL expression of a field's value; for a company, of the latest value."""
    column = f'{noun.name}."{field.name}"'
    if not field.details.is_dated:
        return column
    value = dialect.values.get(field.type, dialect.values[str])
    stated = f"{dialect.facts} WHERE fact.key = '{field.name}'"
    return (
        f"CASE WHEN EXISTS (SELECT 1 FROM {stated}) "
        f"THEN (SELECT {value} FROM {stated} ORDER BY days.key DESC LIMIT 1) ELSE {column} END"
    )
