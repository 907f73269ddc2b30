"""Which sheets of a workbook an import reads, and what it says of hidden ones and of drafts."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import openpyxl
import pytest

from builders import agreeing, ledger_in, refuses, session_over
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import NO_ANSWERS, Doubts
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.usecases.imports.table import FileTable
from kmtrack.views.import_preview import render_preview
from kmtrack.views.imports import result_as_dict
from kmtrack.views.xlsx.template import write_template

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.session import Session

CVR = "13748136"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with session_over(ledger_in(tmp_path)) as session:
        add_company(session, {"name": "Maskiner ApS", "cvr": CVR, "municipality": "Viborg"})
        yield session


def contacts(
    folder: Path, *titles: str, hidden: tuple[str, ...] = (), filtered: tuple[int, ...] = ()
) -> Path:
    """A workbook with two contacts in each sheet; rows that are `filtered` are hidden."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for month, title in enumerate(titles, start=1):
        sheet = workbook.create_sheet(title)
        sheet.append(["Virksomhed", "Dato", "Kanal", "Mægler"])
        for day in (3, 4):
            sheet.append([CVR, dt.date(2011, month, day), "besøg", "JH"])
        sheet.sheet_state = "veryHidden" if title in hidden else "visible"
        for row in filtered:
            sheet.row_dimensions[row].hidden = True
    file = folder / "mine.xlsx"
    workbook.save(file)
    return file


def test_a_hidden_sheet_is_named_and_not_read(session: Session, tmp_path: Path) -> None:
    file = contacts(tmp_path, "Kontakter", "Kontakter 2010", hidden=("Kontakter 2010",))
    result = import_file(session, file)
    assert [noun.added for noun in result.nouns] == [2]
    assert [(sheet.title, sheet.rows) for sheet in result.sheets] == [("Kontakter", 2)]
    assert result.findings.hidden_sheets == ["Kontakter 2010"]
    told = render_preview(result)
    assert "The sheet was not read because it is hidden: Kontakter 2010" in told
    assert "Read: Kontakter, 2 rows (Contacts)" in told


def test_rows_that_a_filter_hides_are_read_and_counted(session: Session, tmp_path: Path) -> None:
    result = import_file(session, contacts(tmp_path, "Kontakter", filtered=(3, 90)))
    assert [noun.added for noun in result.nouns] == [2]
    assert [sheet.hidden_rows for sheet in result.sheets] == [1]
    assert "1 hidden row was read too: Kontakter" in render_preview(result)


