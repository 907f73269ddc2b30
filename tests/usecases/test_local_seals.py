"""What belongs to one copy of a ledger: settings and where rows were read, sealed in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from builders import CVR
from kmtrack.ledger.settings import all_settings, drop_setting, put_setting, setting
from kmtrack.ledger.store.copies import remember_folder
from kmtrack.usecases.backup import back_up
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.repair import is_repairable, repair_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.restore import restore_ledger
from kmtrack.views.check import render_check

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files

ROWS: Final = "company,date,note\n{0},2011-03-01,første\n{0},2011-04-01,anden\n"


@pytest.fixture
def read(session: Session, tmp_path: Path) -> Session:
    """Return the session over a ledger into which a file was read, and that remembers a folder."""
    add_company(session, {"name": "Alfa", "cvr": CVR, "municipality": "Viborg", "employees": "9"})
    import_file(session, _table(tmp_path, ROWS.format(CVR)))
    remember_folder(session.store, tmp_path)
    return session


def _table(folder: Path, text: str) -> Path:
    table = folder / "rows.csv"
    table.write_text(text, encoding="utf-8")
    return table


def _kinds(store: Store) -> list[str]:
    return [issue.kind for issue in check_ledger(store).damage]


EDITS: Final = {
    "where a row was read": (
        "UPDATE imported_row SET place = '0123456789abcdef'",
        "places_altered",
    ),
    "of which record": ("UPDATE imported_row SET record_id = 'k0000000000'", "places_altered"),
    "a place forgotten": ("DELETE FROM imported_row WHERE record_id <> ''", "places_altered"),
    "all places": ("DELETE FROM imported_row", "places_altered"),
    "a place added": ("INSERT INTO imported_row VALUES ('k0000000000', '0')", "places_altered"),
    "the key of places": (
        "UPDATE setting SET value = lower(hex(zeroblob(32))) WHERE name = 'import key'",
        "setting_changed",
    ),
    "a folder": (
        "UPDATE setting SET value = '{}' WHERE name LIKE 'backups:%'",
        "setting_changed",
    ),
    "another folder": (
        "UPDATE setting SET name = 'backups:\"/elsewhere\"' WHERE name LIKE 'backups:%'",
        "setting_changed",
    ),
    "a folder forgotten": (
        "DELETE FROM setting WHERE name LIKE 'backups:%'",
        "settings_removed",
    ),
    "all settings": ("DELETE FROM setting", "places_altered"),
    "a setting added": ("INSERT INTO setting VALUES ('demonstration', 'made')", "setting_changed"),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_is_found_told_and_mended(read: Session, edit: str) -> None:
    assert _kinds(read.store) == []
    statement, kind = EDITS[edit]
    read.store.run(statement.replace("UPDATE imported_row", "UPDATE OR IGNORE imported_row"))
    result = check_ledger(read.store)
    assert kind in {issue.kind for issue in result.damage}
    assert all(render_check(result))
    assert is_repairable(result.damage)
    repair_ledger(read.store, result.damage, read.clock)
    assert _kinds(read.store) == []


def test_places_that_were_forgotten_are_noted_again(read: Session, tmp_path: Path) -> None:
    read.store.run("UPDATE imported_row SET place = '0123456789abcdef' WHERE record_id <> ''")
    repair_ledger(read.store, check_ledger(read.store).damage, read.clock)
    assert read.store.get("SELECT count(*) FROM imported_row")[0] == 1  # the seal
    again = import_file(read, _table(tmp_path, ROWS.format(CVR)))
    assert not again.nouns[0].added
    assert read.store.get("SELECT count(*) FROM imported_row")[0] == 3
    assert _kinds(read.store) == []


def test_rows_that_moved_are_sealed_anew(read: Session, tmp_path: Path) -> None:
    first, *rest = ROWS.format(CVR).splitlines()
    moved = "\n".join([first, *reversed(rest), f"{CVR},2011-05-01,tredje"])
    import_file(read, _table(tmp_path, moved))
    assert read.store.get("SELECT count(*) FROM imported_row")[0] == 4
    assert _kinds(read.store) == []


def test_a_restored_ledger_is_sealed_as_its_backup_was(session: Session, tmp_path: Path) -> None:
    add_company(session, {"name": "Alfa", "cvr": CVR, "municipality": "Viborg"})
    before = back_up(session.store, session.clock).file
    import_file(session, _table(tmp_path, ROWS.format(CVR)))
    after = back_up(session.store, session.clock).file
    for file in (before, after):
        restore_ledger(session, file)
        assert _kinds(session.store) == []


def test_a_setting_put_again_is_sealed_anew(session: Session) -> None:
    put_setting(session.store, "bundled", "1")
    put_setting(session.store, "bundled", "2")
    assert setting(session.store, "bundled") == "2"
    assert [name for name, _ in all_settings(session.store) if name.startswith("seal")] == []
    assert _kinds(session.store) == []


def test_a_setting_and_its_seal_are_stored_and_removed_by_one_statement(read: Session) -> None:
    """Outside a transaction nothing else keeps a kill or a full disk from coming between them."""
    connection = vars(read.store)["_connection"]
    changes: list[str] = []
    connection.set_trace_callback(changes.append)
    put_setting(read.store, "new", "value")
    drop_setting(read.store, "new")
    connection.set_trace_callback(None)
    assert [each.split()[0] for each in changes if "setting" in each] == ["INSERT", "DELETE"]
    assert _kinds(read.store) == []
