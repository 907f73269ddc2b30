"""Refusals of a store that something catches; kmtrack.errors draws them with the others."""

from __future__ import annotations

from kmtrack.errors import Refusal


class LedgerMissing(Refusal):
    """There is no ledger at its path: no file, or another one in its place."""


class LedgerIsFolder(Refusal):
    """The ledger's path is a folder, or anything else that is not a regular file."""


class LedgerEmpty(Refusal):
    """The file is empty, as a copy that was cut short would be."""


class NotALedger(Refusal):
    """The file is not a kmtrack ledger."""


class LedgerDamaged(Refusal):
    """SQLite finds the file damaged."""


class ServerLost(Refusal):
    """The connection broke, or the server failed, during a command."""


class Outdated(Refusal):
    """Somebody else stored something after the reads before the lock; nothing was stored."""


class WriteFailed(Refusal):
    """A file could not be written: the disk is full or fails."""
