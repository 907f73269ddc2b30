"""Issues: the findings of a check, as data that a view puts into words."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

# The errors raised by facts that kmtrack does not write.
UNREADABLE: Final = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class Issue(NamedTuple):
    """One finding of a check, as data.

    `kind` names its text ("check.<kind>") and `facts` fill that in; among them are phrases, names
    in both languages, and options to type. `records` are the ids of the records concerned.
    """

    kind: str
    facts: dict[str, Any]
    records: tuple[str, ...] = ()

    def legible(self) -> Issue:
        """Return it with texts in place of bytes, which kmtrack never writes but others may."""
        return Issue(self.kind, _legible(self.facts), tuple(map(str, _legible(self.records))))


def _legible(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode(errors="replace")
    if isinstance(value, dict):
        return {name: _legible(each) for name, each in value.items()}
    if type(value) in {list, tuple}:
        return [_legible(each) for each in value]
    return value


class OptionsOf(NamedTuple):
    """The options of `add` and `edit` for these fields of a noun.

    `since` is the day (ISO) since which the values of a company are in force, "" for the beginning;
    None if each has had one value only.
    """

    noun: str
    fields: tuple[str, ...]
    since: str | None = None
