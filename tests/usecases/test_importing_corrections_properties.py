"""Properties of lists that are kept up to date, whatever is in them and whatever is corrected."""

from __future__ import annotations

import csv
import datetime as dt
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from builders import CVR
from hypothesis_profiles import examples
from kmtrack.clock import Clock
from kmtrack.ledger.queries.targets import totals
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.events import edit_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.location import session_at
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kmtrack.usecases.session import Session

    Row = dict[str, str]

TODAY: Final = dt.date(2011, 6, 30)
CVRS: Final = (CVR, "13585628")
UPDATE: Final = ImportOptions(updates=True)
FIELDS: Final = ("company", "level", "agreed", "start", "field", "hours", "institution", "note")
# Of each fact a few values, so that rows agree and differ in all ways.
HIRES: Final = st.lists(
    st.fixed_dictionaries(
        {
            "company": st.sampled_from(CVRS),
            "level": st.sampled_from(["kandidat", "phd", "mvu"]),
            "agreed": st.sampled_from(["", "2011-03-04", "2011-04-04", "2011-05-04"]),
            "start": st.sampled_from(["", "2011-06-01", "2011-08-01"]),
            "field": st.sampled_from(["", "Kemi", "Jura"]),
            "hours": st.sampled_from(["", "37"]),
            "institution": st.sampled_from(["", "AU", "KU"]),
            "note": st.sampled_from(["", "a", "En lang note"]),
        }
    ),
    max_size=6,
)
VALUES: Final = {
    "agreed": ["2011-02-01", "2011-03-04"],
    "start": ["2011-07-01", "2011-06-01"],
    "field": ["Fysik"],
    "hours": ["20"],
    "note": ["rettet"],
}
SLOW: Final = examples(60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("founded") / "ledger.db"
    clock = Clock(TODAY, is_set=True)
    create_ledger(path, NewLedger(("Viborg",), None, "JH", None), clock, {})
    with session_at(path, clock, {}) as session, session.unit_of_work("company add") as work:
        for number, cvr in enumerate(CVRS):
            facts = {"name": f"Firma {number}", "cvr": cvr, "employees": "12"}
            company = work.add("company", {**facts, "municipality": "791", "kind": "company"})
            work.add("contact", {"company_id": company, "date": "2011-01-03", "channel": "visit"})
    return path


def in_copy(founded: Path, work: Callable[[Session, Path], Any]) -> Any:
    """Do something at a session over a copy of the ledger, and see that the ledger is whole after."""
    with tempfile.TemporaryDirectory() as name:
        shutil.copy(founded, Path(name) / "ledger.db")
        with session_at(Path(name) / "ledger.db", Clock(TODAY, is_set=True), {}) as session:
            found = work(session, Path(name) / "liste.csv")
            assert check_ledger(session.store).damage == []
    return found


def read(session: Session, file: Path, rows: Iterable[Row]) -> tuple[int, int, int]:
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, FIELDS, delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    [noun] = import_file(session, file, "hire", UPDATE).nouns
    return noun.added, noun.already_here, noun.updated


def hires(session: Session) -> list[dict[str, Any]]:
    rows = session.store.all("SELECT * FROM hire WHERE withdrawn IS NULL ORDER BY id")
    return [{name: row[name] for name in row.keys() if name != "recorded_at"} for row in rows]  # noqa: SIM118 - not a mapping


def stated(session: Session) -> list[tuple[Any, ...]]:
    """Return what the hires state, whichever records they are."""
    left_out = {"id", "recorded_at"}
    rows = [[row[name] for name in row if name not in left_out] for row in hires(session)]
    return sorted(map(tuple, rows), key=str)


@SLOW
@given(rows=HIRES, data=st.data())
def test_the_order_of_rows_changes_no_count(
    founded: Path, rows: list[Row], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(rows))

    def count(session: Session, file: Path) -> tuple[Any, Any]:
        assert read(session, file, rows) == (len(rows), 0, 0)
        assert read(session, file, shuffled) == (0, len(rows), 0)
        return totals(session.store, TODAY), stated(session)

    def count_shuffled(session: Session, file: Path) -> tuple[Any, Any]:
        read(session, file, shuffled)
        return totals(session.store, TODAY), stated(session)

    assert in_copy(founded, count) == in_copy(founded, count_shuffled)


@SLOW
@given(rows=HIRES.filter(bool), data=st.data())
def test_a_corrected_cell_is_the_edit_that_one_would_type(
    founded: Path, rows: list[Row], data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(rows) - 1))
    field = data.draw(st.sampled_from(sorted(VALUES)))
    value = data.draw(st.sampled_from(VALUES[field]))
    corrected = [*rows[:at], {**rows[at], field: value}, *rows[at + 1 :]]

    def by_file(session: Session, file: Path) -> tuple[Any, ...]:
        read(session, file, rows)
        before = hires(session)
        found = read(session, file, corrected)
        after = stated(session)
        assert sum(found) == len(rows)
        if sum(found[1:]) == len(rows):  # it was recognised: nothing is counted twice
            assert len(after) == len(rows)
        else:
            assert len(after) == len(rows) + 1
        assert read(session, file, corrected) == (0, len(rows), 0)
        if sum(found[::2]):
            undo_command(session)
            assert hires(session) == before
        return found, after

    def by_hand(session: Session, file: Path) -> Any:
        read(session, file, rows)
        typed = {"kandidat": "master", "phd": "phd", "mvu": "mvu"}
        row = rows[at]
        same = [
            hire["id"]
            for hire in session.store.all(
                "SELECT hire.*, company.cvr FROM hire JOIN company ON company.id = hire.company_id"
            )
            if hire["cvr"] == row["company"]
            and hire["level"] == typed[row["level"]]
            and all(
                str(hire[name] or "") == row[name]
                for name in ("agreed", "start", "field", "institution", "note")
            )
            and float(hire["hours"] or 0) == float(row["hours"] or 0)
        ]
        edit_event(session, "hire", same[0], {field: value})
        return stated(session)

    found, after = in_copy(founded, by_file)
    if found[2]:
        assert after == in_copy(founded, by_hand)
