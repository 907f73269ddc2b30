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


def test_a_draft_that_is_all_there_is_is_read(session: Session, tmp_path: Path) -> None:
    result = import_file(session, contacts(tmp_path, "Kopi af kontakter"))
    assert result.nouns[0].added == 2
