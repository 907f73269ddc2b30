"""The history: who stated what and when, and taking back what was stated."""

from kmtrack.usecases.history.timeline import Filter, history_of
from kmtrack.usecases.history.undo import undo_command

__all__ = ["Filter", "history_of", "undo_command"]
