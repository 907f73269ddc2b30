"""The reference of commands as a page of Markdown, made from the commands themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from typer.main import get_command

from kmtrack import i18n
from kmtrack.cli.app import build_app
from kmtrack.cli.globals import GLOBAL_FLAGS, GLOBAL_OPTIONS
from kmtrack.cli.typer_patches.help_page import GROUPS
from kmtrack.cli.typer_patches.localise import localise
from kmtrack.texts.aliases import COMMANDS, OPTIONS, VERBS
from kmtrack.texts.en.examples import EXAMPLES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HEAD: Final = """\
# Commands

Written from the commands themselves by a test (`tests/cli/test_reference.py`), which also fails if this page says anything else.
`kmtrack help contact add` shows the same in a terminal, in Danish or English, and every example is run by a test.

The English words are those that this page and all messages use. The Danish ones are understood as well; capitals do not matter, and
æ, ø and å may be typed as ae, oe and aa. Every option may also be typed with its Danish name.

`--json` prints what [json.md](json.md) describes. An id may be shortened to three characters; `last` is the record that you entered
last, and `hedelund 14.3.` the one of that company and day.

Exit codes: 0 done; 1 refused, with one line that says why and what to do; 2 wrong usage; 3 a fault in kmtrack (one line, details in a
log file); 130 interrupted, with one line that says whether the change was stored.
"""
_HELP_ROW: Final = """\
### `kmtrack help`

Show help for a command: `kmtrack help contact add`, or `kmtrack help options` for the options of all commands.

In Danish: `hjælp`
"""


def reference() -> str:
    """Return the whole page; the language must be English."""
    assert i18n.current() == "en"
    root: Any = get_command(build_app(None))
    localise(root)
    parts = [HEAD, "## Options of all commands\n", _of_all(root)]
    for group, rows in GROUPS.items():
        parts.append(f"## {i18n.say(f'help.group.{group}')}\n")
        for name in (name for row in rows for name in row):
            if name == "help":
                parts.append(_HELP_ROW)
            elif hasattr(root.commands[name], "commands"):
                parts.extend(_noun(name, root.commands[name]))
            else:
                parts.append(_command((name,), root.commands[name], COMMANDS))
    return "\n".join(parts)


def _of_all(root: Any) -> str:
    own = [p for p in root.params if p.opts[0] in {*GLOBAL_OPTIONS, *GLOBAL_FLAGS, "--version"}]
    return _table(root, own)


def _noun(name: str, noun: Any) -> Iterator[str]:
    yield f"### `kmtrack {name}`\n\n{noun.help}\n{_danish(COMMANDS.get(name, ''))}"
    for verb, command in noun.commands.items():
        yield _command((name, verb), command, VERBS)


def _command(path: tuple[str, ...], command: Any, danish: dict[str, str]) -> str:
    words = " ".join(("kmtrack", *path))
    context = command.context_class(command, info_name=words)
    pieces = " ".join(command.collect_usage_pieces(context))
    parameters = [p for p in command.params if "--help" not in p.opts]
    return "\n".join(
        (
            f"{'#' * (len(path) + 2)} `{words}`\n",
            f"{command.help}\n{_danish(danish.get(path[-1], ''))}",
            f"    {words} {pieces}\n",
            _table(command, parameters),
            *(
                "```sh",
                *(
                    f"kmtrack {each}"
                    for each in EXAMPLES[".".join(path).replace(" ", ".")].split("\n")
                ),
            ),
            "```\n",
        )
    )


def _danish(words: str) -> str:
    return f"\nIn Danish: {_coded(words.split('|'))}\n" if words else ""


def _coded(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _table(command: Any, parameters: Iterable[Any]) -> str:
    context = command.context_class(command)
    lines = ["| | what it is | if not given | in Danish |", "| --- | --- | --- | --- |"]
    for parameter in parameters:
        typed, text = parameter.get_help_record(context)
        text, _, rest = text.partition("  [")
        default = rest.removesuffix("]").replace("\u00a0", " ")
        default = "must be given" if default == "required" else default.removeprefix("default: ")
        option = parameter.opts[0] if parameter.opts[0].startswith("--") else ""
        danish = OPTIONS.get(option.removeprefix("--"), "")
        names = _coded(f"--{word}" for word in danish.split("|")) if danish else ""
        cells = (f"`{typed}`", text, default, names)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
