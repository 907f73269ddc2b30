"""The ways in which a file, or one cell of it, is refused by an import."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final

from kmtrack.errors import Refusal
from kmtrack.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.result import RowMistake


# What the operating system says in its own language.
_PROBLEMS: Final = {
    errno.EACCES: "access",
    errno.EPERM: "access",
    errno.EIO: "disk",
    errno.ENOENT: "gone",
    errno.EMFILE: "open",
    errno.ENFILE: "open",
}


class BadRows(Refusal):
    """Rows that cannot be stored; `mistakes` has the first of them, `number` counts them all."""

    def __init__(self, mistakes: list[RowMistake], number: int, file: str) -> None:
        super().__init__("bad_rows", number=number, file=file)
        self.mistakes = mistakes
        self.number = number


def unreadable(file: Path, error: OSError) -> Refusal:
    """The refusal of a file in which the operating system failed."""
    kind = _PROBLEMS.get(error.errno or 0)
    problem = say(f"problem.{kind}") if kind else error.strerror or type(error).__name__
    return Refusal("import_file_unreadable", file=file, problem=problem)
