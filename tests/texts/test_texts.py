"""Whether every text exists in both languages, with the same facts, and is used."""

from __future__ import annotations

import ast
import importlib
import os
import pkgutil
import re
import string
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import kmtrack
from kmtrack import i18n
from kmtrack.errors import Refusal
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.rules.requirements import REQUIREMENTS, company_fact_for

SOURCE = Path(kmtrack.__file__).parent
DANISH, ENGLISH = i18n.texts_of("da"), i18n.texts_of("en")


def _placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def _trees() -> dict[Path, ast.Module]:
    """The program, parsed once for all tests of it."""
    return {file: ast.parse(file.read_text(encoding="utf-8")) for file in SOURCE.rglob("*.py")}


def _keys_raised() -> set[str]:
    """The key of every refusal that is made with one in place."""
    classes = {Refusal.__name__, *(error.__name__ for error in _error_classes())}
    return {
        key.value
        for tree in _trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in classes and node.args
        for key in ast.walk(node.args[0])
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _error_classes() -> list[type[Refusal]]:
    for module in pkgutil.walk_packages(kmtrack.__path__, "kmtrack."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found: list[type[Refusal]] = []
    waiting: list[type[Refusal]] = [Refusal]
    while waiting:
        below = waiting.pop().__subclasses__()
        found += [error for error in below if error.__module__.startswith("kmtrack.")]
        waiting += below
    return sorted(set(found), key=lambda error: error.__name__)


@cache
def _literals() -> list[str]:
    """Every text and piece of an f-text in the program, the texts themselves left out."""
    found = []
    for file, tree in _trees().items():
        if "texts" not in file.relative_to(SOURCE).parts:
            nodes = ast.walk(tree)
            constants = [node.value for node in nodes if isinstance(node, ast.Constant)]
            found += [value for value in constants if isinstance(value, str)]
    return found


def test_both_languages_have_the_same_texts() -> None:
    # How many other words a choice goes by is for each language to say.
    danish, english = (
        {key for key in own if not key.endswith(".also")} for own in (DANISH, ENGLISH)
    )
    assert danish == english


def test_both_languages_name_the_same_facts() -> None:
    named = (
        {key: _placeholders(own[key]) for key in DANISH.keys() & ENGLISH.keys()}
        for own in (DANISH, ENGLISH)
    )
    danish, english = named
    assert danish == english


# What nobody in an office in Viborg, and no English engineer, would write; `.also`, which is only read,
# may hold it.
_NOT_SAID = {
    "da": r"\b(?:er|var|har) (?:ingen|intet) \w+|projektmappe|trukket tilbage|afgørelse|skriv en af"
    r"|kmtrack-fil|prøvefil|kædehoved|står ved magt|skridt\b",
    "en": r"(?<!there )\b(?:is|are|was) no (?!longer\b)(?!one\b)\w+|\bnobody\b|\bwhom\b|\bstated?\b(?! of)|\bmend\b"
    r"|\bblanks\b|\blacks\b|takes no\b|so (?:many|much)\b|reckoned|[Cc]ommitting",
}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_text_speaks_a_translated_language(language: i18n.Language) -> None:
    found = {
        key: text
        for key, text in i18n.texts_of(language).items()
        if not key.endswith(".also") and re.search(_NOT_SAID[language], text.replace("--mend", ""))
    }
    assert found == {}


@pytest.mark.parametrize("language", ["da", "en"])
def test_a_word_that_goes_with_a_number_is_singular_only_for_one(language: i18n.Language) -> None:
    kept = {"da": ("kopi", "kopier"), "en": ("copy", "copies")}[language]
    for number, word in ((0, kept[1]), (1, kept[0]), (2, kept[1]), (11, kept[1]), (21, kept[1])):
        assert f"({number} {word} " in i18n.say_in(language, "backup.made", file="x", number=number)


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("record.named", {"noun": "hire", "id": "h1", "name": "Alfa"}, "Hire h1 (Alfa)"),
        ("count.contact", {"number": 1}, "1 contact"),
        ("count.contact", {"number": 0}, "0 contacts"),
        ("count.contract", {"number": 1}, "the contract"),
        ("delivered.open", {"due": "x", "days": 1}, "due x, 1 day left"),
        ("delivered.open", {"due": "x", "days": 108}, "due x, 108 days left"),
        ("delivered.hired", {"number": 1}, "1 small or medium-sized enterprise has hired"),
        ("error.ledger_gone", {"path": Path("/l"), "backup": Path("/c")}, "restore /c"),
        ("check.untouched", {"concerned": 0, "records": 1}, "0 of 1 record is affected"),
    ],
)
def test_plural_forms(key: str, values: dict[str, Any], said: str) -> None:
    assert said in i18n.say_in("en", key, **values)


