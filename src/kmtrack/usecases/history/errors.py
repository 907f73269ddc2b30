"""The ways in which an undo is refused."""

from __future__ import annotations

from kmtrack.errors import KmtrackError


class NothingToUndo(KmtrackError):
    """The broker has stated nothing in this ledger."""


class UnknownCommand(KmtrackError):
    """No command has that number."""


class CommandOfAnother(KmtrackError):
    """The command is another broker's."""


class NotUndoable(KmtrackError):
    """The command cannot be taken back: it made the ledger, or erased a person."""


class UndoneAlready(KmtrackError):
    """The command changed nothing that is not as it was before."""


class UndoneByRestoring(KmtrackError):
    """The command joined other ledgers to this one, which only a backup takes apart again."""


class CopyGone(KmtrackError):
    """The command joined other ledgers to this one, and no backup from before is left."""


class BuiltUpon(KmtrackError):
    """A later command changed the same."""


class UsedSince(BuiltUpon):
    """A later record refers to what is to be taken back."""


class BelongsToGone(BuiltUpon):
    """What is to be put back belongs to what was taken out."""
