"""Workbooks that were sent one after the other: together they give no one or two companies away."""

from __future__ import annotations

import json
import shutil
import zipfile
from contextlib import closing
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from answers import ALL, Row, answer, case_07, company, figures_in, hire, is_in
from attacker import known_of
from builders import ledger_in, session_over
from cli_runner import run_in
from kmtrack.views.xlsx.origin import read_origin

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from answers import Company
    from attacker import Figure
    from cli_runner import Runner

pytestmark = pytest.mark.files

EIGHTH, NINTH, TENTH = (company(number, "Viborg", "phd") for number in (7, 8, 9))
FIRST, SECOND, THIRD = "2011-06-30", "2011-09-01", "2012-03-01"
FILES = {FIRST: "first.xlsx", SECOND: "second.xlsx", THIRD: "third.xlsx"}


@pytest.fixture(scope="module")
def reported_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger and its first workbook; three companies did not answer yet."""
    folder = tmp_path_factory.mktemp("reported")
    with session_over(ledger_in(folder)) as session:
        hire(session, [*case_07(), EIGHTH, NINTH, TENTH])
        answer(session, case_07())
    run_in(folder, [("export", str(folder / FILES[FIRST]), "--as-of", FIRST)])
    return folder


@pytest.fixture
def reported(reported_folder: Path, empty_runner: Runner, tmp_path: Path) -> Runner:
    """Return a runner on a copy of that ledger, beside its workbook."""
    shutil.copytree(reported_folder, tmp_path, dirs_exist_ok=True)
    return empty_runner


def export(runner: Runner, folder: Path, day: str, *sent: str) -> list[Row]:
    """Export the workbook of a day, and return its figures."""
    file = folder / FILES[day]
    earlier = [word for each in sent for word in ("--sent", str(folder / FILES[each]))]
    runner.done("export", str(file), "--as-of", day, *earlier)
    return figures_in(file)


def answers(runner: Runner, *companies: Company) -> None:
    with session_over(runner.ledger) as session:
        answer(session, companies)


def of_all(rows: list[Row], question: str) -> Row:
    return next(row for row in rows if row.question == question and row.group == ALL)


def notes(file: Path, sheet: str = "Outcome") -> list[str]:
    workbook: Any = openpyxl.load_workbook(file, read_only=True)
    with closing(workbook):
        rows = workbook[sheet].iter_rows(max_col=1, values_only=True)
        return [text for (text,) in rows if text]


def attack(*workbooks: tuple[list[Row], Sequence[Company], str]) -> None:
    """Assert that figures of workbooks, made when these had answered, reveal nothing together.

    A figure with a day is that of the workbook of that day, where it is found already.
    """
    figures: dict[str, list[Figure]] = {}
    for rows, companies, day in workbooks:
        for row in rows:
            if row.is_shown and (not row.day or row.day == day):
                behind = frozenset(
                    (one.name, one.value_of(row.question))
                    for one in companies
                    if is_in(one, row.group)
                )
                figures.setdefault(row.question, []).append(behind)
    names = [one.name for one in (*case_07(), EIGHTH, NINTH, TENTH)]
    assert len(figures) > 4
    for found in figures.values():
        assert not any(known_of(found, names))


def test_a_workbook_says_that_it_was_not_compared(reported: Runner, tmp_path: Path) -> None:
    for sheet in ("Outcome", "Outcome in degrees", "Outcome, answers"):
        assert "Not compared with earlier reports." in notes(tmp_path / FILES[FIRST], sheet)
    reported.done("export", str(tmp_path / "da.xlsx"), lang="da")
    assert "Ikke sammenholdt med tidligere rapporter." in notes(tmp_path / "da.xlsx", "Udbytte")


def test_where_one_answer_is_new_the_earlier_figure_stays(reported: Runner, tmp_path: Path) -> None:
    first = figures_in(tmp_path / FILES[FIRST])
    answers(reported, EIGHTH)
    second = export(reported, tmp_path, SECOND, FIRST)
    stays = of_all(second, "growth")
    assert stays.day == FIRST
    assert stays.cells[:5] == of_all(first, "growth").cells[:5]
    assert of_all(second, "Products").day == FIRST
    front = next(row for row in reversed(second) if row.question == "growth")
    assert front.day == "30 June 2011"
    attack((first, case_07(), FIRST), (second, [*case_07(), EIGHTH], SECOND))
    (note,) = (text for text in notes(tmp_path / FILES[SECOND]) if text.startswith("Compared"))
    assert note.startswith("Compared with 1 earlier report: as of 2011-06-30 (as known ")


def test_where_three_are_new_all_are_counted(reported: Runner, tmp_path: Path) -> None:
    first = figures_in(tmp_path / FILES[FIRST])
    everybody = [*case_07(), EIGHTH, NINTH, TENTH]
    answers(reported, EIGHTH, NINTH, TENTH)
    second = export(reported, tmp_path, SECOND, FIRST)
    assert of_all(second, "growth").day is None
    assert of_all(second, "growth").cells[0] == 10
    attack((first, case_07(), FIRST), (second, everybody, SECOND))


def test_a_workbook_carries_what_it_was_compared_with(reported: Runner, tmp_path: Path) -> None:
    """The third names the second only, which shows figures of the first."""
    workbooks = [(figures_in(tmp_path / FILES[FIRST]), case_07(), FIRST)]
    answers(reported, EIGHTH)
    second = export(reported, tmp_path, SECOND, FIRST)
    workbooks.append((second, [*case_07(), EIGHTH], SECOND))
    answers(reported, NINTH)
    third = export(reported, tmp_path, THIRD, SECOND)
    workbooks.append((third, [*case_07(), EIGHTH, NINTH], THIRD))
    assert of_all(third, "growth").day == FIRST
    attack(*workbooks)
    origin = read_origin(tmp_path / FILES[THIRD])
    assert origin is not None
    assert [str(each.as_of) for each in origin.sent] == [FIRST, SECOND]
    assert [each.compared for each in origin.sent] == [(), (0,)]
    named_twice = export(reported, tmp_path, THIRD, SECOND, FIRST, SECOND)
    assert named_twice == third


def test_a_second_report_that_was_not_compared_is_known_as_it_was_sent(
    reported: Runner, tmp_path: Path
) -> None:
    answers(reported, EIGHTH)
    second = export(reported, tmp_path, SECOND)
    assert of_all(second, "growth").cells[0] == 8
    answers(reported, NINTH, TENTH)
    third = export(reported, tmp_path, THIRD, FIRST, SECOND)
    assert of_all(third, "growth").day == SECOND
    third = export(reported, tmp_path, THIRD, FIRST)
    assert of_all(third, "growth").day is None


@pytest.mark.everyday(1)
@pytest.mark.parametrize("change", ["edit", "undo", "withdraw"])
def test_what_was_corrected_since_is_known_as_it_was_sent(
    reported: Runner, tmp_path: Path, change: str
) -> None:
    first = figures_in(tmp_path / FILES[FIRST])
    *others, last = case_07()
    if change == "edit":
        last = last._replace(after={**last.after, "product": 4, "highly-educated": 40})
        answers(reported, last)
    elif change == "undo":
        reported.done("undo", "--yes")
    else:
        listed = json.loads(reported.done("survey", "list", "--json"))
        found = [each["id"] for each in listed if each["respondent"] == last.name]
        reported.done("survey", "withdraw", *found, "--reason", "wrong", "--yes")
    now = [*others, last] if change == "edit" else others
    second = export(reported, tmp_path, SECOND, FIRST)
    assert of_all(second, "Products").day == FIRST
    assert of_all(second, "growth").cells[:5] == of_all(first, "growth").cells[:5]
    attack((first, case_07(), FIRST), (second, now, SECOND))


def test_a_name_that_was_erased_since_changes_nothing(reported: Runner, tmp_path: Path) -> None:
    before = export(reported, tmp_path, SECOND, FIRST)
    named = ("--person", "Inger Holm", "--note", "Inger Holm wants an intern")
    reported.done("contact", "add", "company 1", *named)
    reported.done("person", "erase", "Inger Holm", "--yes")
    assert export(reported, tmp_path, SECOND, FIRST) == before


def test_a_company_that_was_joined_since_is_one_respondent(
    reported: Runner, tmp_path: Path
) -> None:
    first = figures_in(tmp_path / FILES[FIRST])
    reported.done("company", "add", "Company 0 A/S", "--municipality", "Viborg", "--yes")
    reported.done("company", "join", "company 0 a/s", "company 0", "--yes")
    answers(reported, EIGHTH, NINTH)
    second = export(reported, tmp_path, SECOND, FIRST)
    assert of_all(second, "growth").day == FIRST
    attack((first, case_07(), FIRST), (second, [*case_07(), EIGHTH, NINTH], SECOND))


def test_the_json_names_the_reports_and_the_day(reported: Runner, tmp_path: Path) -> None:
    answers(reported, EIGHTH)
    sent = ("--sent", str(tmp_path / FILES[FIRST]))
    told = json.loads(reported.done("export", str(tmp_path / "now.xlsx"), *sent, "--json"))
    assert [each["as_of"] for each in told["sent"]] == [FIRST]
    (growth,) = (each for each in told["targets"] if each["id"] == "growth")
    assert growth["highly_educated"]["as_of"] == FIRST
    assert growth["highly_educated"]["companies"] == 7


def test_a_moment_that_was_put_right_since_is_the_one_that_was_meant(
    reported: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMTRACK_TODAY", "2031-06-30")
    reported.done("contact", "add", "company 1", "--date", "2011-06-30")
    first = export(reported, tmp_path, FIRST)
    monkeypatch.setenv("KMTRACK_TODAY", "2013-02-02")
    (last, *_) = json.loads(reported.done("history", "--json"))[-1:]
    reported.done(
        *("history", "correct-time", str(last["number"]), "--to", "2013-02-01 12:00"),
        *("--reason", "the clock", "--yes"),
    )
    answers(reported, EIGHTH)
    second = export(reported, tmp_path, SECOND, FIRST)
    assert of_all(second, "growth").day == FIRST
    attack((first, case_07(), FIRST), (second, [*case_07(), EIGHTH], SECOND))


def _refused(runner: Runner, file: Path, earlier: Path) -> str:
    outcome = runner("export", str(file), "--sent", str(earlier))
    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.count("\n") == 1
    assert not file.exists()
    return outcome.err


def test_what_is_no_workbook_of_this_ledger_is_refused_in_one_line(
    reported: Runner, tmp_path: Path
) -> None:
    now, earlier = tmp_path / "now.xlsx", tmp_path / "earlier.xlsx"
    assert "earlier.xlsx" in _refused(reported, now, earlier)
    earlier.write_text("no workbook")
    assert "is not a workbook that kmtrack created for the region" in _refused(
        reported, now, earlier
    )
    openpyxl.Workbook().save(earlier)
    assert "is not a workbook that kmtrack created for the region" in _refused(
        reported, now, earlier
    )
    _copy(tmp_path / FILES[FIRST], earlier, {"docProps/custom.xml": b""})
    assert "does not say which day" in _refused(reported, now, earlier)
    kept, reported.ledger = reported.ledger, tmp_path / "other.db"
    reported.done("init", "--municipality", "Viborg", "--broker", "MK", "--council", "Herning")
    reported.done("export", str(earlier))
    reported.ledger = kept
    assert "earlier.xlsx is from another ledger" in _refused(reported, now, earlier)


@pytest.mark.parametrize(
    ("written", "instead"),
    [(b"kmtrack.records", b"kmtrack.x"), (b"kmtrack.rule", b"kmtrack.x"), (b">2<", b">0<")],
)
def test_a_workbook_that_names_no_records_by_its_rule_says_nothing(
    reported: Runner, tmp_path: Path, written: bytes, instead: bytes
) -> None:
    """With nothing to compare them with, other records would be taken for those that it showed."""
    file = tmp_path / FILES[FIRST]
    with zipfile.ZipFile(file) as archive:
        properties = archive.read("docProps/custom.xml")
    assert written in properties
    _copy(file, tmp_path / "x.xlsx", {"docProps/custom.xml": properties.replace(written, instead)})
    refused = _refused(reported, tmp_path / "now.xlsx", tmp_path / "x.xlsx")
    assert "does not say which day" in refused


def test_a_workbook_from_later_is_refused_in_an_older_copy(
    reported: Runner, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    copy.write_bytes(reported.ledger.read_bytes())
    answers(reported, EIGHTH)
    export(reported, tmp_path, SECOND, FIRST)
    reported.ledger = copy
    assert "later than anything" in _refused(
        reported, tmp_path / "now.xlsx", tmp_path / FILES[SECOND]
    )
    answers(reported, NINTH)
    assert "other records" in _refused(reported, tmp_path / "now.xlsx", tmp_path / FILES[SECOND])


def test_a_workbook_that_somebody_saved_is_compared_as_it_was_created(
    reported: Runner, tmp_path: Path
) -> None:
    file = tmp_path / FILES[FIRST]
    workbook = openpyxl.load_workbook(file)
    workbook.save(file)
    answers(reported, EIGHTH)
    outcome = reported("export", str(tmp_path / "now.xlsx"), "--sent", str(file))
    assert outcome.code == 0
    assert "first.xlsx was changed since it was created" in outcome.err
    assert of_all(figures_in(tmp_path / "now.xlsx"), "growth").day == FIRST


def test_a_workbook_of_the_earlier_rule_is_known_with_what_it_showed(
    reported: Runner, tmp_path: Path
) -> None:
    """It showed case 07; that is not shown again, and the new report says what it was compared with."""
    file = tmp_path / FILES[FIRST]
    with zipfile.ZipFile(file) as archive:
        properties = archive.read("docProps/custom.xml")
    older = properties.replace(b"kmtrack.rule", b"kmtrack.r").replace(
        b"kmtrack.records", b"kmtrack.x"
    )
    _copy(file, tmp_path / "older.xlsx", {"docProps/custom.xml": older})
    answers(reported, EIGHTH)
    outcome = reported("export", str(tmp_path / "now.xlsx"), "--sent", str(tmp_path / "older.xlsx"))
    assert outcome.code == 0
    assert "an earlier version of kmtrack" in outcome.err
    rows = figures_in(tmp_path / "now.xlsx")
    assert of_all(rows, "growth").day == FIRST
    shown = {row.group[1] for row in rows if row.question == "growth" and row.is_shown}
    assert shown == {None, "Silkeborg", "Viborg"}
    assert any("earlier version of kmtrack" in text for text in notes(tmp_path / "now.xlsx"))


def _copy(file: Path, to: Path, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(to, "w") as target:
        for name in source.namelist():
            target.writestr(name, parts.get(name, source.read(name)))
