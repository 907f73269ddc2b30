"""The ways in which a ledger refuses: where it lies, what it is, and what became of a change."""

from __future__ import annotations

from kmtrack.errors import KmtrackError


class LedgerMissing(KmtrackError):
    """There is no file at the ledger's path."""


class LedgerGone(LedgerMissing):
    """There is no file at the ledger's path any more, but its backups are there."""


class LedgerExists(KmtrackError):
    """A ledger is to be made where a file is already."""


class LedgerIsFolder(KmtrackError):
    """The ledger's path is a folder or another thing that is no regular file."""


class LedgerEmpty(KmtrackError):
    """The file is empty, as a copy that was cut short would be."""


class NotALedger(KmtrackError):
    """The file is no kmtrack ledger."""


class LedgerOverwritten(NotALedger):
    """The file is no ledger any more: beside it are the backups of one."""


class LedgerNewer(KmtrackError):
    """The ledger was written by a newer version of kmtrack."""


class LedgerReadOnly(KmtrackError):
    """The ledger can be read but not written."""


class LedgerNotReadable(KmtrackError):
    """The operating system does not let the user read the ledger."""


class LedgerBusy(KmtrackError):
    """Another process holds the ledger for longer than anyone should wait."""


class LedgerDamaged(KmtrackError):
    """SQLite finds the file damaged."""


class LedgerIoError(KmtrackError):
    """The disk or the network failed under the ledger."""


class DiskFull(KmtrackError):
    """There is no room for the change."""


class FolderCannotHoldLedger(KmtrackError):
    """The folder to hold the ledger is missing or cannot be written."""


class SharedPlace(KmtrackError):
    """A ledger is to be made on a network share or in a synchronised folder."""


class NotStored(KmtrackError):
    """The change failed at its last step, and a second look shows that it is not stored."""


class StoredUnknown(KmtrackError):
    """The change failed at its last step, and the ledger cannot be read to tell."""


class StoredAlready(KmtrackError):
    """A command that is tried again with its token was stored the first time."""


class TookTooLong(KmtrackError):
    """A file that somebody handed over keeps the program busy for longer than any ledger would."""


class DriverMissing(KmtrackError):
    """What talks to a server is not installed."""


class ServerNotReached(KmtrackError):
    """There is no server at the address, or it does not answer."""


class ServerTurnsAway(KmtrackError):
    """The server answers, and lets nobody of that name into that database."""


class PasswordMissing(KmtrackError):
    """The server lets the user in by a password only, and none was given."""


class ServerLost(KmtrackError):
    """The connection broke, or the server failed, while a command was under way."""


class CutShort(KmtrackError):
    """The server ended a statement that took longer than it lets one take."""


class InitUnknown(KmtrackError):
    """Making a ledger failed at its last step, and the server does not answer to tell."""


class SchemaInTheWay(KmtrackError):
    """The database has a schema of the ledger's name that is another's, or holds something else."""


class NoRights(KmtrackError):
    """The server lets the user in, and nobody gave them rights to the ledger."""


class NoLedgerOnServer(KmtrackError):
    """The database holds no ledger."""


class NotUtf8(KmtrackError):
    """The database cannot hold every letter that a name may have."""


class NotAllowed(KmtrackError):
    """The server does not let this user do what was asked."""
