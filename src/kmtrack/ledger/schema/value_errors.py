"""The ways in which one typed value is refused; the sentence of each is a text of its name."""

from __future__ import annotations

from kmtrack.errors import BadValue


class BadCharacter(BadValue):
    """A character that no reader can see: `character` its code point, `position` from 1."""


class TextTooLong(BadValue):
    """A text of `length` characters where `longest` are allowed."""


class PasswordInText(BadValue):
    """An address with a password in it, which is nobody's to read."""


class CprNumber(BadValue):
    """What looks like a civil registration number; it is never repeated in the facts."""


class BadCvr(BadValue):
    """A `value` that has not the form of a CVR number."""


class CvrFailsCheck(BadValue):
    """A CVR number whose check digit shows a slip; `value` is its 8 digits."""


class CvrIsPNumber(BadValue):
    """The number of a production unit where that of the company is asked; `value` is its digits."""


class BadHeadcount(BadValue):
    """A `value` that is neither a number of employees nor a band."""


class AbsurdHeadcount(BadValue):
    """A `value` that reads as a headcount that no company has."""


class HeadcountBecameDate(BadValue):
    """A headcount such as 5-9 that a spreadsheet program took for a date; `value` is that day."""


class BadAmount(BadValue):
    """A `value` that is no sum in millions of euro."""


class AmbiguousAmount(BadValue):
    """A sum such as 1.200: a thousand to a Dane, a decimal to others.

    `large` is the first reading, `whole` and `decimals` the parts of the second, each so that it
    is understood when typed.
    """


class BadCount(BadValue):
    """A `value` that is no whole number from `lowest` to `highest`."""


class BadDay(BadValue):
    """A `value` that cannot be read as a day."""


class ImpossibleDay(BadValue):
    """A `value` that reads as a day which is in no calendar, or too far away to be meant."""


class BadInitials(BadValue):
    """A `value` that is nobody's initials."""
