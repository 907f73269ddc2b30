"""Amending a contract document: each change, what it leaves alone, and what it refuses."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from builders import shipped_document
from kmtrack.rules.amendments import Term, amended, changed_terms, is_reworded
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.document import DocumentMistake

VIBORG, SKIVE = {"municipality": "791"}, {"municipality": "779", "from": "2011-09-01"}


def document() -> dict[str, Any]:
    """Return the shipped document as a ledger keeps it: days as texts, with Viborg taking part."""
    found = shipped_document()
    found["period"] = {name: value.isoformat() for name, value in found["period"].items()}
    for target in found["target"]:
        if "due" in target:
            target["due"] = target["due"].isoformat()
    found["participation"] = [VIBORG]
    return found


def target_of(found: dict[str, Any], target_id: str) -> dict[str, Any]:
    (target,) = [each for each in found["target"] if each["id"] == target_id]
    return dict(target)


@pytest.mark.parametrize(
    ("changes", "place", "value"),
    [
        ({"first_day": "2011-02-01"}, ("period", "first_day"), "2011-02-01"),
        ({"last_day": "2013-06-30"}, ("period", "last_day"), "2013-06-30"),
        ({"region": "Region Nord"}, ("parties", "region"), "Region Nord"),
        ({"operator": "Operatøren"}, ("parties", "operator"), "Operatøren"),
    ],
    ids=["first_day", "last_day", "region", "operator"],
)
def test_one_value(changes: dict[str, str], place: tuple[str, str], value: str) -> None:
    table, key = place
    assert amended(document(), changes)[table][key] == value


def test_who_answers_and_when_the_region_follows_up() -> None:
    bare = {key: value for key, value in document().items() if key != "reporting"}
    days = [{"month": 4, "day": 1}]
    found = amended(bare, {"questions_to": "Kontoret", "report_days": days})
    assert found["reporting"] == {"questions_to": "Kontoret", "days": days}
    assert read_contract(found).questions_to == "Kontoret"
    assert changed_terms(bare, found) == {
        Term("questions_to"): (None, "Kontoret"),
        Term("report_days"): ([], days),
    }
    assert amended(found, {"questions_to": "", "report_days": []}) == bare


def test_a_minimum() -> None:
    found = amended(document(), {"minimums": {"hires": 75}})
    assert (target_of(found, "hires")["minimum"], target_of(found, "follow-ups")["minimum"]) == (
        75,
        500,
    )


def test_a_minimum_where_the_note_set_none() -> None:
    found = amended(document(), {"minimums": {"methods": 3}})
    assert target_of(found, "methods")["minimum"] == 3


def test_a_minimum_taken_back() -> None:
    found = amended(document(), {"minimums": {"hires": None}})
    assert "minimum" not in target_of(found, "hires")


def test_a_due_day() -> None:
    found = amended(document(), {"due_days": {"continuation-model": "2011-09-30"}})
    assert target_of(found, "continuation-model")["due"] == "2011-09-30"


def test_a_due_day_taken_back() -> None:
    found = amended(document(), {"due_days": {"continuation-model": None}})
    assert "due" not in target_of(found, "continuation-model")


def test_a_target_due_on_the_last_day_moves_with_it() -> None:
    found = amended(document(), {"last_day": "2013-06-30"})
    assert target_of(found, "hires")["due"] == "2013-06-30"


def test_a_target_due_on_a_day_of_its_own_stays() -> None:
    found = amended(document(), {"last_day": "2013-06-30"})
    assert target_of(found, "continuation-model")["due"] == "2011-06-30"


def test_a_target_with_no_due_day_gets_none() -> None:
    found = amended(document(), {"last_day": "2013-06-30"})
    assert "due" not in target_of(found, "project-management")


def test_a_due_day_stated_along_with_the_last_day_is_the_one_that_holds() -> None:
    found = amended(document(), {"last_day": "2013-06-30", "due_days": {"hires": "2012-12-31"}})
    assert (target_of(found, "hires")["due"], target_of(found, "follow-ups")["due"]) == (
        "2012-12-31",
        "2013-06-30",
    )


def test_due_days_stay_where_only_the_first_day_moves() -> None:
    found = amended(document(), {"first_day": "2011-02-01"})
    assert target_of(found, "hires")["due"] == "2012-12-31"


@pytest.mark.parametrize(
    ("before", "span", "after"),
    [
        pytest.param([VIBORG], SKIVE, [VIBORG, SKIVE], id="another joins"),
        pytest.param([], SKIVE, [SKIVE], id="the first joins"),
        pytest.param(
            [VIBORG, SKIVE],
            {"municipality": "779", "from": "2011-10-01"},
            [VIBORG, {"municipality": "779", "from": "2011-10-01"}],
            id="it joins on another day",
        ),
        pytest.param(
            [SKIVE],
            {"municipality": "779", "until": "2012-06-30"},
            [{"municipality": "779", "from": "2011-09-01", "until": "2012-06-30"}],
            id="it leaves, and the day it joined stays",
        ),
        pytest.param(
            [VIBORG],
            {"municipality": "791", "until": "2012-06-30"},
            [{"municipality": "791", "until": "2012-06-30"}],
            id="it leaves, having been in from the beginning",
        ),
        pytest.param(
            [SKIVE], {"municipality": "779"}, [{"municipality": "779"}], id="from the beginning"
        ),
        pytest.param(
            [SKIVE],
            {"municipality": "779", "from": "2011-10-01", "until": "2012-06-30"},
            [{"municipality": "779", "from": "2011-10-01", "until": "2012-06-30"}],
            id="both days anew",
        ),
    ],
)
def test_participation(
    before: list[dict[str, str]], span: dict[str, str], after: list[dict[str, str]]
) -> None:
    found = amended({**document(), "participation": before}, {"participation": [span]})
    assert found["participation"] == after


def test_several_municipalities_at_once() -> None:
    found = amended(document(), {"participation": [SKIVE, {"municipality": "740"}]})
    assert found["participation"] == [VIBORG, SKIVE, {"municipality": "740"}]


def test_a_municipality_that_takes_no_part_at_all() -> None:
    found = amended({**document(), "participation": [VIBORG, SKIVE]}, {"without": ["779"]})
    assert found["participation"] == [VIBORG]


def test_a_document_that_says_nothing_of_municipalities_can_be_told() -> None:
    bare = document()
    del bare["participation"]
    assert amended(bare, {"participation": [SKIVE]})["participation"] == [SKIVE]


def test_nothing_changes_nothing() -> None:
    assert amended(document(), {}) == document()


def test_the_document_that_is_amended_stays_as_it_was() -> None:
    before = document()
    amended(
        before,
        {
            "last_day": "2013-06-30",
            "operator": "x",
            "minimums": {"hires": 75},
            "due_days": {"methods": "2012-01-01"},
            "participation": [SKIVE],
            "without": ["791"],
        },
    )
    assert before == document()


def test_what_is_amended_reads_as_a_contract() -> None:
    found = read_contract(amended(document(), {"last_day": "2013-06-30", "participation": [SKIVE]}))
    assert [span.municipality for span in found.participation] == ["791", "779"]


@pytest.mark.parametrize(
    ("changes", "key"),
    [({"minimums": {"hire": 75}}, "minimum hire"), ({"due_days": {"x": "2012-01-01"}}, "due x")],
    ids=["minimum", "due day"],
)
def test_a_target_that_the_contract_has_not_is_refused(changes: Any, key: str) -> None:
    with pytest.raises(DocumentMistake) as refused:
        amended(document(), changes)
    assert (refused.value.key, refused.value.among) == (
        key,
        tuple(target["id"] for target in document()["target"]),
    )


@pytest.mark.parametrize(
    ("path", "value", "is_only_wording"),
    [
        (("name", "en"), "Another name", True),
        (("words", "da"), "andre ord", True),
        (("requires", "sme", "da"), "andre ord", True),
        (("counts",), "hire", False),
        (("requires", "paid"), {"da": "lønnet", "en": "paid"}, False),
        (("select", "history"), "later", False),
    ],
)
def test_another_wording_is_told_from_another_requirement(
    path: tuple[str, ...], value: object, is_only_wording: bool
) -> None:
    old = document()["target"][0]
    new: dict[str, Any] = deepcopy(old)
    place: Any = new
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    assert is_reworded(old, new) is is_only_wording
    assert not is_reworded(old, old)
    assert not is_reworded(None, new)
