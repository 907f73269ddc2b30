"""Rows of methods, deliverables and answers: linked, checked, and stored once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from builders import CVR, add_contact, session_over
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.events import add_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.methods import methods
from kmtrack.usecases.surveys.answers import surveys
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

Rows = list[list[Any]]

METHODS: Rows = [["name", "kind", "date", "for"], ["Opgavekataloget", "tool", "2011-03-01", None]]
ASSESSMENTS: Rows = [
    ["method", "date", "verdict", "text"],
    ["opgavekataloget", "2011-04-01", "keep", "Bruges hver uge"],
]
DISSEMINATIONS: Rows = [
    ["method", "date", "audience", "how"],
    ["Opgavekataloget", "2011-05-01", "institutions", "Møde på VIA"],
]
DELIVERIES: Rows = [
    ["deliverable", "step", "date", "point", "text"],
    ["Projektledelse", "noteret", "2011-02-01", None, "Etableret"],
    ["continuation-model", "check", "2011-05-02", "Modeller for permanent forankring", None],
    ["Continuation model", "submit", "2011-06-29", None, None],
]


def workbook(folder: Path, **sheets: Rows) -> Path:
    """Return a workbook with a sheet of rows for each noun."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for noun, rows in sheets.items():
        sheet = made.create_sheet(noun)
        for row in rows:
            sheet.append(row)
    path = folder / "work.xlsx"
    made.save(path)
    return path


def delivered(folder: Path) -> Path:
    return workbook(
        folder,
        delivery=DELIVERIES,
        dissemination=DISSEMINATIONS,
        assessment=ASSESSMENTS,
        method=METHODS,
    )


def counts(result: ImportResult) -> dict[str, tuple[int, int, int]]:
    return {one.noun: (one.added, one.already_here, one.filled_in) for one in result.nouns}


def mistakes(bad: pytest.ExceptionInfo[BadRows]) -> list[tuple[str, int, str]]:
    return [(one.position.sheet, one.position.row, str(one.column)) for one in bad.value.errors]


def stored(session: Session, noun: str) -> list[tuple[Any, ...]]:
    columns = {
        "delivery": "target, step, date, point, broker",
        "assessment": "date, verdict, text, broker",
    }[noun]
    return [tuple(row) for row in session.store.all(f"SELECT {columns} FROM {noun} ORDER BY date")]


def test_methods_and_what_is_stated_of_them_stand_whatever_the_order_of_sheets(
    session: Session, tmp_path: Path
) -> None:
    result = import_file(session, delivered(tmp_path))
    assert counts(result) == {
        "method": (1, 0, 0),
        "assessment": (1, 0, 0),
        "dissemination": (1, 0, 0),
        "delivery": (3, 0, 0),
    }
    (method,) = methods(session)
    assert (method["name"], method["audience"]) == ("Opgavekataloget", "both")
    assert (method["assessed"], method["disseminated"]) == ("keep", ["institutions"])
    assert stored(session, "assessment") == [("2011-04-01", "keep", "Bruges hver uge", "JH")]
    assert stored(session, "delivery") == [
        ("project-management", "log", "2011-02-01", None, "JH"),
        ("continuation-model", "check", "2011-05-02", "anchoring", "JH"),
        ("continuation-model", "submit", "2011-06-29", None, "JH"),
    ]


CONTACTS: Rows = [
    ["company", "date", "channel", "Anvendte metoder"],
    ["13748136", "2011-04-01", "visit", "opgavekataloget; Virksomhedssamtalen"],
    ["13748136", "2011-04-08", "visit", None],
]
COMPANIES: Rows = [["name", "cvr"], ["Maskiner ApS", "13748136"]]
TWO_METHODS: Rows = [*METHODS, ["Virksomhedssamtalen", "method", "2011-03-02", None]]


def test_a_contact_names_the_methods_that_were_used(session: Session, tmp_path: Path) -> None:
    file = workbook(tmp_path, contact=CONTACTS, method=TWO_METHODS, company=COMPANIES)
    result = import_file(session, file)
    assert [one.noun for one in result.nouns] == ["company", "contact", "method"]

    def used() -> list[tuple[str, str]]:
        query = """
            SELECT method.name, contact.date FROM usage
            JOIN method ON method.id = usage.method_id JOIN contact ON contact.id = usage.contact_id
            WHERE usage.withdrawn IS NULL ORDER BY method.name
        """
        return [(row["name"], row["date"]) for row in session.store.all(query)]

    both = [("Opgavekataloget", "2011-04-01"), ("Virksomhedssamtalen", "2011-04-01")]
    assert used() == both
    assert counts(import_file(session, file))["contact"] == (0, 2, 0)
    assert used() == both
    undo_command(session)
    assert used() == []
    import_file(session, file)
    assert used() == both


