"""Recent contacts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_SHOWN = 3


def recent_in_words(records: Sequence[Mapping[str, Any]]) -> str:
    """Word who was in touch with a company lately, and how: the first three."""
    return "; ".join(map(_one_in_words, records[:_SHOWN]))


def _one_in_words(record: Mapping[str, Any]) -> str:
    who = " ".join(filter(None, (record["broker"], record["others"])))
    channel = say(f"choice.channel.{record['channel']}")
    ago = ago_in_words(record["days_ago"])
    return say("recent.one", who=who or say("confirm.no_broker"), ago=ago, channel=channel)


def ago_in_words(days: int) -> str:
    """Word how many days ago something was."""
    if days in {0, 1}:
        return say("word.yesterday" if days else "word.today")
    return say("recent.days_ago", days=days)
