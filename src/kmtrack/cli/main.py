"""The entry point: from the command line to an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def run() -> None:
    """Run the command line of this process."""
    sys.exit(main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    import typer

    from kmtrack import texts
    from kmtrack.cli.app import COMMANDS, build_app
    from kmtrack.errors import KmtrackError

    args = list(arguments)
    if "--lang" in args:
        texts.use(args[args.index("--lang") + 1])
    first = next((a for a in args if a in COMMANDS), None)
    try:
        return (
            typer.main.get_command(build_app(first)).main(
                args=args, prog_name="kmtrack", standalone_mode=False
            )
            or 0
        )
    except KmtrackError as e:
        print(f"{texts.say('word.error')}: {e.sentence()}", file=sys.stderr)
        return e.exit_code
