"""The tables derived from the fields equal the tables that were written by hand before."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from typer.main import get_command

from builders import refuses
from kmtrack.cli.app import build_app
from kmtrack.ledger.schema.events import ContactFacts, HireFacts
from kmtrack.ledger.schema.facts import FieldErrors, named_fields
from kmtrack.ledger.schema.fields import exported, fields_of
from kmtrack.ledger.schema.nouns import EVENTS, NOUNS
from kmtrack.usecases.imports.columns import COLUMNS, QUESTIONS, REQUIRED, plain_heading
from kmtrack.usecases.record_lists import listed_fields
from kmtrack.views.lists import shown_fields

TODAY: Final = date(2011, 6, 30)
COMPANY: Final = (
    *("name", "cvr", "municipality", "employees", "turnover", "balance", "sme", "basis", "kind"),
    "visited-before",
)
COLLABORATION: Final = (
    *("kind", "agreed", "start", "end", "institution", "title", "students"),
    *("municipality", "broker", "note"),
)
HIRE: Final = (
    *("level", "agreed", "start", "end", "field", "institution", "terms", "hours", "permanent"),
    *("municipality", "broker", "note"),
)
CONTACT: Final = ("date", "channel", "broker", "with", "person", "note", "next", "municipality")
METHOD: Final = ("name", "kind", "for", "description", "by", "date")
OPTIONS: Final = {
    ("company", "add"): (*COMPANY, "yes", "json"),
    ("company", "edit"): ("reference", *COMPANY, "from", "yes", "json"),
    ("contact", "add"): ("company", *CONTACT, "method", "yes", "json"),
    ("contact", "edit"): ("id_", *CONTACT, "company", "yes", "json"),
    ("followup", "add"): ("company", *CONTACT, "method", "yes", "json"),
    ("collaboration", "add"): ("company", *COLLABORATION, "yes", "json"),
    ("collaboration", "edit"): ("id_", *COLLABORATION, "company", "yes", "json"),
    ("hire", "add"): ("company", *HIRE, "yes", "json"),
    ("hire", "edit"): ("id_", *HIRE, "company", "yes", "json"),
    ("method", "add"): (*METHOD, "yes", "json"),
    ("method", "edit"): ("reference", *METHOD, "yes", "json"),
    ("method", "assess"): ("reference", "verdict", "text", "date", "by", "yes", "json"),
    ("method", "disseminate"): (
        "reference",
        "to",
        "how",
        "date",
        "institution",
        "by",
        "yes",
        "json",
    ),
    ("deliverable", "log"): ("which", "text", "date", "yes", "json"),
    ("deliverable", "submit"): ("which", "text", "date", "file", "yes", "json"),
    ("broker", "add"): ("initials", "council", "login", "yes", "json"),
}


@pytest.mark.parametrize(("noun", "verb"), OPTIONS)
def test_a_command_has_the_options_that_it_had(noun: str, verb: str) -> None:
    command = get_command(build_app(noun)).commands[noun].commands[verb]  # type: ignore[attr-defined]
    names = tuple(parameter.opts[0].removeprefix("--") for parameter in command.params)
    assert names == OPTIONS[noun, verb]


def _with_place(options: tuple[str, ...]) -> list[str]:
    """Return the columns of an import: in a list of events a municipality is the company's."""
    return ["place_municipality" if name == "municipality" else name for name in options]


def test_the_columns_of_an_import_are_those_that_were() -> None:
    assert {
        "company": (*COMPANY[:-1], "visited_before"),
        "contact": (
            *("company", "date", "channel", "broker", "others", "person", "note", "next"),
            *("place_municipality", "methods_used"),
        ),
        "collaboration": ("company", *_with_place(COLLABORATION)),
        "hire": ("company", *_with_place(HIRE)),
        "method": ("name", "kind", "audience", "date", "description", "broker"),
        "assessment": ("method", "date", "verdict", "text", "broker"),
        "dissemination": ("method", "date", "audience", "how", "institution", "broker"),
        "delivery": ("deliverable", "step", "date", "point", "text", "broker"),
        "survey": ("company", "municipality", "wave", "date", *QUESTIONS),
    } == COLUMNS
    assert REQUIRED == {
        "company": ("name",),
        "contact": ("company", "date"),
        "collaboration": ("company", "kind"),
        "hire": ("company",),
        "method": ("name", "kind", "date"),
        "assessment": ("method", "date", "verdict", "text"),
        "dissemination": ("method", "date", "audience", "how"),
        "delivery": ("deliverable", "step", "date"),
        "survey": ("wave", "date"),
    }
    assert [
        plain_heading(column) for column in ("others", "visited_before", "person", "broker")
    ] == [
        *("with", "visited-before", "person", "broker"),
    ]


