"""Questions about a new ledger: who works on it, where, and which municipalities take part."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.cli.output import notify
from kmtrack.cli.questions import AGAIN, BACK, Question, ask_all, read_answer, refuse
from kmtrack.errors import BadValue
from kmtrack.i18n import say
from kmtrack.ledger.schema.plain_text import shown
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.municipalities import codes_named, names_in
from kmtrack.usecases.init import clean_council, refuse_to_create
from kmtrack.views.format import heading_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kmtrack.ledger.store.address import Location
    from kmtrack.usecases.init import NewLedger

_BROKER: Final = "broker"
_COUNCIL: Final = "council"
_PLACES: Final = "municipalities"


def asked_ledger(location: Location, new: NewLedger) -> NewLedger:
    """Ask for the missing details of a new ledger, and return all of them.

    Raises Refusal if there can be no ledger at the location, or if something was typed wrongly.
    """
    refuse_to_create(location, new)
    given = {
        name: value
        for name, value in ((_BROKER, new.broker), (_COUNCIL, new.council))
        if value is not None
    }
    questions = (
        Question(_BROKER, say("question.own_initials"), lambda typed, _: clean_initials(typed)),
        Question(
            _COUNCIL,
            heading_of("broker", _COUNCIL),
            lambda typed, _: clean_council(typed),
            applies=lambda answers: _BROKER in answers,
        ),
        Question(_PLACES, say("question.participating"), _Places().read),
    )
    notify("question.how")
    answers = ask_all([each for each in questions if each.name not in given], given)
    return new._replace(
        broker=answers.get(_BROKER),
        council=answers.get(_COUNCIL),
        municipalities=answers.get(_PLACES, ()),
    )


class _Places:
    """Reads the participating municipalities, and asks again only for unknown ones."""

    def __init__(self) -> None:
        # By what was typed: whoever goes back and on again has corrected it once.
        self._corrected: dict[str, list[str]] = {}

    def read(self, typed: str, _: Mapping[str, Any]) -> object:
        """Return the names of municipalities and regions, or AGAIN if the person goes back."""
        names: list[str] = []
        for name in names_in(typed):
            if name not in self._corrected:
                found = _known(name)
                if found is None:
                    return AGAIN
                self._corrected[name] = found
            names += self._corrected[name]
        return names or AGAIN


def _known(name: str) -> list[str] | None:
    """Return a known name, or the names typed in its place; None for going back."""
    names, unknown = list[str](), [name]
    while unknown:
        name = unknown.pop(0)
        try:
            codes_named(name)
        except BadValue as error:
            refuse(error)
            nearest = str(error.facts.get("nearest", ""))
            default = nearest if nearest and "," not in nearest else ""
            key = "question.instead" if default else "question.instead_of_none"
            text = Question(name, say(key, value=shown(name)))
            line = read_answer(text.prompt(default)) or default
            if line == BACK:
                return None
            unknown = [*names_in(line), *unknown]
        else:
            names.append(name)
    return names
