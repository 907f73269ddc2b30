"""The history in words: every fact of every noun, and what was known when it was stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR
from kmtrack import texts
from kmtrack.ledger.choices import CHOICES
from kmtrack.ledger.folding import Statement
from kmtrack.ledger.nouns import NOUNS
from kmtrack.ledger.timeline import DERIVED, Step
from kmtrack.report.words import heading_of
from kmtrack.rules.vocabulary import choice_of
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.deliverables import submit
from kmtrack.usecases.events import add_contact, add_event
from kmtrack.usecases.history import Filter, history_of
from kmtrack.usecases.history.commands import Command
from kmtrack.usecases.history.reading import History, Told
from kmtrack.usecases.history.telling import history_data, history_lines
from kmtrack.usecases.methods import add_method, assess_method, disseminate_method, use_method
from kmtrack.usecases.surveys.answering import Filled, answer_survey, company_respondent

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.texts import Language
    from kmtrack.usecases.desk import Desk

TOLD = [
    (noun.name, column)
    for noun in NOUNS.values()
    for column in noun.columns
    if column not in DERIVED
]
COMMAND = Command(1, "f" * 32, "init", "2011-06-30T12:00:00.000000Z", "JH", None, None)
DAYS = {"date", "next", "agreed", "start", "end", "visited_before"}


def _sample(noun: str, column: str) -> Any:
    """A value that a column may hold."""
    if column in DAYS:
        return "2011-03-01"
    if choice := choice_of(noun, column):
        return CHOICES[choice][0]
    others = {
        "municipality": "791",
        "sme": 1,
        "later": '{"2011-05-01":{"employees":"300"}}',
        "answers": '{"highly-educated":2}',
        "document": "{}",
    }
    return others.get(column, "c0000000001")


def _company(desk: Desk, name: str = "Hedelund", **values: Any) -> str:
    named = {"name": name, "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(desk, {**named, **values}, even_if_alike=True)["id"])


def _told(desk: Desk, about: str | None = None) -> str:
    return "\n".join(history_lines(history_of(desk.store, Filter(about))))


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize(("noun", "column"), TOLD)
def test_every_fact_of_every_noun_has_its_heading_and_is_told(
    noun: str, column: str, language: Language
) -> None:
    texts.use(language)
    assert heading_of(noun, column)
    row = {**NOUNS[noun].blank, "id": "x", column: _sample(noun, column)}
    stated = Statement("x", "add", {column: row[column]}, "", 1, 1)
    history = History([Told(COMMAND, [Step(noun, stated, None, row)])], 1, {})
    assert len(list(history_lines(history))) == 2


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_what_is_stated_of_every_noun_is_told_with_what_it_is_about(
    desk: Desk, tmp_path: Path, language: Language
) -> None:
    texts.use(language)
    company = _company(desk)
    contact = add_contact(desk, company, {"date": "2011-03-01", "person": "Inger Holm"}).record
    add_event(desk, "hire", company, {"agreed": "2011-04-01", "level": "master"})
    add_method(desk, {"name": "Behovssamtalen", "kind": "method"})
    assess_method(desk, "behov", {"verdict": "keep", "text": "Bruges"})
    disseminate_method(desk, "behov", {"audience": "companies", "how": "brev"})
    use_method(desk, "behov", contact["id"])
    file = tmp_path / "oplæg.pdf"
    file.write_bytes(b"%PDF-1.4")
    submit(desk, "continuation-model", file, {})
    filled = Filled(company_respondent(desk.store, company), "after", {"highly-educated": 2})
    answer_survey(desk, filled, desk.clock.today)
    told = _told(desk)
    assert told.count("Behovssamtalen") == 4
    assert {"da": "Kontakt: Hedelund, 01.03.2011", "en": "Contact: Hedelund, 2011-03-01"}[
        language
    ] in told
    assert {"da": "Hvor mange af dem er højtuddannede? 2", "en": "highly educated? 2"}[
        language
    ] in told
    assert {"da": "Ansættelse: Hedelund, 01.04.2011", "en": "Hire: Hedelund, 2011-04-01"}[
        language
    ] in told
    assert "SHA-256" in told
    assert "{" not in told
    assert len(history_data(history_of(desk.store, Filter()))) == 10
