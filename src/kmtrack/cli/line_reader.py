"""Line reader: read one typed line, with matches below it if the terminal can show them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.preferences import is_plain
from kmtrack.text import visible
from kmtrack.views.screen_lines import on_screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from prompt_toolkit.completion import Completer
    from prompt_toolkit.output import Output

_DRAWS: Final = "prompt_toolkit"
# Below the line that is typed; the rest of the matches scroll.
_ROWS_OF_MATCHES: Final = 8
_LEAST_ROWS: Final = 3
# Without colours of their own: every terminal and NO_COLOR can show these.
_STYLE: Final = {
    "completion-menu": "noinherit",
    "completion-menu.completion": "noinherit",
    "completion-menu.completion.current": "noinherit reverse",
    "completion-menu.meta.completion": "noinherit",
    "completion-menu.meta.completion.current": "noinherit reverse",
    "scrollbar.background": "noinherit",
    "scrollbar.button": "noinherit reverse",
}


class Match(NamedTuple):
    """A possible meaning of the text so far: the text to put there, and the text to show."""

    text: str
    shown: str
    about: str = ""


def read_line(prompt: str, matches: Callable[[str], Iterable[Match]] | None = None) -> str:
    """Ask at the terminal, on stderr, and return the typed line.

    `matches` returns what the text so far may mean. Raises EOFError at the end of the input, and
    KeyboardInterrupt for Ctrl-C.
    """
    prompt = _last_line(prompt)
    output = _screen()
    if output is None:
        return _read_plain_line(prompt)
    from prompt_toolkit import PromptSession
    from prompt_toolkit.history import DummyHistory
    from prompt_toolkit.input import create_input
    from prompt_toolkit.styles import Style

    # A low window has room for the line only.
    room = min(_ROWS_OF_MATCHES, output.get_size().rows - 2) if matches else 0
    if room < _LEAST_ROWS:
        matches, room = None, 0
    asked: PromptSession[str] = PromptSession(
        prompt,
        input=create_input(sys.stdin),
        output=output,
        history=DummyHistory(),
        completer=_completer(matches) if matches else None,
        complete_while_typing=True,
        reserve_space_for_menu=room,
        style=Style.from_dict(_STYLE),
    )

    def show_matches_at_once() -> None:
        if matches:
            asked.default_buffer.start_completion()

    return asked.prompt(pre_run=show_matches_at_once)


def read_short_line(prompt: str) -> str:
    """Ask as `read_line` does, but load nothing for it: for an answer of one letter or number."""
    # What is loaded may have keys that were pressed before this question.
    if _DRAWS in sys.modules:
        return read_line(prompt)
    return _read_plain_line(_last_line(prompt))


def _last_line(prompt: str) -> str:
    """Print the part of a prompt that does not fit on its last line, and return the rest."""
    *above, last = on_screen(prompt, sys.stderr).split("\n")
    for line in above:
        print(line, file=sys.stderr)
    return last


def _read_plain_line(prompt: str) -> str:
    print(prompt, end="", file=sys.stderr, flush=True)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        print(file=sys.stderr)  # what follows begins a line of its own
        raise
    if not line:
        print(file=sys.stderr)
        raise EOFError
    return line.rstrip("\r\n")


def _completer(matches: Callable[[str], Iterable[Match]]) -> Completer:
    from prompt_toolkit.completion import Completer, Completion

    class Below(Completer):
        def get_completions(self, document: object, complete_event: object) -> Iterable[Completion]:
            del complete_event
            typed: str = getattr(document, "text", "")
            for match in matches(typed):
                yield Completion(
                    match.text,
                    -len(typed),
                    display=visible(match.shown),
                    display_meta=visible(match.about),
                )

    return Below()


def _screen() -> Output | None:
    """Return the terminal, if it can move its cursor and show every letter; else None.

    What is drawn below the line cannot be read aloud as it changes.
    """
    if is_plain(os.environ, at_terminal=True):
        return None
    try:
        descriptors = [stream.fileno() for stream in (sys.stdin, sys.stderr)]
    except (AttributeError, OSError, ValueError):  # not the terminal itself
        return None
    encodings = [stream.encoding or "" for stream in (sys.stdin, sys.stderr)]
    if not (
        all(map(os.isatty, descriptors))
        and all(name.lower().replace("-", "").startswith("utf") for name in encodings)
        and _can_move_the_cursor(sys.stderr.fileno())
    ):
        return None
    from prompt_toolkit.output import create_output
    from prompt_toolkit.output.vt100 import Vt100_Output

    try:
        output = create_output(sys.stderr)
    except Exception:  # noqa: BLE001 - a window on Windows that is no console
        return None
    if isinstance(output, Vt100_Output):
        output.enable_cpr = False  # many terminals never answer, and the question would wait for it
    return output


def _can_move_the_cursor(descriptor: int) -> bool:
    """Return whether the terminal obeys ANSI cursor codes, which prompt_toolkit relies on."""
    if os.name == "nt":
        return True
    name = os.environ.get("TERM", "")
    try:
        import curses

        curses.setupterm(name, descriptor)
        return (curses.tigetstr("cup") or b"").startswith(b"\x1b[")
    except ImportError:  # a Python without it
        return name not in {"", "dumb", "unknown"}
    except curses.error:  # a terminal that nobody here knows
        return False
