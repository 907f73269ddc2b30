"""The folder in which the torture suite runs its commands, with a ledger and their input files."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import Final

from builders import CVR, add_contact, ledger_in, session_over
from kmtrack.ledger.store.sqlite import APPLICATION_ID
from kmtrack.usecases.backup import back_up_for_the_day
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.people import erase_persons

COMMANDS: Final = {
    "contact add": ("contact", "add", CVR, "--date", "2011-03-05", "--person", "Bo Bæk"),
    "company edit": ("company", "edit", CVR, "--employees", "77"),
    "import": ("import", "many.csv"),
    "undo": ("undo", "--yes"),
    "merge": ("merge", "other/other.db", "--yes"),
    "person erase": ("person", "erase", "Inger Holm", "--yes"),
    "restore": ("restore", "other/earlier.db", "--yes"),
    "erase text": ("person", "erase", "--text", "Bo Lund", "--yes"),
    "erasing merge": ("merge", "other/erased.db", "--yes"),
}
# Commands that write a file besides the ledger.
MAKING: Final = {
    "export": ("export", "region.xlsx"),
    "backup": ("backup",),
    "bundle": ("bundle", "news.db"),
    "migration": ("--ledger", "old.db", "company", "add", "Nyt Firma"),
}
_RELEASED: Final = Path(__file__).parents[1] / "ledger" / "released" / "1.sql"


def lay_out(folder: Path, imported: int = 200) -> Path:
    """Create a folder for all COMMANDS and return its ledger, which has its backup of the day."""
    other = folder / "other"
    other.mkdir(parents=True)
    ledger = ledger_in(folder)
    with session_over(ledger) as session:
        values = {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg", "employees": "9"}
        add_company(session, values)
        for name in ("earlier", "other"):
            shutil.copy(ledger, other / f"{name}.db")
        add_contact(
            session, CVR, {"date": "2011-03-01", "person": "Inger Holm", "note": "Inger Holm"}
        )
        add_contact(session, CVR, {"date": "2011-03-02", "note": "Bo Lund og Inger Holm"})
        # With today's backup made, a command changes the ledger and nothing else.
        back_up_for_the_day(session.store, session.clock.today)
    with session_over(other / "other.db", broker="MK") as session:
        for day in range(1, 20):
            add_contact(session, CVR, {"date": f"2011-04-{day:02}"})
    shutil.copy(ledger, other / "erased.db")
    with session_over(other / "erased.db", broker="AN") as session:
        erase_persons(session, *plan_of_person(session, "Inger Holm").persons)
    with closing(sqlite3.connect(folder / "old.db")) as old:
        old.executescript(_RELEASED.read_text(encoding="utf-8"))
        old.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        old.execute("PRAGMA user_version = 1")
        old.commit()
    rows = [f"{CVR},2011-05-{1 + number % 28:02},{number}" for number in range(imported)]
    (folder / "many.csv").write_text("\n".join(["company,date,note", *rows]), encoding="utf-8")
    return ledger


def earlier_export(file: Path) -> None:
    """Write a file that an export accepts as an earlier workbook to replace."""
    with zipfile.ZipFile(file, "w") as parts:
        properties = "<dc:creator>kmtrack 0</dc:creator><dc:subject>an older one</dc:subject>"
        parts.writestr("docProps/core.xml", properties)


def restored(folder: Path, kept: Path) -> Path:
    """Replace `folder` by the copy in `kept` and return its ledger."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)
    return folder / "ledger.db"
