"""Mistakes in a contract file: where they are and what is wrong, as far as it can be known."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from builders import refuses
from kmtrack.i18n import LANGUAGES, say_in, texts_of
from kmtrack.named_files import refusal_of
from kmtrack.usecases.init import contract_document

SLIPS = [
    ("last_day = 2012-02-31", "day", (1, 12)),
    ("ø = 1", "key", (1, 1)),
    ("a = 1\nnøgle = 1", "key", (2, 2)),
    ("a", "statement", (1, 2)),
    ("= 1", "statement", (1, 1)),
    ("a: 1", "statement", (1, 2)),
    ("a = b", "value", (1, 5)),
    ("a = 31.12.2012", "value", (1, 10)),
    ("a = 1\na = 2", "twice", (2, 6)),
    ("[a]\n[a]\n", "twice", (2, 3)),
    ('a = "x', "quotes", (1, 7)),
    ("a = 'x", "quotes", (1, 7)),
    ("[a", "bracket", (1, 3)),
    ("a = [1 2]", "bracket", (1, 8)),
    ('a = "\\q"', "backslash", (1, 8)),
]


@pytest.mark.parametrize(("text", "slip", "place"), SLIPS, ids=[text for text, *_ in SLIPS])
def test_what_is_wrong_is_said(
    tmp_path: Path, text: str, slip: str, place: tuple[int, int]
) -> None:
    file = tmp_path / "contract.toml"
    file.write_text(text, encoding="utf-8")
    with refuses("contract_not_toml") as refused:
        contract_document(file)
    facts = refused.value.facts
    assert (str(facts["what"]), (facts["line"], facts["column"])) == (
        texts_of("en")[f"toml.{slip}"],
        place,
    )


def test_a_file_that_may_not_be_read_is_told_in_the_language() -> None:
    for kind, number in (("access", errno.EACCES), ("open", errno.EMFILE)):
        refusal = refusal_of(Path("x.csv"), OSError(number, "in English"))
        said = [say_in(language, f"problem.{kind}") for language in LANGUAGES]
        assert str(refusal.facts["problem"]) in said
    assert refusal_of(Path("x.csv"), OSError(999, "odd")).facts["problem"] == "odd"
