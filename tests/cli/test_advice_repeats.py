"""Advice repeats what was typed, quoted, so that it can be copied."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli_runner import Runner

pytestmark = pytest.mark.skipif(os.name == "nt", reason="quotation marks are others there")


def _advised(err: str, command: str) -> list[str]:
    """Return the words of the command that a refusal ends with."""
    return shlex.split(err.rstrip("\n").rpartition(f"kmtrack {command} ")[2])


@pytest.mark.parametrize(
    "name",
    [
        "Bækgaard",
        "Bækgaard & Sønner ApS",
        "Det 'gamle' værksted",
        'Café "Hos Åge"',
        "Pris: 100 $",
        "a;b",
        "Fisk*",
    ],
)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_unknown_company_can_be_added_by_copying(stocked: Runner, name: str, lang: str) -> None:
    outcome = stocked("contact", "add", name, lang=lang)
    assert outcome.code == 1
    words = _advised(outcome.err, "company add")
    assert words == [name]
    stocked.done("company", "add", *words)


def test_a_number_that_is_not_known_is_repeated_as_one(stocked: Runner) -> None:
    outcome = stocked("contact", "add", "13 58 56 28")
    assert outcome.err.endswith("kmtrack company add NAME --cvr 13585628\n")


@pytest.mark.parametrize("typed", ["--", "0101701234", "x" * 90, "a\x07b"])
def test_what_cannot_be_repeated_stands_for_itself(stocked: Runner, typed: str) -> None:
    outcome = stocked("company", "show", "--", typed)
    assert outcome.code == 1
    assert "0101701234" not in outcome.err
    if "kmtrack company add" in outcome.err:
        assert outcome.err.endswith("kmtrack company add NAME\n")


def test_companies_of_two_numbers_are_named_to_correct_one(stocked: Runner) -> None:
    stocked.done("company", "edit", "mols", "--cvr", "13585628")
    outcome = stocked("company", "join", "mols", "13748136")
    words = _advised(outcome.err, "company edit")
    assert words[1:] == ["--cvr", "NUMBER"]
    stocked.done("company", "show", words[0])
