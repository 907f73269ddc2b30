"""The commands that are measured: one row each, with its goals beside it."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from datetime import date, timedelta
from itertools import count, cycle
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from bench.large_ledger import PERSON, cvr_numbers
from bench.timing import (
    assert_prints,
    has_terminals,
    measure,
    seconds_of,
    seconds_on_terminal,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from bench.programs import Programs
    from bench.timing import Measurement

Growth = Literal["page", "whole"]


class Command(NamedTuple):
    """A command line, an excerpt of what it prints, and its goals.

    `floor` is the highest time in times the floor, on a ledger of any size; what rich draws on a
    terminal has none, and is measured beside it. `growth` is "page" for
    what must stay quick however large the ledger is, and "whole" for what may take time in
    proportion to it. A process that does nothing is fast too, so its output is looked at.
    """

    name: str
    words: str
    prints: str
    floor: float | None = None
    growth: Growth | None = None
    on_terminal: bool = False
    reads_ledger: bool = True
    completes: bool = False  # `words` are what was typed when Tab was pressed
    before: str = ""  # a command that is run before each time
    first_of_day: bool = False  # the day's copy of the ledger is made


_VISITED: Final = """
    SELECT company.cvr, min(contact.id) FROM company JOIN contact ON contact.company_id = company.id
    WHERE company.id IN (SELECT id FROM company WHERE cvr IS NOT NULL LIMIT 500)
    GROUP BY company.id
