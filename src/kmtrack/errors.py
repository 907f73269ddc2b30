"""The ways a command can be refused; each takes the facts and makes one sentence of them."""

from __future__ import annotations

from kmtrack.texts import say


class KmtrackError(Exception):
    """A refusal that the user can act on; its sentence says what was wrong and what to do.

    The sentence of class `X` is the text `error.X`, in the language in use, filled with `facts`.
    """

    exit_code = 1

    def __init__(self, **facts: object) -> None:
        super().__init__(facts)
        self.facts = facts

    def sentence(self) -> str:
        """The one line that is shown."""
        return say(f"error.{type(self).__name__}", **self.facts)

    def __str__(self) -> str:
        return self.sentence()


class BadValue(KmtrackError, ValueError):
    """One value that cannot be a fact; pydantic collects these with the name of the field."""
