"""Restoring: going back to a copy of the ledger, with the present one kept and erasures done again."""

from kmtrack.usecases.restore.replace import replace_unreadable
from kmtrack.usecases.restore.restore import restore_ledger

__all__ = ["replace_unreadable", "restore_ledger"]
