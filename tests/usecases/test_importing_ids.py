"""The ids of imported rows: those that every version has given them, so that none is stored twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import openpyxl

from builders import CVR, register
from kmtrack.usecases.imports.file import import_file

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.session import Session

NOTE: Final = 'Sagde "ja"\\; æøå'
SHEETS: Final[dict[str, list[list[Any]]]] = {
    "company": [
        ["name", "cvr", "municipality", "employees", "turnover", "sme", "basis", "visited-before"],
        ["Møllers Maskiner ApS", CVR, "Viborg", "12", 1.5, "yes", "ring", "ja"],
        ["Uden Nummer", "", "Silkeborg", "5-9", 0.0000001, "", "", ""],
    ],
    "contact": [
        ["company", "date", "channel", "broker", "others", "person", "note", "next"],
        [CVR, "2011-03-04", "besøg", "ab", "jh, mk", "Anne Hansen", NOTE, "2011-09-01"],
        ["Uden Nummer", "4.3.2011", "", "", "", "", "", ""],
        ["Uden Nummer", "4.3.2011", "", "", "", "", "", ""],
    ],
    "collaboration": [
        *[
            [
                "company",
                "kind",
                "agreed",
                "start",
                "end",
                "institution",
                "title",
                "students",
                "note",
            ]
        ],
        [CVR, "praktik", "2011-04-01", "2011-05-01", "2011-06-01", "VIA", "Titel", 2, "x"],
    ],
    "hire": [
        ["company", "level", "agreed", "start", "field", "terms", "hours"],
        [CVR, "kandidat", "2011-05-02", "", "Logistik", "", 37],
    ],
    "method": [["name", "kind", "date"], ["Opgavekataloget", "tool", "2011-03-01"]],
    "assessment": [
        ["method", "date", "verdict", "text"],
        ["opgavekataloget", "2011-04-01", "keep", "Bruges hver uge"],
    ],
    "dissemination": [
        ["method", "date", "audience", "how"],
        ["Opgavekataloget", "2011-05-01", "institutions", "Møde på VIA"],
    ],
    "delivery": [
        ["deliverable", "step", "date", "point", "text"],
        ["Projektledelse", "noteret", "2011-02-01", None, "Etableret"],
        ["continuation-model", "check", "2011-05-02", "Modeller for permanent forankring", None],
    ],
    "survey": [
        ["company", "municipality", "wave", "date", "employees", "highly-educated"],
        [CVR, None, "before", "2011-06-02", 12, 0],
    ],
}
# As the last version gave them that read a file column by column.
IDS: Final = {
    "company": {"c89fyv7ysj6", "cdjxj0vyz5a"},
    "contact": {"ka57bxqf8sq", "km717h4ng5h", "kt5fj0f6fg6"},
    "collaboration": {"s8tva3nt5xd"},
    "hire": {"h3jemrp4xt5"},
    "method": {"m9tw10ykm3y"},
    "assessment": {"vcja3vsrzm3"},
    "dissemination": {"fhw8xy90jpm"},
    "delivery": {"dhjrbj1sj33", "dxe1d38mac0"},
    "survey": {"qj0pr4xy5hn"},
}


def test_rows_have_the_ids_that_every_version_gave_them(session: Session, tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for title, rows in SHEETS.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    workbook.save(tmp_path / "all.xlsx")
    register(session, "AB", "MK")
    import_file(session, tmp_path / "all.xlsx")
    for noun, ids in IDS.items():
        assert {row["id"] for row in session.store.all(f"SELECT id FROM {noun}")} == ids