def test_a_method_that_nobody_knows_is_a_mistake_in_its_column(
    session: Session, tmp_path: Path
) -> None:
    with pytest.raises(BadRows) as bad:
        import_file(session, workbook(tmp_path, contact=CONTACTS, company=COMPANIES))
    assert mistakes(bad) == [("contact", 2, "Anvendte metoder")]


def test_read_twice_is_read_once_whoever_reads(ledger: Path, tmp_path: Path) -> None:
    file = delivered(tmp_path)
    with session_over(ledger) as session:
        import_file(session, file)
    with session_over(ledger, broker="AB") as session:
        again = import_file(session, file)
        assert set(counts(again).values()) == {(0, 1, 0), (0, 3, 0)}
        assert len(stored(session, "delivery")) == 3


def test_a_method_that_was_typed_is_the_one_that_rows_name(
    session: Session, tmp_path: Path
) -> None:
    from kmtrack.usecases.methods import add_method

    typed = add_method(session, {"name": "OPGAVEKATALOGET", "kind": "tool", "date": "2011-03-01"})
    import_file(session, delivered(tmp_path))
    (method,) = methods(session)
    assert method["id"] == typed["id"]
    assert method["assessed"] == "keep"


@pytest.mark.everyday(5)
@pytest.mark.parametrize(
    ("noun", "row", "column"),
    [
        ("assessment", ["Ukendt", "2011-04-01", "keep", "x"], "method"),
        ("assessment", [None, "2011-04-01", "keep", "x"], "method"),
        ("assessment", ["Opgavekataloget", "2011-04-01", "burn", "x"], "verdict"),
        ("assessment", ["Opgavekataloget", "2011-04-01", "keep", None], "text"),
        ("assessment", ["Opgavekataloget", "2011-07-01", "keep", "x"], "date"),
        ("assessment", ["Opgavekataloget", "2011-04-01", "keep", "cpr 010190-1234"], "text"),
        ("dissemination", ["Opgavekataloget", "2011-04-01", "moon", "x"], "audience"),
        ("dissemination", ["Opgavekataloget", "2011-04-01", "companies", None], "how"),
        ("method", [None, "tool", "2011-03-01", None], "name"),
        ("method", ["Ny", "song", "2011-03-01", None], "kind"),
        ("method", ["Ny", "tool", None, None], "date"),
        ("delivery", ["hires", "log", "2011-02-01", None, "x"], "deliverable"),
        ("delivery", ["continuation-model", "burn", "2011-02-01", None, None], "step"),
        ("delivery", ["continuation-model", "check", "2011-02-01", "luck", None], "point"),
        ("delivery", ["continuation-model", "check", "2011-02-01", None, None], "point"),
        ("delivery", ["continuation-model", "submit", "2010-12-31", None, None], "date"),
        ("delivery", ["project-management", "submit", "2011-02-01", None, None], "step"),
    ],
)
def test_a_bad_row_is_named_and_nothing_is_stored(
    session: Session, tmp_path: Path, noun: str, row: list[Any], column: str
) -> None:
    sheets: dict[str, Rows] = {
        "method": METHODS,
        "assessment": ASSESSMENTS,
        "dissemination": DISSEMINATIONS,
        "delivery": DELIVERIES,
    }
    sheets[noun] = [*sheets[noun], row]
    with pytest.raises(BadRows) as bad:
        import_file(session, workbook(tmp_path, **sheets))
    assert mistakes(bad) == [(noun, len(sheets[noun]), column)]
    assert methods(session) == []


ANSWERS: Rows = [
    ["company", "municipality", "wave", "date", "employees", "highly-educated", "product"],
    [CVR, None, "before", "2011-06-02", 12, 0, None],
    ["Smedjen", None, "efter", "2011-06-20", 13, 1, "3 - i høj grad"],
]


