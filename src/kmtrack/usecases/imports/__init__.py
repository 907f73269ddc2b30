"""Importing: a workbook or a CSV file read into the ledger, all of it or nothing."""

from kmtrack.usecases.imports.result import Difference, ImportResult, NounResult
from kmtrack.usecases.imports.whole_file import import_file

__all__ = ["Difference", "ImportResult", "NounResult", "import_file"]