def test_the_columns_for_the_region_are_those_that_were() -> None:
    sent = {noun: [field.name for field in exported(NOUNS[noun].facts)] for noun in EVENTS}  # type: ignore[arg-type]
    assert sent == {
        "contact": ["date", "channel", "next"],
        "collaboration": ["agreed", "kind", "title", "students", "institution", "start", "end"],
        "hire": [
            *("agreed", "level", "field", "terms", "hours", "institution", "start", "end"),
            "permanent",
        ],
    }


def test_what_is_sent_only_if_asked_for_is_what_a_person_or_an_idea_could_be_known_by() -> None:
    details = {
        noun: [field.name for field in exported(facts) if noun in field.details.detail_of]
        for noun in EVENTS
        if (facts := NOUNS[noun].facts)
    }
    assert details == {
        "contact": [],
        "collaboration": ["title"],
        "hire": ["field", "terms", "hours", "institution", "start", "end", "permanent"],
    }


def test_lists_have_the_fields_that_they_had() -> None:
    contact = ("date", "channel", "broker", "others", "note", "next", "municipality")
    assert listed_fields("contact") == contact
    agreement = ("agreed", "start", "end", "institution", "broker", "note", "municipality")
    own = ("level", "field", "terms", "hours", "permanent")
    assert listed_fields("hire") == (*agreement, *own)
    assert shown_fields("company", "company")[0] == [
        *("id", "name", "cvr", "municipality", "employees"),
    ]
    followup = shown_fields("followup", "contact")
    contact_shown = ["id", "date", "company", "channel", "brokers", "municipality", "standings"]
    assert followup == (contact_shown, ["brokers", "municipality"])
    assert shown_fields("collaboration", "collaboration") == (
        ["id", "agreed", "company", "kind", "title", "students", "municipality", "standings"],
        ["students", "title", "municipality"],
    )
    hire = ["id", "agreed", "company", "level", "field", "municipality", "standings"]
    assert shown_fields("hire", "hire") == (hire, ["field", "municipality"])


def test_every_text_that_a_person_writes_is_kept_from_formulas() -> None:
    for noun in NOUNS.values():
        for field in fields_of(noun.facts) if noun.facts else ():
            if field.kind.is_free_text and field.name != "answers":
                assert field.kind.cell == "text", (noun.name, field.name)


# Checking the facts themselves.


def test_all_that_is_wrong_is_told_in_the_order_of_the_fields() -> None:
    with pytest.raises(FieldErrors) as refused:
        ContactFacts.validate({"next": "x", "channel": "rook", "note": "a" * 3000}, TODAY)
    assert [error.field for error in refused.value.errors] == ["date", "channel", "note", "next"]


def test_blank_texts_are_missing_and_defaults_hold() -> None:
    facts = HireFacts.validate({"terms": " ", "hours": "37", "level": None}, TODAY)
    assert facts.stated() == {"terms": "ordinary", "hours": 37}


def test_a_name_that_is_no_field_is_a_fault() -> None:
    with pytest.raises(TypeError):
        HireFacts.validate({"sector": "energy"}, TODAY)


def test_facts_that_disagree_are_refused_at_one_field() -> None:
    with pytest.raises(FieldErrors) as refused:
        HireFacts.validate({"start": "2011-05-02", "end": "2011-05-01"}, TODAY)
    (error,) = refused.value.errors
    assert (error.field, error.error.key) == ("end", "end_before_start")


@pytest.mark.parametrize(
    ("typed", "hours"),
    [("37", 37), (37, 37), (37.0, 37), ("18,5", 18.5), ("18.5", 18.5), (" 14,8 ", 14.8), (14.8, 14.8),
     ("37,0", 37), ("60", 60), ("1", 1)],
)  # fmt: skip
def test_hours_may_have_decimals(typed: object, hours: float) -> None:
    read = named_fields(HireFacts)["hours"].read(typed, TODAY)
    assert (type(read), read) == (type(hours), hours)


@pytest.mark.parametrize(
    "typed",
    ["0", "0,5", "60,5", "61", "-5", "18,555", "18,", ",5", "1e1", "37 t", "x", 37.123, True],
)
def test_what_is_no_number_of_hours_is_refused(typed: object) -> None:
    with refuses("bad_hours"):
        named_fields(HireFacts)["hours"].read(typed, TODAY)


def test_a_field_judges_a_value_by_itself() -> None:
    hours = named_fields(HireFacts)["hours"]
    assert (hours.read(" ", TODAY), hours.read("37", TODAY)) == (None, 37)
    with refuses("bad_hours"):
        hours.read("61", TODAY)
