"""Workbooks as tests look at them: their raw parts, without values, and recalculated by LibreOffice."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import warnings
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from xml.etree import ElementTree as ET

import openpyxl

from builders import behind, cvr_number, session_over
from kmtrack import i18n
from kmtrack.cli.export import export_workbook
from kmtrack.clock import Clock
from kmtrack.resources import DATA_FOLDER
from kmtrack.usecases import init
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import AGREED
from kmtrack.usecases.events import add_event
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.views.xlsx.text_width import lines_in

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    import pytest

    from kmtrack.i18n import Language

MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
DRAWING: Final = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_VALUES: Final = re.compile(rb"(</f>)<v>[^<]*</v>|(</f>)<v ?/>")
# Names that a formula, a pattern or a quotation takes for more than a name.
HOSTILE_NAMES: Final = {
    "Nye kontakter": '="Nye" *kontakter?~',
    "Opfølgende kontakter": '="NYE" *KONTAKTER?~',  # equal to the first but for case
    "Forpligtende samarbejder": ">5 [samarbejder]'s & <b>",
    "Ansættelser af højtuddannede": ('_x000D_ "af" højtuddannede ' * 10)[:200],
    "Projektledelse": "#N/A",
    "Model for videreførelse": "@SUM(A1)",
    "Metoder og værktøjer": "-1+1",
    "Flere højtuddannede": "'Forside'!A1",
}
HOSTILE_COUNCIL: Final = 'Råd *?~ "x" > [1]'
_COMPANIES: Final = ("=1+1", ">*", 'Smed "~?"', "#REF!")


def hostile_ledger(folder: Path, today: date, patch: pytest.MonkeyPatch) -> Path:
    """Make a ledger whose contract, companies and council have names that are no plain words."""
    text = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    for name, hostile in HOSTILE_NAMES.items():
        assert f'da = "{name}"' in text
        line = rf'name = \{{ da = "{re.escape(name)}", en = "[^"]*" \}}'
        quoted = json.dumps(hostile, ensure_ascii=False)
        renamed = f"name = {{ da = {quoted}, en = {quoted} }}"
        text = re.sub(line, renamed.replace("\\", r"\\"), text)
    contract, ledger = folder / "contract.toml", folder / "hostile.db"
    contract.write_text(text, encoding="utf-8")
    new = NewLedger(("Viborg", "Silkeborg"), contract, "JH", HOSTILE_COUNCIL)
    with patch.context() as lenient:  # as a ledger of an earlier version accepted them
        lenient.setattr(init, "refuse_equal_names", lambda contract: None)
        create_ledger(ledger, new, Clock(today, is_set=True), {})
    with session_over(ledger, today) as session:
        agreeing = session._replace(answers=AGREED)
        for number, name in enumerate(_COMPANIES):
            facts = {"name": name, "municipality": "Viborg", "employees": "20"}
            facts["cvr"] = cvr_number(number)
            company = add_company(agreeing, facts)["id"]
            add_event(agreeing, "contact", company, {"date": f"2011-02-0{number + 1}"})
            add_event(agreeing, "contact", company, {"date": f"2011-03-0{number + 1}"})
            for noun, facts in (
                ("collaboration", {"kind": "project"}),
                ("hire", {"level": "master", "terms": "ordinary"}),
            ):
                add_event(agreeing, noun, company, {"agreed": f"2011-04-0{number + 1}", **facts})
    return ledger


def ledger_of_many_targets(folder: Path, today: date, number: int) -> Path:
    """Make a ledger whose contract has so many targets of contacts more."""
    text = (DATA_FOLDER / "contract.toml").read_text(encoding="utf-8")
    block = (
        '[[target]]\nid = "more-{n}"\ncounts = "contact"\nminimum = 1000\n'
        'name = {{ da = "Mål {n}", en = "Target {n}" }}\nwords = {{ da = "Mål", en = "Target" }}\n'
    )
    contract, ledger = folder / "many.toml", folder / "many.db"
    more = "\n".join(block.format(n=n) for n in range(number))
    contract.write_text(f"{text}\n{more}", encoding="utf-8")
    new = NewLedger(("Viborg", "Silkeborg"), contract, "JH", "Viborg Erhvervsråd")
    create_ledger(ledger, new, Clock(today, is_set=True), {})
    with session_over(ledger, today) as session:
        facts = {"name": "Smed", "municipality": "Viborg", "cvr": cvr_number(1), "employees": "9"}
        company = add_company(session, facts)["id"]
        add_event(session, "contact", company, {"date": "2011-02-01"})
    return ledger


def damaged(ledger: Path, copy: Path) -> Path:
    """Copy a ledger without the verdict on one contact, which its tally still counts."""
    shutil.copy(ledger, copy)
    with behind(copy) as connection:
        first = "SELECT min(record_id) FROM verdict WHERE noun = 'contact'"
        removed = connection.execute(f"DELETE FROM verdict WHERE record_id = ({first})")
        assert removed.rowcount == 1
    return copy


def export(
    ledger: Path, file: Path, day: date, language: Language = "da", *, even_if_damaged: bool = False
) -> Path:
    """Write the workbook of a ledger as of a day to `file`."""
    before = i18n.current()
    i18n.use(language)
    try:
        with session_over(ledger, day) as session:
            export_workbook(session, file, day, even_if_damaged=even_if_damaged)
    finally:
        i18n.use(before)
    return file


def xml(file: Path, beginning: str) -> dict[str, ET.Element]:
    """Return the parsed XML parts of a workbook whose names begin so."""
    with zipfile.ZipFile(file) as parts:
        names = [name for name in parts.namelist() if name.startswith(beginning)]
        return {
            name: ET.fromstring(parts.read(name))  # noqa: S314 - of our own making
            for name in names
            if name.endswith(".xml")
        }


def without_values(file: Path, copy: Path) -> Path:
    """Copy a workbook without the value of any formula."""
    stripped = 0
    with zipfile.ZipFile(file) as parts, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as out:
        for name in parts.namelist():
            content = parts.read(name)
            if name.startswith("xl/worksheets/sheet"):
                content, number = _VALUES.subn(rb"\1\2", content)
                stripped += number
            out.writestr(name, content)
    assert stripped
    return copy


def recalculated(files: Sequence[Path], folder: Path) -> dict[str, Any]:
    """Have LibreOffice recalculate workbooks; return each with its values, by the name of its file."""
    profile = (folder / "profile").as_uri()
    command = ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx"]
    out = folder / "out"
    subprocess.run(
        [*command, "--outdir", str(out), *map(str, files)], check=True, capture_output=True
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of bars in cells and charts that openpyxl does not read
        return {
            file.stem: openpyxl.load_workbook(out / file.name, data_only=True) for file in files
        }


@cache
def opened(file: Path, *, data_only: bool = False) -> Any:
    """Return a workbook that no test changes, read once."""
    return openpyxl.load_workbook(file, data_only=data_only)


@cache
def formulas(file: Path) -> dict[tuple[str, str], tuple[str, Any]]:
    """Return each formula of a workbook with its value in the file, by sheet and cell."""
    texts, values = opened(file), opened(file, data_only=True)
    return {
        (sheet.title, cell.coordinate): (
            str(cell.value),
            values[sheet.title][cell.coordinate].value,
        )
        for sheet in texts.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def differences(file: Path, book: Any) -> list[tuple[str, str]]:
    """Return the cells of formulas whose value in the file is not what was recalculated."""
    return [
        place
        for place, (_, value) in formulas(file).items()
        if (value or "") != (book[place[0]][place[1]].value or "")
        or isinstance(value, bool) != isinstance(book[place[0]][place[1]].value, bool)
    ]


def cut_texts(workbook: Any) -> list[str]:
    """Return where a text is longer than its column, or has more lines than its row is high."""
    return [
        f"{sheet.title}!{cell.coordinate}: {cell.value}"
        for sheet in workbook.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str)
        and cell.coordinate not in sheet.merged_cells
        and _is_cut(sheet, cell)
    ]


def _is_cut(sheet: Any, cell: Any) -> bool:
    lines = lines_in(
        cell.value, sheet.column_dimensions[cell.column_letter].width, bold=bool(cell.font.b)
    )
    if cell.alignment.wrap_text:
        return bool((sheet.row_dimensions[cell.row].height or 15) < 15 * lines - 1)
    # A text that is not wrapped goes on over empty cells beside it.
    return lines > 1 and sheet.cell(cell.row, cell.column + 1).value is not None
