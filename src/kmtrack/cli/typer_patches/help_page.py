"""Help pages: the groups of commands on one screen, the options of all, and examples of each command."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

from typer import style

from kmtrack.cli.globals import GLOBAL_FLAGS, GLOBAL_OPTIONS
from kmtrack.i18n import current, say
from kmtrack.preferences import is_plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typer._click.core import Context
    from typer._click.formatting import HelpFormatter

# Everyday commands come first; the commands of a row share one description.
GROUPS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "daily": (("today",), ("contact", "followup"), ("company",), ("collaboration", "hire")),
    "overview": (("status",), ("why",), ("history", "history correct-time")),
    "corrections": (("undo", "redo"),),
    "contract": (("contract", "broker"), ("method", "deliverable"), ("survey",)),
    "files": (("import", "template"), ("export",), ("bundle", "merge")),
    "maintenance": (
        ("init", "demo"),
        ("check", "backup", "restore"),
        ("person",),
        ("config", "help"),
    ),
}
# Verbs of every noun, which stand among the corrections.
_VERBS: Final = ("edit", "withdraw")
_GLOBALS: Final = GLOBAL_OPTIONS | GLOBAL_FLAGS
_GAP: Final = "  "
_INDENT: Final = "  "


def write_root_page(context: Context, formatter: HelpFormatter) -> None:
    """Write the help of kmtrack itself, which fits on a screen of 24 lines of 80 columns.

    On a narrower screen, or read aloud, the groups are below each other.
    """
    known = {*getattr(context.command, "commands", {}), "help"}
    groups = {say(f"help.group.{group}"): list(_rows(group, known)) for group in GROUPS}
    names = [p.opts[0] for p in context.command.params if p.opts[0] in _GLOBALS]
    options = say("usage.root_options", options=", ".join(names))
    heads = max(map(len, (*groups, say("usage.options"))))
    widest = max(len(name) for rows in groups.values() for name, _ in rows)
    texts = max(len(text) for rows in groups.values() for _, text in rows)
    formatter.write(f"{say('usage.root')}\n{context.command.help}\n\n")
    is_narrow = heads + widest + texts + 2 * len(_GAP) > formatter.width
    if is_narrow or is_plain(os.environ, at_terminal=sys.stdout.isatty()):
        for head, rows in groups.items():
            with formatter.section(head):
                formatter.write_dl(rows)
        formatter.write_text(options)
        return
    for head, rows in groups.items():
        for number, (name, text) in enumerate(rows):
            formatter.write(
                f"{_head(head if number == 0 else '', heads)}{name:{widest}}{_GAP}{text}\n"
            )
    formatter.write(f"{_head(say('usage.options'), heads)}{options}\n")


def _rows(group: str, known: set[str]) -> Iterator[tuple[str, str]]:
    for row in GROUPS[group]:
        if set(row) <= known:
            names = (name for name in row if " " not in name)
            yield ", ".join(names), say(f"help.row.{row[0]}")
    if group == "corrections":
        yield ", ".join(_VERBS), say("help.row.edit")


def _head(text: str, width: int) -> str:
    """Return a heading before its lines; nothing for the lines below the first."""
    return f"{bold(text) if text else ''}{' ' * (width - len(text))}{_GAP}"


def options_page(context: Context, formatter: HelpFormatter) -> str:
    """Return the global options, each with its help."""
    records = [p.get_help_record(context) for p in context.command.get_params(context)]
    with formatter.section(say("usage.options")):
        formatter.write_dl([record for record in records if record is not None])
    return formatter.getvalue().rstrip("\n")


def examples_of(path: str) -> list[str]:
    """Return the examples of a command as typed, by its words after `kmtrack`; for a noun some."""
    module = import_module(f"kmtrack.texts.{current()}.examples")
    examples = cast("dict[str, str]", module.EXAMPLES)
    own = examples.get(path.replace(" ", "."))
    if own is not None:
        return [f"kmtrack {each}" for each in own.split("\n")]
    below = [texts for name, texts in examples.items() if name.startswith(f"{path}.")]
    return [f"kmtrack {texts.partition(chr(10))[0]}" for texts in below[:2]]


def write_examples(context: Context, formatter: HelpFormatter) -> None:
    """Write the examples of the command in a context."""
    examples = examples_of(context.command_path.partition(" ")[2])
    if not examples:
        return
    with formatter.section(say("usage.examples")):
        for example in examples:
            formatter.write(f"{_INDENT}{example}\n")


def bold(text: str) -> str:
    """Return a heading as a terminal shows it."""
    return text if os.environ.get("TERM") == "dumb" else style(text, bold=True)
