"""Config: the preferences in force, and setting one of them."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack import preferences
from kmtrack.errors import NO_ROOM, BadValue, Refusal
from kmtrack.ledger.schema.choices import choose
from kmtrack.ledger.schema.events import ContactFacts
from kmtrack.ledger.schema.fields import defaults_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from typing import Literal

    from kmtrack.i18n import Language

    # The source of a value: the name of an option or variable, the file, the machine, or none of these.
    Source = Literal[
        "--lang",
        "KMTRACK_LANG",
        "PAGER",
        "NO_COLOR",
        "FORCE_COLOR",
        "KMTRACK_PLAIN",
        "file",
        "machine",
        "default",
    ]

# The choice whose words each preference may have.
WORDS_OF: Final = {
    "language": "language",
    "channel": "channel",
    "pager": "yes_no",
    "colours": "yes_no",
    "plain": "yes_no",
}


class InForce(NamedTuple):
    """A preference as it applies here: its value, one of its fixed words or a command, and the source."""

    name: str
    value: str
    source: Source


def preferences_in_force(
    environment: Mapping[str, str], spoken: Language, *, is_typed: bool
) -> list[InForce]:
    """Return each preference as it applies; `spoken` is the language in use, which `is_typed` or not."""
    stored = preferences.stored(environment)
    return [
        InForce("language", spoken, _source_of_language(environment, stored, is_typed=is_typed)),
        _stored_or(stored, "channel", str(defaults_of(ContactFacts)["channel"])),
        _pager(environment, stored),
        _colours(environment, stored),
        _plain(environment, stored),
    ]


def set_preference(environment: Mapping[str, str], name: str, value: str | None) -> str:
    """Set a preference as typed, in either language, or clear it; return its name.

    Raises Refusal `bad_option`, `config_not_stored`.
    """
    known = named_preference(name)
    try:
        meant = None if value is None else choose(WORDS_OF[known], value)
    except BadValue as error:
        raise Refusal("bad_option", option=name, sentence=error.sentence()) from None
    file = preferences.file_of(environment)
    try:
        preferences.store(environment, known, meant)
    except OSError as error:
        raise _not_stored(file, error) from None
    return known


def named_preference(typed: str) -> str:
    """Return the name of the preference that a word in either language names. Raises BadValue."""
    return choose("preference", typed)


def _not_stored(file: Path, error: OSError) -> Refusal:
    if error.errno in NO_ROOM:
        return Refusal("config_no_room", file=file)
    is_forbidden = error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}
    return Refusal("config_forbidden" if is_forbidden else "config_not_stored", file=file)


def _source_of_language(
    environment: Mapping[str, str], stored: Mapping[str, str], *, is_typed: bool
) -> Source:
    if is_typed:
        return "--lang"
    if environment.get("KMTRACK_LANG"):
        return "KMTRACK_LANG"
    return "file" if "language" in stored else "machine"


def _pager(environment: Mapping[str, str], stored: Mapping[str, str]) -> InForce:
    named = environment.get("PAGER")
    if named is None:
        return _stored_or(stored, "pager", preferences.YES)
    return InForce("pager", named.strip() or preferences.NO, "PAGER")


def _plain(environment: Mapping[str, str], stored: Mapping[str, str]) -> InForce:
    if environment.get("KMTRACK_PLAIN"):
        is_plain = preferences.is_plain(environment, at_terminal=True)
        return InForce("plain", preferences.YES if is_plain else preferences.NO, "KMTRACK_PLAIN")
    return _stored_or(stored, "plain", preferences.NO)


def _colours(environment: Mapping[str, str], stored: Mapping[str, str]) -> InForce:
    if environment.get("NO_COLOR"):
        return InForce("colours", preferences.NO, "NO_COLOR")
    if environment.get("FORCE_COLOR"):
        return InForce("colours", preferences.YES, "FORCE_COLOR")
    return _stored_or(stored, "colours", preferences.YES)


def _stored_or(stored: Mapping[str, str], name: str, default: str) -> InForce:
    if name in stored:
        return InForce(name, stored[name], "file")
    return InForce(name, default, "default")
