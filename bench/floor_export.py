"""The floor of an export: append the same cells to a workbook, with nothing looked up or styled."""

from __future__ import annotations

import pickle
import sys

from openpyxl import Workbook


def main(cells: str, workbook: str) -> None:
    """Write the rows kept in `cells`, one after the other; a title begins a new sheet."""
    book = Workbook(write_only=True)
    sheet = None
    with open(cells, "rb") as file:  # noqa: PTH123 - the barest way
        while True:
            try:
                row = pickle.load(file)  # noqa: S301 - written by this very run
            except EOFError:
                break
            if isinstance(row, str):
                sheet = book.create_sheet(row)
            elif sheet is not None:
                sheet.append(row)
    book.save(workbook)


if __name__ == "__main__":
    main(*sys.argv[1:])
