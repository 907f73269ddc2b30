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
    """Return the language that a person has set; the caller gives precedence to KMTRACK_LANG."""
    found = stored(environment).get("language")
    return next((language for language in LANGUAGES if language == found), None)


def preferred_channel(environment: Mapping[str, str]) -> str | None:
    """Return the preferred channel for contacts typed at a terminal without one; None for our default."""
    return stored(environment).get("channel")


def pager(environment: Mapping[str, str]) -> str | None:
    """Return the pager command: PAGER if it is set, "" for none, None to let us choose."""
    named = environment.get("PAGER")
    if named is not None:
        return named.strip()
    return "" if stored(environment).get("pager") == NO else None


def has_colours(environment: Mapping[str, str]) -> bool:
    """Return whether a terminal is used in colour; NO_COLOR and FORCE_COLOR take precedence."""
    if environment.get("NO_COLOR"):
        return False
    return bool(environment.get("FORCE_COLOR")) or stored(environment).get("colours") != NO


def is_plain(environment: Mapping[str, str], *, at_terminal: bool) -> bool:
    """Return whether pages are to be read aloud: by --plain, else KMTRACK_PLAIN, else the preference.

    The preference applies on a terminal only, so that programs reading a pipe find the same
    everywhere.
    """
    if _asked_plain:
        return True
    named = environment.get("KMTRACK_PLAIN")
    if named:
        return named not in {"0", NO}
    return at_terminal and stored(environment).get("plain") == YES


def use_plain(*, asked: bool) -> None:
    """Note whether plain pages were requested for this command."""
    global _asked_plain  # noqa: PLW0603 - a process runs one command
    _asked_plain = asked


def file_of(environment: Mapping[str, str]) -> Path:
    """Return the file with the preferences, which may be missing."""
    return data_folder(environment) / _FILE


def allowed(name: str) -> tuple[str, ...]:
    """Return the values that a preference may have."""
    return _ALLOWED[name]()


def stored(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the preferences by name; nothing for a file that is missing or contains anything else."""
    found = {}
    for line in _text(file_of(environment)).splitlines():
        name, is_set, value = (part.strip() for part in line.partition("="))
        if is_set and name in _ALLOWED and value in allowed(name):
            found[name] = value
    return found


def store(environment: Mapping[str, str], name: str, value: str | None) -> None:
    """Set a preference, or clear it with None. Raises OSError.

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
    """Return the beginning of a file as text; "" if it cannot be read at once."""
    try:
        with open_regular(path) as file:
            return file.read(_LONGEST).decode("utf-8", "replace").removeprefix("\ufeff")
    except (OSError, ValueError):
        return ""
