"""Yes or no: the one way to ask for either."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.cli.output import notify
from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Callable

_YES: Final = frozenset({"j", "ja", "y", "yes"})
# Enter is the default, and whoever goes back does not agree.
_NO: Final = frozenset({"", "n", "nej", "no", "<"})


def says_yes(question: str, read: Callable[[str], str]) -> bool:
    """Ask for yes or no with `read`, and again until the answer is either; an empty line is no."""
    while True:
        typed = read(f"{question} [{say('word.yes_no_prompt')}] ").strip().casefold()
        if typed in _YES:
            return True
        if typed in _NO:
            return False
        notify("question.yes_or_no")
