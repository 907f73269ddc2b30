"""A name of several words needs no quotes where its words stand together before the first option."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builders import CVR

if TYPE_CHECKING:
    from cli_runner import Runner

HEDELUND = "Hedelunds Maskinfabrik ApS"


@pytest.fixture
def company(runner: Runner) -> str:
    """Return the id of a company whose name has three words."""
    typed = [
        "company",
        "add",
        *HEDELUND.split(),
        "--cvr",
        CVR,
        "--municipality",
        "Viborg",
        "--json",
    ]
    record = json.loads(runner.done(*typed))
    assert record["name"] == HEDELUND
    return str(record["id"])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("contact add", "--channel telefon --json"),
        ("contact add", "--json"),
        ("collaboration add", "--kind projekt --json"),
        ("hire add", "--level kandidat --json"),
        ("company show", "--json"),
        ("company edit", "--employees 40 --json"),
        ("company withdraw", "--reason lukket --json"),
        ("history", "--json"),
    ],
)
def test_words_together_are_one_name(runner: Runner, company: str, before: str, after: str) -> None:
    shown = runner.done(*before.split(), "hedelunds", "maskinfabrik", *after.split())
    assert company in shown


def test_the_words_of_a_method_are_one_name(runner: Runner) -> None:
    runner.done("method", "add", "Mød", "en", "studerende", "--kind", "metode")
    assert "Mød en studerende" in runner.done("method", "show", "mød", "en")


@pytest.mark.parametrize(
    ("typed", "together"),
    [
        ("contact add hedelunds --channel telefon maskinfabrik", "'hedelunds maskinfabrik'"),
        ("contact add hedelunds --json maskinfabrik", "'hedelunds maskinfabrik'"),
        ("contact add --json hedelunds maskinfabrik", "'hedelunds maskinfabrik'"),
        ("contact add hedelunds maskinfabrik --json aps", "'hedelunds maskinfabrik aps'"),
        ("contact add hedelunds --person Inger Holm --json", "--person 'Inger Holm'"),
        ("contact add hedelunds --person Inger Holm Dahl", "--person 'Inger Holm Dahl'"),
        ("contact add hedelunds --person=Inger Holm", "--person 'Inger Holm'"),
        ("contact add hedelunds --date 3 marts", "--date '3 marts'"),
        ("contact add --note god snak hedelunds", "--note 'god snak'"),
        ("contact add --note god snak -- hedelunds", "--note 'god snak'"),
        ("export min fil.xlsx", "'min fil.xlsx'"),
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_stray_word_is_refused_with_the_quotes_to_type(
    runner: Runner, company: str, typed: str, together: str, lang: str
) -> None:
    del company
    refused = runner(*typed.split(), lang=lang)
    assert (refused.code, refused.out) == (2, "")
    assert f": {together}, " in refused.err


@pytest.mark.parametrize("verb", ["join", "succeed"])
def test_two_names_of_several_words_need_quotes(runner: Runner, company: str, verb: str) -> None:
    runner.done("company", "add", "Holm", "Byg", "--municipality", "Viborg")
    since = ["--from", "1.3.2011"] if verb == "succeed" else []
    refused = runner("company", verb, "hedelunds", "maskinfabrik", "holm", "byg", *since)
    assert (refused.code, refused.out) == (2, "")
    assert "quotes" in refused.err
    assert company in runner.done("company", verb, HEDELUND, "holm byg", *since, "--json")


def test_what_is_no_name_is_one_word(runner: Runner) -> None:
    assert runner("deliverable", "check", "continuation-model", "a", "b").code == 2
    assert runner("broker", "add", "J", "H").code == 2
