from __future__ import annotations

import json
import shutil
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import pytest
from stdnum.dk import cvr as danish_cvr

from builders import refuses
from kmtrack.cli.main import main
from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.errors import WriteFailed
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases import demo
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.demo import (
    AS_OF,
    DemoFiles,
    DemonstrationExists,
    make_demonstration,
    suggestions,
    suggestions_there,
)
from kmtrack.usecases.status import status_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.rules.status import TargetStatus
    from kmtrack.usecases.session import Session

CONTENT: Final = {
    "company": "SELECT * FROM company ORDER BY id",
    "contact": """
        SELECT contact.id, contact.company_id, date, channel, broker, others, note, next,
               contact.recorded_at, contact.withdrawn, person.name
        FROM contact LEFT JOIN person ON person.id = contact.person_id ORDER BY contact.id
    """,
    "collaboration": "SELECT * FROM collaboration ORDER BY id",
    "hire": "SELECT * FROM hire ORDER BY id",
    "broker": "SELECT * FROM broker ORDER BY id",
    "contract": "SELECT * FROM contract",
    "verdict": "SELECT * FROM verdict ORDER BY record_id, target",
    "tally": "SELECT * FROM tally ORDER BY target, outcome, day",
    "command": "SELECT recorded_at, recorded_by, name, reason FROM command ORDER BY number",
}


@pytest.fixture
def files(demonstration: DemoFiles) -> DemoFiles:
    return demonstration


@pytest.fixture
def store(files: DemoFiles) -> Iterator[Store]:
    opened = open_store(files.ledger)
    yield opened
    opened.close()


def _rows(store: Store, statement: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in store.all(statement)]


def _targets(store: Store, day: date = AS_OF) -> dict[str, TargetStatus]:
    return {one.target.id: one for one in status_of(store, day).targets}


def _copied(demonstration: DemoFiles, files: DemoFiles, *_: object) -> None:
    if files.ledger.exists():
        make_demonstration(files)  # refuses
    files.ledger.parent.mkdir()
    shutil.copy(demonstration.ledger, files.ledger)