def test_hidden_rows_are_counted_however_the_sheet_is_cut_to_pieces(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = contacts(tmp_path, "Kontakter", "Kontakter nord", filtered=(2, 3))
    for size in range(200, 260, 7):
        monkeypatch.setattr("kmtrack.usecases.imports.archive._CHUNK", size)
        result = import_file(session, file, dry_run=True)
        assert [sheet.hidden_rows for sheet in result.sheets] == [2, 2]


def test_the_hidden_sheet_of_the_template_is_not_worth_a_word(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "template.xlsx"
    write_template(file)
    result = import_file(session, file)
    assert result.findings.hidden_sheets == []


@pytest.mark.parametrize(
    "title",
    [
        *("Kontakter kladde", "KLADDE", "Kontakter_gammel", "gamle kontakter", "Kopi af Kontakter"),
        *("Kontakter (2)", "Contacts draft", "old contacts", "Copy of contacts", "Kontakter-kopi"),
    ],
)
def test_a_draft_or_a_copy_is_known_by_its_title(title: str) -> None:
    assert FileTable(title, lambda: iter(())).is_draft


@pytest.mark.parametrize(
    "title",
    ["Kontakter", "Kontakter 2011", "Holdet", "Gammelby", "Kopimaskiner", "Golden", "", "(2) A"],
)
def test_other_titles_are_no_drafts(title: str) -> None:
    assert not FileTable(title, lambda: iter(())).is_draft


def test_a_draft_is_asked_about(session: Session, tmp_path: Path) -> None:
    file = contacts(tmp_path, "Kontakter", "Kontakter kladde")
    result = import_file(session, file, dry_run=True)
    [doubt] = result.questions
    assert doubt.subject == ("draft_sheet", "Kontakter kladde")
    assert "--sheet 'Kontakter kladde'" in doubt.sentence()
    assert [(sheet.title, sheet.rows) for sheet in result.sheets] == [("Kontakter", 2)]
    with pytest.raises(Doubts):
        import_file(session, file)
    for answer, added in (("leave", 2), ("read", 4)):
        answers = NO_ANSWERS.plus(doubt, answer)
        result = import_file(session._replace(answers=answers), file, dry_run=True)
        assert result.nouns[0].added == added


def test_yes_leaves_drafts_out(session: Session, tmp_path: Path) -> None:
    file = contacts(tmp_path, "Kontakter", "Kontakter kladde", "Kopi af kontakter")
    result = import_file(agreeing(session), file)
    assert result.nouns[0].added == 2
    assert result.draft_sheets == ["Kontakter kladde", "Kopi af kontakter"]
    assert result_as_dict(result)["draft_sheets"] == result.draft_sheets
    assert sum("draft or a copy" in line for line in render_preview(result)) == 2


def test_only_the_sheets_that_are_named_are_read(session: Session, tmp_path: Path) -> None:
    file = contacts(tmp_path, "Kontakter", "Kontakter kladde")
    result = import_file(session, file, None, ImportOptions(sheets=("KONTAKTER KLADDE",)))
    assert [(sheet.title, sheet.rows) for sheet in result.sheets] == [("Kontakter kladde", 2)]
    with refuses("no_such_sheet", "Kontakter kladde"):
        import_file(session, file, None, ImportOptions(sheets=("Ark1",)))


def with_sheets(folder: Path, **sheets: list[list[object]]) -> Path:
    """A workbook with these rows, by the titles of its sheets (`_` for a blank)."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title.replace("_", " "))
        for row in rows:
            sheet.append(row)
    file = folder / "mine.xlsx"
    workbook.save(file)
    return file


VISIT = [CVR, dt.date(2011, 5, 3)]
PLAIN: list[list[object]] = [["Virksomhed", "Dato"], [*VISIT]]


def test_a_draft_is_not_read_in_place_of_the_main_sheet(session: Session, tmp_path: Path) -> None:
    main: list[list[object]] = [
        ["Besøgsliste"],
        ["Virksomhed", "Besøgsdato", "Type", "Ansv.", "Kontaktperson", "Noter", "Opfølgning"],
        [*VISIT, "besøg", "JH", None, "se på", None],
    ]
    file = with_sheets(tmp_path, Besøg_2011=main, **{"Besøg_2011_(2)": PLAIN}, gammel=PLAIN)
    result = import_file(session, file, dry_run=True)
    assert [sheet.title for sheet in result.sheets] == ["Besøg 2011"]
    assert [doubt.subject[1] for doubt in result.questions[:2]] == ["Besøg 2011 (2)", "gammel"]
    assert "--sheet 'Besøg 2011' --sheet gammel" in result.questions[1].sentence()


def test_a_main_sheet_that_is_unclear_is_asked_for(session: Session, tmp_path: Path) -> None:
    main: list[list[object]] = [
        ["Virksomhed", "Dato", "Type", "Aftaledato"],
        [*VISIT, "besøg", "3.5.2011"],
    ]
    with refuses("noun_unclear"):
        import_file(session, with_sheets(tmp_path, Ark1=main, gammel=PLAIN))


def test_a_draft_beside_sheets_of_something_else_is_asked_about(
    session: Session, tmp_path: Path
) -> None:
    file = with_sheets(tmp_path, gammel=PLAIN, Noter=[["bla", "bla2"], ["x", "y"]])
    result = import_file(session, file, dry_run=True)
    assert [doubt.subject for doubt in result.questions] == [("draft_sheet", "gammel")]
    assert not result.rows


def test_a_sheet_whose_headings_fit_is_not_said_to_fit_in_nothing(
    session: Session, tmp_path: Path
) -> None:
    file = contacts(tmp_path, "Kontakter 2011", "Arkiv 2010")
    result = import_file(session, file, dry_run=True)
    assert not result.ignored_sheets
    [line] = [line for line in render_preview(result) if "Arkiv 2010" in line]
    assert line.endswith("read it on its own with: --sheet 'Arkiv 2010' --as contact")
    assert result_as_dict(result)["unclear_sheets"] == [
        {"title": "Arkiv 2010", "nouns": ["contact"]}
    ]


def test_a_draft_that_is_all_there_is_is_read(session: Session, tmp_path: Path) -> None:
    result = import_file(session, contacts(tmp_path, "Kopi af kontakter"))
    assert result.nouns[0].added == 2