"""
_NUMBERS: Final = count(100)  # never the same twice in a run, on whichever ledger
_DAY: Final = date(2012, 6, 1)  # all contacts of the ledgers are earlier
_LAST_DAY: Final = date(2013, 1, 1)  # an amended one, later than all days
_ADD: Final = "contact add {company} --date {day} --note Visited"

COMMANDS: Final = (
    Command("contact add", _ADD, "contacts: ", 0.7, "page"),
    Command(
        "followup add",
        "followup add {company} --date {day} --channel phone --note Called",
        "Follow-up contacts: ",
        0.7,
        "page",
    ),
    Command("status", "status", "New contacts", 0.7, "page"),
    Command("status, on a terminal", "status", "New contacts", on_terminal=True),
    Command("today", "today", "New contacts", 0.7, "page"),
    Command("company show", "company show {company}", "CVR number", 0.7, "page"),
    Command("why ID", "why {contact}", "CVR number", 0.7, "page"),
    Command("completion", "con", "contract", 0.7, completes=True, reads_ledger=False),
    Command("completion, word 2", "contact a", "add", 0.7, completes=True, reads_ledger=False),
    Command("completion, a company", "contact add 9", "9", 0.7, "page", completes=True),
    Command("contact list", "contact list", "visit", 0.8, "page"),
    Command(
        "contact list, narrowed",
        "contact list --channel visit --since 2011-01-01",
        "visit",
        None,
        "page",
    ),
    Command("contact list, on a terminal", "contact list", "visit", on_terminal=True),
    Command("--help", "--help", "followup", 1.0, reads_ledger=False),
    Command("contact --help", "contact --help", "withdraw", 1.0, reads_ledger=False),
    Command("contact add --help", "contact add --help", "--channel", 1.0, reads_ledger=False),
    Command("contract amend --help", "contract amend --help", "TARGET", 1.0, reads_ledger=False),
    Command("import --help", "import --help", "NOUN", 1.0, reads_ledger=False),
    Command("contact edit", "contact edit {contact} --note {new}", "corrected", None, "page"),
    Command("undo", "undo --yes", "has been undone", None, "page", before=_ADD),
    Command("history", "history", "contact add", None, "page"),
    Command("why TARGET", "why new-contacts", "ApS", None, "page"),
    Command("why TARGET, follow-ups", "why follow-ups", "ApS", None, "page"),
    Command("history of a company", "history {company}", "import", None, "page"),
    Command("company list", "company list", "ApS", None, "page"),
    Command("company list --sort", "company list --sort -employees", "ApS", None, "page"),
    Command(
        "company list, met", "company list --broker AGD --since 2012-01-01", "ApS", None, "page"
    ),
    Command("contact list --sort company", "contact list --sort company", "ApS", None, "page"),
    Command("contact list --sort place", "contact list --sort municipality", "ApS", None, "page"),
    Command("contact list --sort status", "contact list --sort -status", "ApS", None, "page"),
    Command("contact list, a word", "contact list rundvisning", "visit", None, "page"),
    Command("contact list, a name", "contact list reklame", "Reklame", None, "page"),
    Command(
        "hire add",
        "hire add {company} --level master --agreed {day}",
        "Hires",
        None,
        "page",
    ),
    Command("company add", "company add {new} --cvr {cvr}", "CVR", None, "page"),
    Command("status --as-of", "status --as-of 2011-06-30", "New", None, "page"),
    Command("status --known-at", "status --known-at 2012-06-02", "New", None, "page"),
    Command("contract amend", "contract amend --minimum hires={number}", "->", None, "page"),
    Command("contract amend, a day", "contract amend --last-day {last}", "->", None, "page"),
    Command("person show", "person show {person}", "visit", None, "whole"),
    Command("status --by", "status --by municipality", "Viborg", None, "whole"),
    Command("contact add, first of a day", _ADD, "contacts: ", None, "whole", first_of_day=True),
    Command("contact list --all", "contact list --all", "visit", None, "whole"),
    Command("contact list --all --csv", "contact list --all --csv", "visit", None, "whole"),
    Command("contact list --json", "contact list --json", "visit", None, "whole"),
    Command("company list --json", "company list --json", "cvr", None, "whole"),
    Command("history --json", "history --json", "contact", None, "whole"),
    Command("why TARGET --json", "why new-contacts --json", "counted", None, "whole"),
    Command("contact list --out", "contact list --out {file}.csv --yes", "csv", None, "whole"),
    Command("export", "export {file}.xlsx", "xlsx", None, "whole"),
    Command("export --known-at", "export {file}.xlsx --known-at 2012-06-02", "xlsx", None, "whole"),
    Command("check", "check", "Ledger intact", None, "whole"),
)


class Runner:
    """Runs commands on one ledger: each with another company, contact, name and number."""

    def __init__(self, programs: Programs, ledger: Path) -> None:
        self._kmtrack = programs.kmtrack
        self._environment = {**programs.environment, "KMTRACK_LEDGER": str(ledger)}
        self._backups = ledger.with_name(f"{ledger.stem}-backups")
        self._file = ledger.with_name(f"{ledger.stem}-list")
        with contextlib.closing(sqlite3.connect(ledger)) as connection:
            found = connection.execute(_VISITED).fetchall()
        self._visited: Iterator[tuple[str, str]] = cycle(found)
        self._unused_cvr = cvr_numbers("8")

    def make_backup_of_day(self) -> None:
        """Add a contact, which copies the ledger if it is the first one of the day."""
        self._run(_ADD)

    def seconds(self, command: Command) -> float:
        """Run a command and return its wall-clock time. Raises Failed."""
        words, environment = self._prepared(command)
        timed = seconds_on_terminal if command.on_terminal else seconds_of
        return timed(words, environment)

    def measurement(self, command: Command) -> Measurement:
        """Run a command and return its time and peak memory. Raises Failed."""
        return measure(*self._prepared(command))

    def assert_prints(self, command: Command) -> None:
        """Run a command and check what it prints. Raises Failed."""
        assert_prints(*self._prepared(command), command.prints)

    def _prepared(self, command: Command) -> tuple[tuple[str, ...], dict[str, str]]:
        """Do what comes before a command; return its command line and environment."""
        if command.before:
            self._run(command.before)
        if command.first_of_day:
            shutil.rmtree(self._backups, ignore_errors=True)
        if not command.completes:
            return (*self._kmtrack, *self._filled(command.words)), self._environment
        typed = f"kmtrack {command.words}"
        asked = {
            "_KMTRACK_COMPLETE": "complete_bash",
            "COMP_LINE": typed,
            "COMP_POINT": str(len(typed)),
        }
        return self._kmtrack, {**self._environment, **asked}

    def _run(self, words: str) -> None:
        seconds_of((*self._kmtrack, *self._filled(words)), self._environment)

    def _filled(self, words: str) -> list[str]:
        company, contact = next(self._visited)
        number = next(_NUMBERS)
        values = {
            "company": company,
            "contact": contact,
            "person": PERSON,
            "day": _DAY + timedelta(days=number % 180),  # one contact a day counts
            "number": number,
            "last": _LAST_DAY + timedelta(days=number),
            "new": f"Bench {number}",
            "cvr": next(self._unused_cvr),
            "file": f"{self._file}-{number}",
        }
        return [word.format(**values) for word in words.split()]


def measured_here(commands: tuple[Command, ...] = COMMANDS) -> list[Command]:
    """Return the commands without those that need a terminal where the system has none."""
    return [command for command in commands if has_terminals() or not command.on_terminal]
