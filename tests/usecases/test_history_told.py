"""The history in words: every fact of every noun, and what was known when it was stated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, agreeing
from kmtrack import i18n
from kmtrack.ledger.queries.commands import Command
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.ledger.stored_entries import StoredEntry
from kmtrack.ledger.timeline import DERIVED, RecordChange
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.deliverables import submit
from kmtrack.usecases.events import add_event
from kmtrack.usecases.history import Filter, HistoryItem, each_of_history, history_of
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.methods import add_method, assess_method, disseminate_method, use_method
from kmtrack.usecases.surveys.answers import Filled, answer_survey, company_respondent
from kmtrack.usecases.undo import undo_command
from kmtrack.views.format import heading_of
from kmtrack.views.history import history_as_dicts, render_history

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.i18n import Language
    from kmtrack.usecases.session import Session

TOLD = [
    (noun.name, column)
    for noun in NOUNS.values()
    for column in noun.columns
    if column not in DERIVED and noun.name != "contract"  # it is told by its terms
]
COMMAND = Command(1, "f" * 32, "init", "2011-06-30T12:00:00.000000Z", "JH", None, None)


def _sample(noun: str, column: str) -> Any:
    """Return a value that a column may hold."""
    field = NOUNS[noun].field(column)
    if field and field.kind.cell == "day":
        return "2011-03-01"
    if field and field.kind.choice:
        return CHOICES[field.kind.choice][0]
    others = {
        "municipality": "791",
        "sme": 1,
        "later": '{"2011-05-01":{"employees":"300"}}',
        "answers": '{"highly-educated":2}',
        "document": "{}",
    }
    return others.get(column, "c0000000001")


def _company(session: Session, name: str = "Hedelund", **values: Any) -> str:
    named = {"name": name, "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    return str(add_company(agreeing(session), {**named, **values})["id"])


def _told(session: Session, about: str | None = None) -> str:
    return "\n".join(render_history(history_of(session, Filter(about)).items))


def _as_dicts(session: Session, wanted: Filter) -> list[dict[str, Any]]:
    found = history_as_dicts(each_of_history(session, wanted))
    return [{**each, "entries": list(each["entries"])} for each in found]


@pytest.mark.parametrize("language", i18n.LANGUAGES)
@pytest.mark.parametrize(("noun", "column"), TOLD)
def test_every_fact_of_every_noun_has_its_heading_and_is_told(
    noun: str, column: str, language: Language
) -> None:
    i18n.use(language)
    assert heading_of(noun, column)
    row = {**NOUNS[noun].blank, "id": "x", column: _sample(noun, column)}
    stated = StoredEntry("x", "add", {column: row[column]}, "", 1, 1)
    told = HistoryItem(COMMAND, [RecordChange(noun, stated, None, row)], 1)
    assert len(list(render_history([told]))) == 2


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_what_is_stated_of_every_noun_is_told_with_what_it_is_about(
    session: Session, tmp_path: Path, language: Language
) -> None:
    i18n.use(language)
    company = _company(session)
    contact = add_contact(session, company, {"date": "2011-03-01", "person": "Inger Holm"}).record
    add_event(session, "hire", company, {"agreed": "2011-04-01", "level": "master"})
    add_method(session, {"name": "Behovssamtalen", "kind": "method"})
    assess_method(session, "behov", {"verdict": "keep", "text": "Bruges"})
    disseminate_method(session, "behov", {"audience": "companies", "how": "brev"})
    use_method(session, "behov", contact["id"])
    file = tmp_path / "oplæg.pdf"
    file.write_bytes(b"%PDF-1.4")
    submit(session, "continuation-model", file, {})
    filled = Filled(company_respondent(session, company), "after", {"highly-educated": 2})
    answer_survey(session, filled, session.clock.today)
    told = _told(session)
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
    assert len(_as_dicts(session, Filter())) == 10


GAMMA = {"name": "Gamma Maskinværksted", "cvr": "", "municipality": "Silkeborg", "employees": "300"}


def _joined(session: Session) -> tuple[str, str]:
    """Two companies that are joined, the first of them edited while they were two."""
    alfa, gamma = _company(session, "Alfa"), _company(session, **GAMMA)
    edit_company(session, alfa, {"employees": "45"}, None)
    join_companies(session, alfa, gamma)
    return alfa, gamma


def test_what_was_stated_before_a_join_is_told_as_it_was_known_then(session: Session) -> None:
    alfa, _ = _joined(session)
    edit_company(session, alfa, {"employees": "310"}, None)
    data = _as_dicts(session, Filter(alfa))
    [first], [second], [edited], [joined], [later] = [each["entries"] for each in data]
    assert (first["changes"]["name"], second["changes"]["name"]) == (
        [None, "Alfa"],
        [None, "Gamma Maskinværksted"],
    )
    assert "cvr" not in second["changes"]
    assert edited["changes"] == {"employees": ["40", "45"]}
    assert joined["changes"] == {
        "joined": [None, alfa],
        "cvr": [None, CVR],
        "employees": ["300", "45"],
    }
    assert joined["follows"] == [
        {
            "id": alfa,
            "changes": {
                "name": ["Alfa", "Gamma Maskinværksted"],
                "municipality": ["791", "740"],
            },
        }
    ]
    assert (later["id"], later["changes"]) == (alfa, {"employees": ["45", "310"]})


def test_a_visit_is_told_with_the_name_that_the_company_had_then(session: Session) -> None:
    alfa = _company(session, "Alfa")
    add_contact(session, alfa, {"date": "2011-03-01"})
    join_companies(session, alfa, _company(session, **GAMMA))
    add_contact(session, alfa, {"date": "2011-03-02"})
    visits = [line for line in _told(session).split("\n") if "Contact k" in line]
    assert [line.split("(")[1].split(")")[0] for line in visits] == ["Alfa", "Gamma Maskinværksted"]


def test_the_undo_of_a_join_is_told_with_what_the_companies_are_again(session: Session) -> None:
    alfa, gamma = _joined(session)
    undo_command(session)
    told = _told(session, gamma).split("\n")
    assert f"no longer the same company as {alfa}" in told[-2]
    assert f"{alfa}: Name: Gamma Maskinværksted -> Alfa" in told[-1]
    undo_command(session)
    assert f"the same company as {alfa}" in _told(session, gamma).split("\n")[-2]


def test_of_two_ledgers_each_is_told_as_it_was_known_there(
    session: Session, other: Session
) -> None:
    ours = _company(session, "Hedelund")
    theirs = _company(other, "Hedelund A/S", employees="45", turnover="5")
    edit_company(session, ours, {"employees": "41"}, None)
    merge_ledgers(session, [other.store.location])
    edit_company(session, ours, {"employees": "50"}, None)
    entries = [each["entries"][0] for each in _as_dicts(session, Filter(ours))]
    assert [(one["id"], one["changes"].get("employees")) for one in entries] == [
        (ours, [None, "40"]),
        (theirs, [None, "45"]),
        (ours, ["40", "41"]),
        (ours, ["41", "50"]),
    ]
    assert "turnover" not in entries[0]["changes"]


def test_a_dated_value_that_is_corrected_is_told_with_what_it_was(session: Session) -> None:
    company = str(add_company(session, {"name": "Alfa", "employees": "40"})["id"])
    edit_company(session, company, {"employees": "300"}, "2011-04-01")
    edit_company(session, company, {"employees": "200"}, "2011-04-01")
    lines = list(render_history(history_of(session, Filter(about=company)).items))
    assert "from 2011-04-01: Employees: 300" in lines[-3]
    assert "from 2011-04-01: Employees: 300 -> 200" in lines[-1]