def test_a_number_in_words_chooses_too() -> None:
    assert i18n.say_in("en", "why.few_employees", "1", "250") == "1 employee, below 250"
    assert i18n.say_in("da", "why.few_employees", "20-49", "250") == "20-49 ansatte, under 250"


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_plural_has_two_forms(language: i18n.Language) -> None:
    for key, text in i18n.texts_of(language).items():
        for _, name, form, _ in string.Formatter().parse(text):
            assert form in {None, "", "capital", "typed"} or (
                name and len([word for word in form.split("|") if word]) == 2
            ), key


def test_every_error_has_its_sentence_and_no_two_share_a_name() -> None:
    names = [error.__name__ for error in _error_classes()]
    assert len(names) == len(set(names))
    raised = _keys_raised()
    assert len(raised) > 100
    assert [key for key in sorted(raised) if f"error.{key}" not in DANISH] == []
    literals = set(_literals())
    sentences = {key.removeprefix("error.") for key in DANISH if key.startswith("error.")}
    assert sentences - literals == set()


@pytest.mark.parametrize("field", CHOICES)
def test_every_choice_has_a_word(field: str) -> None:
    for value in CHOICES[field]:
        assert DANISH[f"choice.{field}.{value}"]


@pytest.mark.parametrize("field", CHOICES)
def test_no_word_names_two_choices_of_one_field(field: str) -> None:
    for language in (DANISH, ENGLISH):
        words: list[str] = []
        for value in CHOICES[field]:
            key = f"choice.{field}.{value}"
            own = {language[key].casefold(), *language.get(f"{key}.also", "").casefold().split("|")}
            words += sorted(own - {""})
        assert len(words) == len(set(words))


def test_every_requirement_and_reason_has_its_words() -> None:
    source = "".join(file.read_text(encoding="utf-8") for file in (SOURCE / "rules").glob("*.py"))
    reasons = re.findall(r'Answer\(\s*"(yes|no|unknown)",\s*"(\w+)"', source)
    assert len(reasons) > len(REQUIREMENTS)
    for outcome, reason in reasons:
        assert f"why.{reason}" in DANISH
        if outcome != "yes":
            assert f"reason.{reason}" in DANISH
        if outcome == "unknown" and reason != "no_participation_set":
            assert company_fact_for(reason) or f"check.missing_{reason}" in DANISH
    for rule in REQUIREMENTS:
        assert f"rule.{rule}" in DANISH
        assert f"definition.{rule}" in DANISH


def test_every_text_is_used() -> None:
    """Each key occurs in the program, in full or with its last or middle part inserted."""
    literals = set(_literals())
    unused = []
    for key in DANISH:
        parts = key.split(".")
        heads = {".".join(parts[:n]) + "." for n in range(1, len(parts))}
        if key not in literals and not heads & literals:
            unused.append(key)
    assert unused == []


@pytest.mark.parametrize(
    ("key", "facts", "said"),
    [
        (
            "error.ledger_gone",
            {"path": Path("/a b/l"), "backup": Path("/a b/c")},
            "at /a b/l is gone",
        ),
        (
            "error.ledger_gone",
            {"path": Path("/a b/l"), "backup": Path("/a b/c")},
            "restore '/a b/c'",
        ),
        ("error.ledger_gone", {"path": Path("/a/l"), "backup": Path("/a/c")}, "restore /a/c"),
        ("template.made", {"file": Path("/a b/c")}, "is in /a b/c; fill it"),
        ("template.made", {"file": Path("/a b/c")}, "import '/a b/c'"),
        ("error.folder_missing", {"folder": Path("/a b/c")}, "/a b/c"),
        ("merge.ahead", {"by": "Ole Hansen", "file": "x", "moment": "y"}, "--by 'Ole Hansen'"),
        ("merge.ahead", {"by": "JH", "file": "x", "moment": "y"}, "--by JH"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="quotation marks are others there")
def test_a_path_in_a_command_stands_there_as_it_is_typed(
    key: str, facts: dict[str, Any], said: str
) -> None:
    assert said in i18n.say_in("en", key, **facts)
