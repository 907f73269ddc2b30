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
    assert len(data["changed"]) == 13
    assert data["changed"][0] == {
        "noun": "hire",
        "id": data["changed"][0]["id"],
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
    assert (data["changed"], data["targets"]) == ([], {})


def test_what_the_others_are_stays_a_field_of_a_contact(stocked: Runner) -> None:
    stocked.done("broker", "add", "MK")
    added = ("contact", "add", CVR, "--date", "2011-02-01", "--with", "MK", "--json")
    data = json.loads(stocked.done(*added))
    assert (data["others"], len(data["changed"])) == ("MK", 1)


_POINTS = ("resources", "anchoring", "with-municipalities", "with-institutions")
_WHY_LATE = {
    "da": (
        "Model for videreførelse: for sent",
        "Afkrydset efter fristen: Inddragelse af erhvervsservicesystemet (01.03.2012)",
        "continuation-model with-business-service --date DATO",
    ),
    "en": (
        "Continuation model: late",
        "Ticked off after the due date: Involvement of the business service system (2012-03-01)",
        "continuation-model with-business-service --date DATE",
    ),
}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_point_ticked_off_after_the_due_day_makes_the_proposal_late(
    runner: Runner, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    model = "continuation-model"
    for point in _POINTS:
        runner.done("deliverable", "check", model, point)
    runner.done("deliverable", "submit", model)
    monkeypatch.setenv("KMTRACK_TODAY", "2012-03-01")
    runner.done("deliverable", "check", model, "with-business-service")
    why = " ".join(runner.done("why", model, lang=lang).split())
    for said in _WHY_LATE[lang]:
        assert said in why
    data = json.loads(runner.done("why", model, "--json"))
    assert (data["state"], data["ticked_late"]) == ("late", [["with-business-service"]])
    dated = ("with-business-service", "--date", "2011-06-30")
    runner.done("deliverable", "check", model, *dated)
    assert json.loads(runner.done("why", model, "--json"))["state"] == "met"


def test_nothing_since_names_the_last_day_that_was_logged(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    runner.done("deliverable", "log", "project-management", "--date", "2011-02-03", "--text", "x")
    monkeypatch.setenv("KMTRACK_TODAY", "2011-12-01")
    said = "1 logged; nothing since 2011-02-03, the next was due by 2011-05-06"
    assert said in runner.done("why", "project-management")