@pytest.mark.slow
def test_it_is_the_same_each_time(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KMTRACK_TODAY")
    again = DemoFiles.in_folder(tmp_path / "again")
    assert main(["demo", str(tmp_path / "again")]) == 0
    other = open_store(again.ledger)
    try:
        for statement in CONTENT.values():
            assert _rows(store, statement) == _rows(other, statement)
    finally:
        other.close()


def test_it_is_two_years_of_the_work_of_several_brokers(store: Store) -> None:
    companies = _rows(store, "SELECT count(*) FROM company")[0][0]
    assert 1150 <= companies <= 1270
    assert len(_rows(store, "SELECT DISTINCT broker FROM contact")) == 8
    first, last = _rows(store, "SELECT min(date), max(date) FROM contact")[0]
    assert first < "2011-01-01"
    assert "2012-12-10" < last <= "2012-12-31"


def test_the_targets_stand_where_a_status_is_worth_reading(store: Store) -> None:
    final = _targets(store)
    assert 1050 <= final["new-contacts"].tally.counted <= 1110
    assert 540 <= final["follow-ups"].tally.counted <= 620
    assert 280 <= final["collaborations"].tally.counted < 300
    assert 51 <= final["hires"].tally.counted <= 60
    assert {one.state for one in final.values()} == {"met", "behind", "running", "under-way"}
    autumn = {one.state for one in _targets(store, date(2012, 9, 1)).values()}
    assert {"on-schedule", "behind"} <= autumn


def test_every_outcome_and_most_reasons_occur(store: Store) -> None:
    rows = _rows(store, "SELECT DISTINCT target, outcome FROM verdict")
    targets = ("new-contacts", "follow-ups", "collaborations", "hires")
    outcomes = ("counted", "waiting", "excluded")
    assert set(rows) == {(target, outcome) for target in targets for outcome in outcomes}
    found = {
        reason
        for (reasons,) in _rows(store, "SELECT DISTINCT reasons FROM verdict")
        for _, reason in json.loads(reasons)
    }
    assert found >= {
        "not_agreed",
        "before_period",
        "no_cvr",
        "channel_does_not_count",
        "no_municipality",
        "takes_no_part",
        "not_a_company",
        "declared_not_sme",
        "both_sums_over",
        "balance_unknown",
        "turnover_unknown",
        "no_headcount",
        "too_many_employees",
        "band_straddles",
        "same_day",
        "never_met",
        "met_later",
        "no_level",
        "level_does_not_count",
        "terms_do_not_count",
    }


def test_a_check_finds_it_whole_and_a_few_things_to_look_at(store: Store) -> None:
    checked = check_ledger(store)
    assert not checked.damage
    assert {doubt.kind for doubt in checked.warnings} == {
        "alike_companies",
        "same_collaboration",
        "missing_of_company",
        "missing_not_agreed",
        "missing_no_level",
    }
    assert len({(doubt.kind, doubt.records) for doubt in checked.warnings}) < 60


def test_what_is_corrected_undone_merged_and_handed_in_occurs(store: Store) -> None:
    assert {name for (name,) in _rows(store, "SELECT name FROM command")} >= {
        *("company edit", "company join", "contact edit", "contact withdraw", "undo", "merge"),
        *("contract amend", "import", "method add", "method assess", "method disseminate"),
        *("method used", "deliverable log", "deliverable check", "deliverable submit"),
    }
    # One company stood in two ledgers, and one twice in the same.
    assert len(_rows(store, "SELECT 1 FROM company WHERE part_of IS NOT NULL")) == 2
    arrived = _rows(store, "SELECT DISTINCT recorded_by FROM command WHERE arrived_at IS NOT NULL")
    assert arrived == [("SVO",)]
    assert _rows(store, "SELECT 1 FROM company WHERE later IS NOT NULL")
    assert set(_rows(store, "SELECT DISTINCT asks, wave FROM survey")) == {
        ("company", "before"),
        ("company", "after"),
        ("municipality", "before"),
        ("municipality", "after"),
    }
    assert len(_targets(store)) == 8
    assert _targets(store)["continuation-model"].state == "met"


@pytest.mark.slow
def test_its_lists_are_files_that_anybody_can_import(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KMTRACK_TODAY", "2013-02-01")
    ledger = ("--ledger", str(tmp_path / "ledger.db"))
    codes = ("615", "657", "730", "740", "751", "760", "779", "791")
    assert main([*ledger, "init", *(f"--municipality={code}" for code in codes)]) == 0
    for initials in ("AGD", "JHB", "KST", "LMK", "MLA", "PRN", "SVO", "TBE"):
        assert main([*ledger, "broker", "add", initials]) == 0
    for name in ("companies", "contacts", "collaborations", "hires", "answers"):
        file = str(DATA_FOLDER / "demo" / f"{name}.csv")
        assert main([*ledger, "import", file]) == 0, capsys.readouterr().err


def test_the_numbers_pass_the_check_and_are_nobodys(store: Store) -> None:
    rows = _rows(store, "SELECT cvr FROM company WHERE cvr IS NOT NULL AND part_of IS NULL")
    numbers = [number for (number,) in rows]
    assert len(numbers) == len(set(numbers))
    assert all(number.startswith("9") and danish_cvr.is_valid(number) for number in numbers)


def test_nobody_works_on_weekends_or_at_christmas(store: Store) -> None:
    days = [date.fromisoformat(day) for (day,) in _rows(store, "SELECT date FROM contact")]
    assert all(day.weekday() < 5 for day in days)
    assert not [day for day in days if day.month == 12 and day.day >= 24]


def test_nothing_is_typed_before_it_happens(store: Store) -> None:
    for statement in (
        "SELECT 1 FROM contact WHERE substr(recorded_at, 1, 10) < date",
        "SELECT 1 FROM hire WHERE substr(recorded_at, 1, 10) < agreed",
        "SELECT 1 FROM collaboration WHERE substr(recorded_at, 1, 10) < agreed",
        "SELECT 1 FROM command WHERE recorded_at > '2013-02'",
        """
        SELECT 1 FROM (
            SELECT recorded_at, lag(recorded_at) OVER (
                PARTITION BY recorded_by ORDER BY number
            ) AS before FROM command
        ) WHERE recorded_at <= before
        """,
    ):
        assert _rows(store, statement) == []


def test_what_is_there_is_never_overwritten(files: DemoFiles) -> None:
    before = files.ledger.read_bytes()
    with pytest.raises(DemonstrationExists):
        make_demonstration(files)
    assert files.ledger.read_bytes() == before


@pytest.mark.parametrize("name", ["demo.db", "region.xlsx"])
def test_another_file_in_its_place_is_left_alone(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text("not ours", encoding="utf-8")
    with pytest.raises(DemonstrationExists):
        make_demonstration(DemoFiles.in_folder(tmp_path))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert suggestions_there(DemoFiles.in_folder(tmp_path)) == []


def test_a_file_in_the_place_of_its_folder_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "demo"
    file.write_text("not ours", encoding="utf-8")
    with refuses("demonstration_no_folder") as refusal:
        make_demonstration(DemoFiles.in_folder(file))
    assert (
        refusal.value.sentence() == f"{file} is not a folder; give another one: kmtrack demo FOLDER"
    )
    assert file.read_text(encoding="utf-8") == "not ours"


def test_a_full_disk_is_told_of_its_ledger_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_room(session: Session, *_: object) -> None:
        raise WriteFailed("disk_full", path=session.store.path)

    monkeypatch.setattr(demo, "import_file", without_room)
    files = DemoFiles.in_folder(tmp_path)
    with refuses("disk_full") as refusal:
        make_demonstration(files)
    assert refusal.value.facts == {"path": files.ledger}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize("language", ["da", "en"])
def test_the_command_shows_the_status_and_what_works_next(
    language: str,
    demonstration: DemoFiles,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("KMTRACK_TODAY")
    folder = tmp_path / "a folder"
    # Making it takes seconds and does not depend on the language.
    monkeypatch.setattr(demo, "make_demonstration", partial(_copied, demonstration))
    assert main(["demo", str(folder), "--lang", language]) == 0
    shown = capsys.readouterr().out
    assert str(folder / "region.xlsx") in shown
    assert (folder / "region.xlsx").is_file()
    suggested = suggestions_there(DemoFiles.in_folder(folder))
    assert 5 <= len(suggested) <= 9
    for one in suggested:
        assert main([*one.words, "--lang", language]) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert main(["demo", str(folder), "--lang", language]) == 1
    captured = capsys.readouterr()
    assert "--as-of" in captured.out
    assert captured.err.count("\n") == 1


def test_what_no_longer_fits_is_not_proposed(files: DemoFiles, tmp_path: Path) -> None:
    copied = DemoFiles.in_folder(tmp_path)
    shutil.copy(files.ledger, copied.ledger)
    store = open_store(copied.ledger)
    try:
        proposed = {one.text for one in suggestions(store, copied)}
        store.run("DELETE FROM verdict WHERE outcome = 'waiting'")
        left = {one.text for one in suggestions(store, copied)}
    finally:
        store.close()
    assert proposed - left == {"demo.try.why"}
