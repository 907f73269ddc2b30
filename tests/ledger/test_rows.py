"""Rows: the projection of a record's entries, with dated facts and corrections."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from builders import day
from kmtrack.ledger.dossiers import company_of
from kmtrack.ledger.rows import current_facts, later_facts, new_row, row_after
from kmtrack.ledger.schema.nouns import NOUNS

if TYPE_CHECKING:
    from kmtrack.ledger.entries import Action
    from kmtrack.ledger.rows import Row

MOMENT = "2011-06-30T12:00:00.000000Z"
COMPANY = {"name": "Ærø Smedje ApS", "kind": "company", "municipality": "791", "employees": "40"}
Entries = list[tuple["Action", dict[str, Any]]]


def added_up(noun: str, entries: Entries) -> Row:
    row = new_row(noun, "c1", MOMENT)
    for action, facts in entries:
        row = row_after(noun, row, action, facts)
    return row


def company(*entries: tuple[Action, dict[str, Any]]) -> Row:
    return added_up("company", [("add", COMPANY), *entries])


def test_a_new_record_has_its_id_its_moment_and_what_was_stated() -> None:
    stated = {"company_id": "c1", "level": "phd", "terms": "ordinary"}
    blank = dict.fromkeys(NOUNS["hire"].columns)
    row = added_up("hire", [("add", stated)])
    assert row == {**blank, "id": "c1", "recorded_at": MOMENT, **stated}


def test_an_edit_changes_what_it_states_and_nothing_else() -> None:
    row = added_up("hire", [("add", {"level": "phd", "hours": 37}), ("edit", {"level": "master"})])
    assert (row["level"], row["hours"]) == ("master", 37)


def test_an_edit_takes_a_fact_back() -> None:
    row = added_up("hire", [("add", {"hours": 37}), ("edit", {"hours": None})])
    assert row["hours"] is None


def test_a_withdrawal_keeps_everything_and_adds_its_reason() -> None:
    before = added_up("hire", [("add", {"level": "phd"})])
    after = row_after("hire", before, "withdraw", {"reason": "typed twice"})
    assert after == {**before, "withdrawn": "typed twice"}


def test_an_edit_leaves_the_row_before_it_as_it_was() -> None:
    before = company(("edit", {"from": "2012-01-01", "employees": "60"}))
    kept = dict(before)
    row_after("company", before, "edit", {"employees": "70"})
    assert before == kept


def test_the_moment_is_that_of_the_first_entry() -> None:
    assert company(("edit", {"name": "X"}))["recorded_at"] == MOMENT


def test_the_key_of_a_name_follows_the_name() -> None:
    row = company(("edit", {"name": "Århus Værft A/S"}))
    assert (company()["name_key"], row["name_key"]) == ("aeroe smedje aps", "aarhus vaerft as")


def test_a_correction_changes_the_past() -> None:
    row = company(("edit", {"employees": "45"}))
    assert (row["employees"], row["later"]) == ("45", None)


def test_what_holds_from_a_day_on_leaves_the_past_alone() -> None:
    row = company(("edit", {"from": "2012-01-01", "employees": "60"}))
    assert (row["employees"], later_facts(row)) == ("40", {"2012-01-01": {"employees": "60"}})


def test_later_facts_stand_in_the_order_of_their_days() -> None:
    row = company(
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"from": "2011-06-01", "employees": "50"}),
    )
    assert list(later_facts(row)) == ["2011-06-01", "2012-01-01"]


def test_two_facts_from_one_day_hold_together() -> None:
    row = company(
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"from": "2012-01-01", "municipality": "740"}),
    )
    assert later_facts(row) == {"2012-01-01": {"employees": "60", "municipality": "740"}}


def test_the_same_day_stated_again_is_corrected() -> None:
    row = company(
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"from": "2012-01-01", "employees": "61"}),
    )
    assert later_facts(row) == {"2012-01-01": {"employees": "61"}}


def test_a_correction_leaves_the_values_from_later_days_alone() -> None:
    row = company(
        ("edit", {"from": "2011-06-01", "employees": "50"}),
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"employees": "61"}),
    )
    assert (row["employees"], later_facts(row)) == (
        "61",
        {"2011-06-01": {"employees": "50"}, "2012-01-01": {"employees": "60"}},
    )


def test_a_correction_of_another_fact_leaves_the_later_ones_alone() -> None:
    row = company(
        ("edit", {"from": "2012-01-01", "employees": "60"}), ("edit", {"municipality": "740"})
    )
    assert (row["municipality"], later_facts(row)) == ("740", {"2012-01-01": {"employees": "60"}})


def test_it_does_not_matter_which_of_two_brokers_stated_first() -> None:
    """An edit corrects the first value if no later one was known."""
    entries: Entries = [
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"employees": "41"}),
    ]
    assert company(*entries) == company(*reversed(entries))


def test_a_fact_can_become_unknown_from_a_day_on() -> None:
    row = company(("edit", {"from": "2012-01-01", "employees": None}))
    assert current_facts(row)["employees"] is None


def test_the_current_facts_are_the_latest_of_each() -> None:
    row = company(
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"from": "2011-06-01", "employees": "50", "municipality": "740"}),
    )
    current = current_facts(row)
    assert (current["name"], current["municipality"], current["employees"]) == (
        "Ærø Smedje ApS",
        "740",
        "60",
    )


def test_the_current_facts_of_a_company_that_never_changed_are_its_row() -> None:
    assert current_facts(company()) == company()


@pytest.mark.parametrize(
    ("on", "standing"),
    [
        ("2011-05-31", ("791", "40")),
        ("2011-06-01", ("740", "40")),
        ("2011-12-31", ("740", "40")),
        ("2012-01-01", ("740", "60")),
        (None, ("740", "60")),
    ],
    ids=["before the move", "on the day it moved", "after it", "it has grown", "no day"],
)
def test_a_company_stands_on_a_day_as_its_entries_say(
    on: str | None, standing: tuple[str, str]
) -> None:
    row = company(
        ("edit", {"from": "2012-01-01", "employees": "60"}),
        ("edit", {"from": "2011-06-01", "municipality": "740"}),
    )
    found = company_of(row).version_on(day(on) if on else None)
    assert (found.municipality, found.employees) == standing


@pytest.mark.parametrize(("stored", "sme"), [(1, True), (0, False), (None, None)])
def test_a_declaration_is_yes_no_or_none(stored: int | None, sme: bool | None) -> None:
    row = {**company(), "sme": stored}
    assert company_of(row).version_on(None).sme is sme


def test_a_visit_before_the_ledger_is_a_day() -> None:
    row = company(("edit", {"visited_before": "0001-01-01"}))
    assert company_of(row).visited_before == day("0001-01-01")


def test_a_contract_begins_with_its_document() -> None:
    row = added_up("contract", [("add", {"period": {"first_day": "2011-01-01"}})])
    assert json.loads(row["document"]) == {"period": {"first_day": "2011-01-01"}}


def test_a_contract_is_amended_by_what_was_stated() -> None:
    row = added_up(
        "contract",
        [
            ("add", {"period": {"first_day": "2011-01-01"}, "target": []}),
            ("edit", {"first_day": "2011-02-01"}),
        ],
    )
    assert json.loads(row["document"])["period"] == {"first_day": "2011-02-01"}
