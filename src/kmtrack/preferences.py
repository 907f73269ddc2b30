"""Preferences: what a person has set for all their commands, in one small file of their own.

The environment goes before each of them. Only `kmtrack config` writes the file; what it holds that is
no preference counts as not set, so that no content of it can do harm.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kmtrack.files import data_folder, empty_beside, move_into
from kmtrack.i18n import LANGUAGES
from kmtrack.named_files import open_regular

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kmtrack.i18n import Language

YES: Final = "yes"
NO: Final = "no"
_FILE: Final = "config.txt"
_LONGEST: Final = 4096  # bytes that are read; what kmtrack writes is shorter than 100
_HEADER: Final = "# kmtrack config"
_asked_plain = False


def _channels() -> tuple[str, ...]:
    from kmtrack.rules.contract_format import CHANNELS

    return CHANNELS


# What each preference may be, by name, in the order in which they are shown.
_ALLOWED: Final[Mapping[str, Callable[[], tuple[str, ...]]]] = {
    "language": lambda: LANGUAGES,
    "channel": _channels,
    "pager": lambda: (YES, NO),
    "colours": lambda: (YES, NO),
    "plain": lambda: (YES, NO),
}
NAMES: Final = tuple(_ALLOWED)


def preferred_language(environment: Mapping[str, str]) -> Language | None:
    """Return the language that a person has set; KMTRACK_LANG goes before it, by the caller."""
    found = stored(environment).get("language")
    return next((language for language in LANGUAGES if language == found), None)


def preferred_channel(environment: Mapping[str, str]) -> str | None:
    """Return the channel of contacts that are typed on a terminal without one; None for our own."""
    return stored(environment).get("channel")


def pager(environment: Mapping[str, str]) -> str | None:
    """Return the command of the pager: PAGER if it is set, "" for none, None for one of our choice."""
    named = environment.get("PAGER")
    if named is not None:
        return named.strip()
    return "" if stored(environment).get("pager") == NO else None


def has_colours(environment: Mapping[str, str]) -> bool:
    """Return whether a terminal is drawn on in colour; NO_COLOR and FORCE_COLOR say so first."""
    if environment.get("NO_COLOR"):
        return False
    return bool(environment.get("FORCE_COLOR")) or stored(environment).get("colours") != NO


def is_plain(environment: Mapping[str, str], *, at_terminal: bool) -> bool:
    """Return whether pages are to be read aloud: by --plain, else KMTRACK_PLAIN, else what is set.

    What is set holds on a terminal only, so that what reads a pipe finds the same everywhere.
    """
    if _asked_plain:
        return True
    named = environment.get("KMTRACK_PLAIN")
    if named:
        return named not in {"0", NO}
    return at_terminal and stored(environment).get("plain") == YES


def use_plain(*, asked: bool) -> None:
    """Note whether this command was asked for plain pages."""
    global _asked_plain  # noqa: PLW0603 - a process runs one command
    _asked_plain = asked


def file_of(environment: Mapping[str, str]) -> Path:
    """Return the file that holds the preferences, which need not be there."""
    return data_folder(environment) / _FILE


def allowed(name: str) -> tuple[str, ...]:
    """Return the values that a preference may have."""
    return _ALLOWED[name]()


def stored(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what is set, by name, and nothing for a file that is missing or holds something else."""
    found = {}
    for line in _text(file_of(environment)).splitlines():
        name, is_set, value = (part.strip() for part in line.partition("="))
        if is_set and name in _ALLOWED and value in allowed(name):
            found[name] = value
    return found


def store(environment: Mapping[str, str], name: str, value: str | None) -> None:
    """Set a preference, or with None take it back. Raises OSError.

    The file is replaced as a whole, and only its owner can read it.
    """
    values = {**stored(environment), name: value}
    lines = [f"{each} = {values[each]}" for each in NAMES if values.get(each)]
    path = file_of(environment)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with empty_beside(path) as beside:
        beside.write_text("".join(f"{line}\n" for line in [_HEADER, *lines]), encoding="utf-8")
        move_into(beside, path)


def _text(path: Path) -> str:
    """Return the beginning of a file as text; "" where there is none that can be read at once."""
    try:
        with open_regular(path) as file:
            return file.read(_LONGEST).decode("utf-8", "replace").removeprefix("\ufeff")
    except (OSError, ValueError):
        return ""
