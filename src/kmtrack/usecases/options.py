"""The names under which facts are typed: options on the command line, headings of an import."""

from __future__ import annotations

from typing import Final

from kmtrack.i18n import say

_OPTIONS: Final = {"others": "with", "person_id": "person", "company_id": "company"}


def option_of(field: str) -> str:
    """The option, without dashes in front, that states a field."""
    return _OPTIONS.get(field, field.replace("_", "-"))


# The placeholder of what an option takes, where it is not a text.
_PLACEHOLDERS: Final = {
    "cvr": "cvr",
    "municipality": "municipality",
    "employees": "headcount",
    "turnover": "amount",
    "balance": "amount",
    "sme": "yes_no",
    **dict.fromkeys(("visited_before", "date", "next", "agreed", "start", "end"), "day"),
    **dict.fromkeys(("broker", "others"), "initials"),
    **dict.fromkeys(("students", "hours"), "number"),
    "channel": "channel",
    "audience": "audience",
    "level": "level",
    "terms": "terms",
}
_KINDS: Final = {
    "company": "company_kind",
    "collaboration": "collaboration_kind",
    "method": "method_kind",
}


# Where a noun's option is named otherwise than that of the same field of others.
_OF_NOUNS: Final = {("method", "audience"): "for", ("method", "broker"): "by"}


def placeholder_of(noun: str, field: str) -> str:
    """The key of the placeholder that stands for the value of a field's option."""
    if field == "kind":
        return f"metavar.{_KINDS[noun]}"
    return f"metavar.{_PLACEHOLDERS.get(field, 'text')}"


def to_fill_in(noun: str, *fields: str) -> str:
    """The options that state these fields of a noun, each with the placeholder of its value."""
    return " ".join(
        f"--{_OF_NOUNS.get((noun, field), option_of(field))} {say(placeholder_of(noun, field)).partition('|')[0]}"
        for field in fields
    )
