"""A workbook that cannot be written whole: nothing stays open, and nothing in a temporary folder."""

from __future__ import annotations

import errno
import gc
import sys
import tempfile
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest
from openpyxl.worksheet._writer import WorksheetWriter

import handles
from builders import TODAY
from kmtrack.cli.export import export_workbook
from kmtrack.errors import Refusal
from kmtrack.usecases.surveys.answers import Respondent
from kmtrack.usecases.surveys.forms import Letter, SurveyForm
from kmtrack.usecases.surveys.questionnaire import questionnaire
from kmtrack.views.xlsx.survey_form import write_survey_forms
from kmtrack.views.xlsx.template import write_template

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kmtrack.usecases.session import Session

    Write = Callable[[Session, Path], object]


def _forms(_: Session, file: Path) -> None:
    respondent = Respondent("company", "c0000000000", "Smedjen")
    questions = questionnaire().asked("company", "after")
    letter = Letter("", "Region Midtjylland", "", None)
    form = SurveyForm(respondent, "after", "mark", {}, questions, {}, letter, TODAY)
    write_survey_forms([form, form], file)


_WRITERS: dict[str, Write] = {
    "region": lambda session, file: export_workbook(session, file, TODAY),
    "template": lambda _, file: write_template(file),
    "forms": _forms,
}


def _full_at_the_second(patch: pytest.MonkeyPatch, owner: type, method: str) -> None:
    whole = getattr(owner, method)
    calls: list[object] = []

    def full(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "full")
        return whole(*arguments)

    patch.setattr(owner, method, full)


@pytest.mark.everyday(2)
@pytest.mark.parametrize("write", _WRITERS.values(), ids=_WRITERS)
@pytest.mark.parametrize(
    "place",
    [(ZipFile, "write"), (ZipFile, "writestr"), (WorksheetWriter, "write_tail")],
    ids=["a sheet", "the rest", "a temporary file"],
)
def test_a_disk_that_is_full_half_way_leaves_nothing(
    write: Write, place: tuple[type, str], session: Session, tmp_path: Path, monkeypatch: Any
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    _full_at_the_second(monkeypatch, *place)
    heard: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", heard.append)
    open_before = handles.open_files(tmp_path)
    refusal: Refusal | None = None
    try:
        write(session, tmp_path / "book.xlsx")
    except Refusal as error:
        refusal = error  # what it refers to is not collected yet
    assert refusal is not None
    assert refusal.key == "no_room"
    assert list(temporary.iterdir()) == []
    assert handles.open_files(tmp_path) == open_before
    del refusal
    gc.collect()
    assert heard == []
