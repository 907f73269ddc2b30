"""The floor of an export: write the same cells to a workbook without queries or styles."""

from __future__ import annotations

import pickle
import sys

from openpyxl import Workbook


def main(cells: str, workbook: str) -> None:
    """Write the pickled rows of `cells`; a text in place of a row starts a sheet of that title."""
    book = Workbook(write_only=True)
    sheet = None
    with open(cells, "rb") as file:  # noqa: PTH123 - minimal on purpose
        while True:
            try:
                row = pickle.load(file)  # noqa: S301 - written by the same run
            except EOFError:
                break
            if isinstance(row, str):
                sheet = book.create_sheet(row)
            elif sheet is not None:
                sheet.append(row)
    book.save(workbook)


if __name__ == "__main__":
    main(*sys.argv[1:])
