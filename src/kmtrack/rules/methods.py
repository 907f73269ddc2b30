"""Methods target: what is collected, assessed and disseminated, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from kmtrack.rules.vocabulary import ASKED_AUDIENCES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kmtrack.rules.contract import Contract, Target

MethodsState = Literal["not-started", "under-way", "met", "late"]


class Assessment(NamedTuple):
    """An assessment of a method: keep, adapt or drop."""

    day: date
    verdict: str


class Dissemination(NamedTuple):
    """A dissemination of a method."""

    day: date
    audience: str


class Method(NamedTuple):
    """A method with its assessments and disseminations; `audience` is one of METHOD_AUDIENCES."""

    id: str
    name: str
    day: date
    audience: str
    assessments: tuple[Assessment, ...] = ()
    disseminations: tuple[Dissemination, ...] = ()

    def as_of(self, day: date) -> Method:
        """Return the method with its assessments and disseminations on `day` or before."""
        return self._replace(
            assessments=tuple(one for one in self.assessments if one.day <= day),
            disseminations=tuple(one for one in self.disseminations if one.day <= day),
        )

    @property
    def verdict(self) -> str | None:
        """The verdict of the latest assessment; of two on one day, of the one recorded last."""
        latest = max(self.assessments, key=lambda one: one.day, default=None)
        same_day = [one for one in self.assessments if latest and one.day == latest.day]
        return same_day[-1].verdict if same_day else None

    @property
    def audiences(self) -> tuple[str, ...]:
        """The audiences that it is for; none for a dropped method."""
        if self.verdict == "drop":
            return ()
        return ASKED_AUDIENCES if self.audience == "both" else (self.audience,)

    @property
    def not_disseminated(self) -> tuple[str, ...]:
        """The audiences that it is for but has not reached."""
        reached = {one.audience for one in self.disseminations}
        return tuple(audience for audience in self.audiences if audience not in reached)


class MethodsStatus(NamedTuple):
    """Status of the methods target.

    `disseminated` and `to_disseminate` count the methods for each audience named in the note: those
    that have reached it, and all that are for it. The names are of methods that lack something.
    """

    state: MethodsState
    collected: int
    assessed: int
    disseminated: Mapping[str, int]
    to_disseminate: Mapping[str, int]
    not_assessed: tuple[str, ...]
    not_disseminated: Mapping[str, tuple[str, ...]]


def methods_status(
    target: Target, contract: Contract, methods: Sequence[Method], as_of: date
) -> MethodsStatus:
    """Return the status of the methods on `as_of` ("opsamling, vurdering og formidling").

    The target is met once every method has been assessed and has reached its audiences; a dropped
    method has none.
    """
    known = [method.as_of(as_of) for method in methods if method.day <= as_of]
    not_assessed = tuple(method.name for method in known if method.verdict is None)
    to_disseminate = {who: [m for m in known if who in m.audiences] for who in ASKED_AUDIENCES}
    not_disseminated = {
        who: tuple(method.name for method in found if who in method.not_disseminated)
        for who, found in to_disseminate.items()
    }
    done = bool(known) and not not_assessed and not any(not_disseminated.values())
    return MethodsStatus(
        _state(bool(known), done, as_of > contract.due_day(target)),
        len(known),
        len(known) - len(not_assessed),
        {who: len(found) - len(not_disseminated[who]) for who, found in to_disseminate.items()},
        {who: len(found) for who, found in to_disseminate.items()},
        not_assessed,
        not_disseminated,
    )


def _state(begun: bool, done: bool, over: bool) -> MethodsState:  # noqa: FBT001 - three answers
    if done:
        return "met"
    if over:
        return "late"
    return "under-way" if begun else "not-started"
