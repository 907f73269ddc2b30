"""The everyday commands that are measured, and their command lines."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.open import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_COMPANIES: Final = """
    SELECT cvr FROM company
    WHERE cvr IS NOT NULL AND EXISTS (SELECT 1 FROM contact WHERE company_id = company.id)
    LIMIT 200
"""
COMPLETION: Final = "completion"

# An excerpt of each command's output: a process that does nothing is fast too.
PRINTS: Final = {
    "contact add": "contacts: counts as no.",
    "followup add": "Follow-up contacts: counts as no.",
    "status": "New contacts",
    "contact list": "visit",
    "company show": "CVR number",
    "--help": "followup",
    COMPLETION: "contract",
}


class Everyday:
    """Everyday commands on one ledger; each `add` takes the next company."""

    def __init__(self, ledger: Path) -> None:
        self._ledger = ledger
        store = open_store(ledger)
        self._companies: Iterator[str] = cycle([row[0] for row in store.all(_COMPANIES)])
        store.close()

    def words(self, command: str) -> tuple[str, ...]:
        """Return the arguments of a command."""
        company = next(self._companies)
        adding = (company, "--date", "2012-06-01", "--note", "Visited")
        typed = {
            "contact add": ("contact", "add", *adding),
            "followup add": ("followup", "add", *adding, "--channel", "phone"),
            "status": ("status",),
            "contact list": ("contact", "list"),
            "company show": ("company", "show", company),
            "--help": ("--help",),
            COMPLETION: (),
        }
        return ("--ledger", str(self._ledger), *typed[command]) if typed[command] else ()


COMMANDS: Final = tuple(PRINTS)
LEDGER_COMMANDS: Final = COMMANDS[:5]


def environment_of(command: str, environment: dict[str, str]) -> dict[str, str]:
    """Return the environment of a command; a shell requests completions through it."""
    if command != COMPLETION:
        return environment
    asked = {"_KMTRACK_COMPLETE": "complete_bash", "COMP_WORDS": "kmtrack con", "COMP_CWORD": "1"}
    return {**environment, **asked}
