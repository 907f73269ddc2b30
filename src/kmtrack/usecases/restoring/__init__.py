"""Restoring: going back to a copy of the ledger, with the present one kept and erasures done again."""

from kmtrack.usecases.restoring.replacing import replace_unreadable
from kmtrack.usecases.restoring.restore import restore_ledger

__all__ = ["replace_unreadable", "restore_ledger"]
