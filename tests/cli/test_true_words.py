"""What a command says of other records and of itself is true, in both languages and as data."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builders import CVR

if TYPE_CHECKING:
    from cli_runner import Runner


_FIRST_TO_LATER = {
    "da": "kontakt {id}, 01.03.2011. Nye kontakter: tæller -> Opfølgende kontakter: tæller",
    "en": "contact {id}, 2011-03-01. New contacts: counted -> Follow-up contacts: counted",
}
_LATER_TO_FIRST = {
    "da": "kontakt {id}, 01.03.2011. Opfølgende kontakter: tæller -> Nye kontakter: tæller",
    "en": "contact {id}, 2011-03-01. Follow-up contacts: counted -> New contacts: counted",
}
_CHANGED = {"da": "Ændret som følge heraf", "en": "Also changed"}


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("how", ["add", "edit", "withdraw"])
def test_another_record_that_counts_otherwise_is_named(
    stocked: Runner, lang: str, how: str
) -> None:
    first = json.loads(stocked.done("contact", "list", "--json"))[0]["id"]
    if how == "add":
        out = stocked.done("contact", "add", CVR, "--date", "2011-02-01", lang=lang)
    else:
        added = ("contact", "add", CVR, "--date", "2011-04-01", "--json")
        later = json.loads(stocked.done(*added))["id"]
        out = stocked.done("contact", "edit", later, "--date", "2011-02-01", lang=lang)
        if how == "withdraw":
            out = stocked.done("contact", "withdraw", later, "--reason", "x", lang=lang)
    said = (_LATER_TO_FIRST if how == "withdraw" else _FIRST_TO_LATER)[lang].format(id=first)
    assert f"{_CHANGED[lang]}: {said}" in out.splitlines()


def test_only_ten_other_records_are_named_in_words_and_all_of_them_as_data(
    stocked: Runner,
) -> None:
    hire = ("hire", "add", CVR, "--level", "phd", "--agreed", "2011-02-01")
    for _ in range(12):
        stocked.done(*hire)
    earlier = ("contact", "add", CVR, "--date", "2011-01-15")
    lines = stocked.done(*earlier).splitlines()
    assert sum(line.startswith("Also changed: ") for line in lines) == 10
    assert "… and 3 more records" in lines
    assert "Hires of highly educated staff: 0 -> 12 counted, 0 waiting, 12 -> 0 excluded" in lines
    added = json.loads(stocked.done("contact", "list", "--json"))[1]["id"]
    stocked.done("contact", "withdraw", added, "--reason", "x")
    data = json.loads(stocked.done(*earlier, "--json"))
    assert len(data["others"]) == 13
    assert data["others"][0] == {
        "noun": "hire",
        "id": data["others"][0]["id"],
        "day": "2011-02-01",
        "before": {"hires": "excluded"},
        "after": {"hires": "counted"},
    }
    assert data["targets"]["hires"] == {
        "before": {"counted": 0, "waiting": 0, "excluded": 12},
        "after": {"counted": 12, "waiting": 0, "excluded": 0},
    }


def test_as_data_nothing_else_is_an_empty_list(stocked: Runner) -> None:
    data = json.loads(stocked.done("contact", "add", CVR, "--json"))
    assert (data["others"], data["targets"]) == ([], {})
