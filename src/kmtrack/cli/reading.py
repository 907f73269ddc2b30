"""Reading options that are no facts: days and numbers that steer a command."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import time
from typing import TYPE_CHECKING, Final

from kmtrack.clock import here, last_moment_of, moment_of
from kmtrack.errors import BadValue
from kmtrack.ledger.choices import UnknownChoice, choose
from kmtrack.ledger.facts.kinds import FutureDay
from kmtrack.ledger.plain_text import clean_line, shown
from kmtrack.ledger.values import clean_count, clean_day
from kmtrack.usecases.desk import BadOption
from kmtrack.usecases.tallies import GROUPINGS

if TYPE_CHECKING:
    from datetime import date

    from kmtrack.clock import Clock

_EXACT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
_TIME: Final = re.compile(r"\d{1,2}[:.]\d\d(?:[:.]\d\d)?")


def day_typed(option: str, text: str | None, clock: Clock) -> date:
    """The day of an option, today if it was not given. Raises BadOption."""
    if text is None:
        return clock.today
    try:
        return clean_day(text, clock.today)
    except BadValue as error:
        raise BadOption(option=f"--{option}", sentence=error.sentence()) from None


def moment_typed(option: str, text: str, clock: Clock) -> tuple[str, date]:
    """The moment (UTC) that an option names, and its day here; a day alone is its last moment.

    Taken as `30.6.2011`, `30.6.2011 14:00`, or as commands print it with --json. Raises BadOption.
    """
    words = text.strip()
    if _EXACT.fullmatch(words):
        with suppress(ValueError):
            return words, here(words).date()
    day_words, _, time_words = words.rpartition(" ")
    if day_words and _TIME.fullmatch(time_words):
        with suppress(ValueError):
            at = time.fromisoformat(time_words.zfill(5).replace(".", ":"))
            day = day_typed(option, day_words, clock)
            return moment_of(day, at), day
    day = day_typed(option, words, clock)
    return last_moment_of(day), day


def number_typed(option: str, text: str, lowest: int, highest: int) -> int:
    """The whole number of an option. Raises BadOption."""
    return argument_counted(f"--{option}", text, lowest, highest)


def argument_counted(argument: str, text: str, lowest: int, highest: int) -> int:
    """The whole number of an argument that is called so. Raises BadOption."""
    try:
        return clean_count(text, lowest, highest)
    except BadValue as error:
        raise BadOption(option=argument, sentence=error.sentence()) from None


def grouping_typed(text: str | None) -> str | None:
    """The grouping that a word in either language names. Raises BadOption."""
    if text is None:
        return None
    words = {"kommune": "municipality", "mægler": "broker", "kontaktmægler": "broker"}
    words |= {"erhvervsråd": "council", "måned": "month"}
    found = words.get(text.strip().casefold(), text.strip().casefold())
    if found in GROUPINGS:
        return found
    sentence = UnknownChoice(value=shown(text), among=", ".join(GROUPINGS)).sentence()
    raise BadOption(option="--by", sentence=sentence)


def past_day_typed(option: str, text: str | None, clock: Clock) -> date:
    """The day of an option that may not lie ahead, today if it was not given. Raises BadOption."""
    day = day_typed(option, text, clock)
    if day > clock.today:
        raise BadOption(option=f"--{option}", sentence=FutureDay(day=day).sentence())
    return day


def wave_typed(text: str | None) -> str:
    """The wave of a questionnaire that a word names, "after" if none was given. Raises BadOption."""
    return _choice("wave", "wave", text) if text else "after"


def survey_grouping_typed(text: str | None) -> str | None:
    """How a report on questionnaires is to be grouped. Raises BadOption."""
    return _choice("by", "survey_grouping", text) if text else None


def _choice(option: str, field: str, text: str) -> str:
    try:
        return choose(field, text)
    except BadValue as error:
        raise BadOption(option=f"--{option}", sentence=error.sentence()) from None


def line_typed(option: str, text: str) -> str:
    """The one line of text of an option, "" if it is empty. Raises BadOption."""
    try:
        return clean_line(text, 200) or ""
    except BadValue as error:
        raise BadOption(option=f"--{option}", sentence=error.sentence()) from None