def hired(session: Session) -> None:
    """A company with a hire that counts."""
    smedjen = {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"}
    add_company(session, smedjen)
    add_contact(session, CVR, {"date": "2011-05-01", "channel": "visit"})
    add_event(session, "hire", CVR, {"agreed": "2011-06-01", "level": "master"})


def test_answers_are_stored_and_read_twice_are_read_once(session: Session, tmp_path: Path) -> None:
    hired(session)
    file = workbook(tmp_path, survey=ANSWERS)
    assert counts(import_file(session, file)) == {"survey": (2, 0, 0)}
    assert counts(import_file(session, file)) == {"survey": (0, 2, 0)}
    found = {one["wave"]: one for one in surveys(session)}
    assert set(found) == {"before", "after"}
    row = session.store.get("SELECT answers FROM survey WHERE wave = 'after'")
    assert json.loads(row["answers"]) == {"employees": 13, "highly-educated": 1, "product": 3}


def test_a_list_of_other_questions_adds_its_answers(session: Session, tmp_path: Path) -> None:
    hired(session)
    import_file(session, workbook(tmp_path, survey=ANSWERS))
    more: Rows = [["company", "wave", "date", "process"], [CVR, "after", "2011-06-21", "ved ikke"]]
    assert counts(import_file(session, workbook(tmp_path, survey=more))) == {"survey": (0, 0, 1)}
    row = session.store.get("SELECT answers FROM survey WHERE wave = 'after'")
    assert json.loads(row["answers"])["process"] == "unknown"
    assert json.loads(row["answers"])["product"] == 3


def test_questions_and_choices_are_read_in_the_words_of_earlier_forms(
    session: Session, tmp_path: Path
) -> None:
    hired(session)
    students = (
        "Hvor mange studerende har virksomheden brugt det seneste år (projekt, studiejob, praktik)?"
    )
    rows: Rows = [
        ["company", "wave", "date", "employees", "highly-educated", "additionality", students],
        [CVR, "after", "2011-06-21", 13, 1, "Yes, but with a lower education", 4],
    ]
    assert counts(import_file(session, workbook(tmp_path, survey=rows))) == {"survey": (1, 0, 0)}
    row = session.store.get("SELECT answers FROM survey WHERE wave = 'after'")
    answers = json.loads(row["answers"])
    assert (answers["additionality"], answers["students"]) == ("lower", 4)


def test_hires_of_the_same_file_are_there_before_their_answers(
    session: Session, tmp_path: Path
) -> None:
    file = workbook(
        tmp_path,
        survey=ANSWERS[:1] + ANSWERS[2:],
        hire=[["company", "level", "agreed"], [CVR, "master", "2011-06-01"]],
        contact=[["company", "date"], [CVR, "2011-05-01"]],
        company=[["name", "cvr", "municipality", "employees"], ["Smedjen", CVR, "791", 40]],
    )
    assert counts(import_file(session, file))["survey"] == (1, 0, 0)
    row = session.store.get("SELECT hire_id FROM survey")
    assert row["hire_id"] == session.store.get("SELECT id FROM hire")["id"]


def test_a_municipality_answers_for_itself(session: Session, tmp_path: Path) -> None:
    rows: Rows = [
        ["municipality", "wave", "date", "anchoring"],
        ["Viborg", "after", "2011-06-20", 2],
    ]
    assert counts(import_file(session, workbook(tmp_path, survey=rows))) == {"survey": (1, 0, 0)}
    (found,) = surveys(session)
    assert (found["asks"], found["respondent"]) == ("municipality", "Viborg")


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ([CVR, None, "after", "2011-06-20", 13, 1, 7], "product"),
        ([CVR, None, "after", "2011-06-20", -1, 1, 3], "employees"),
        ([CVR, None, "before", "2011-06-20", 13, 1, 3], "product"),
        ([CVR, None, "during", "2011-06-20", 13, 1, 3], "wave"),
        ([CVR, None, "after", None, 13, 1, 3], "date"),
        (["Ukendt", None, "after", "2011-06-20", 13, 1, 3], "company"),
        ([None, None, "after", "2011-06-20", 13, 1, 3], "company"),
        ([None, "Atlantis", "after", "2011-06-20", None, None, None], "municipality"),
        ([CVR, None, "after", "2011-06-20", None, None, None], "company"),
    ],
)
def test_a_bad_answer_is_named_and_nothing_is_stored(
    session: Session, tmp_path: Path, row: list[Any], column: str
) -> None:
    hired(session)
    with pytest.raises(BadRows) as bad:
        import_file(session, workbook(tmp_path, survey=[*ANSWERS[:2], row]))
    assert mistakes(bad) == [("survey", 3, column)]
    assert surveys(session) == []


def test_who_has_hired_nobody_cannot_answer_for_afterwards(
    session: Session, tmp_path: Path
) -> None:
    add_company(session, {"name": "Smedjen", "cvr": CVR, "municipality": "791", "employees": "40"})
    with pytest.raises(BadRows) as bad:
        import_file(session, workbook(tmp_path, survey=ANSWERS))
    assert mistakes(bad) == [("survey", 3, "company")]
