"""Known brokers: initials are registered before a record has them, so that a slip makes no new broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from kmtrack.errors import BadValue, Phrase
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.values import clean_initials, clean_initials_list
from kmtrack.usecases.doubts import Choice, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.schema.fields import Field
    from kmtrack.ledger.unit_of_work import UnitOfWork

# Of two letters one in common is no likeness: half an office would look like the other half.
_LONG_ENOUGH: Final = 3
_REGISTERING: Final = "broker add"


def register_own(work: UnitOfWork, initials: str, settle: Callable[[Doubt], str]) -> bool:
    """Register the current broker if they are new; return whether they were.

    It is a command of its own, so an undo of the command after it leaves it in place. Raises the
    Doubt `own_broker_near`.
    """
    if initials in work.brokers:
        return False
    settle_own(initials, work.brokers, settle)
    _register(work, initials)
    return True


def settle_own(initials: str, known: Collection[str], settle: Callable[[Doubt], str]) -> None:
    """Settle whether the current broker is a new one. Raises the Doubt `own_broker_near`."""
    near = None if initials in known else nearest(initials, known)
    if near is not None:
        doubt = Doubt("own_broker_near", initials, yes_settles=True, initials=initials, near=near)
        settle(doubt)


def with_known_brokers(
    work: UnitOfWork,
    facts: type[Facts],
    values: Mapping[str, Any],
    settle: Callable[[Doubt], str | None],
) -> dict[str, Any]:
    """Return the values of a record with the brokers that were meant; new ones are registered.

    Values that are not initials stay as they are, and so do those that `settle` leaves open. Raises
    the Doubts `broker_near` and `broker_unknown`.
    """
    settled = dict(values)
    for field in _initials_of(facts):
        value = values.get(field.name)
        if not value or (isinstance(value, str) and value in work.brokers):
            continue
        try:
            read = clean_initials_list if field.kind.is_repeated else _one
            typed = read(value)
        except BadValue:
            continue
        meant = [known_broker(work, initials, settle) for initials in typed]
        if meant != list(typed):
            settled[field.name] = " ".join(meant)
    return settled


_INITIALS: Final[dict[type, tuple[Field, ...]]] = {}


def _initials_of(facts: type[Facts]) -> tuple[Field, ...]:
    """Return the fields of a facts class that hold initials."""
    known = _INITIALS.get(facts)
    if known is None:
        fields = (field for field in fields_of(facts) if field.kind.metavar == "initials")
        known = _INITIALS[facts] = tuple(fields)
    return known


def known_broker(
    work: UnitOfWork,
    initials: str,
    settle: Callable[[Doubt], str | None],
) -> str:
    """Return the broker meant by initials, registered if new. Raises as `with_known_brokers`."""
    if initials in work.brokers:
        return initials
    near = nearest(initials, work.brokers)
    if near is None:
        if settle(Doubt("broker_unknown", initials, initials=initials)) is not None:
            _register(work, initials)
        return initials
    choices = (Choice(near, near), Choice(initials, Phrase("broker.is_new", initials=initials)))
    meant = settle(Doubt("broker_near", initials, choices=choices, initials=initials, near=near))
    if meant is not None and meant not in work.brokers:
        _register(work, meant)
    return meant or initials


def nearest(initials: str, known: Iterable[str]) -> str | None:
    """Return the known initials that others may be a slip for: one letter off, or two letters exchanged."""
    return next((one for one in sorted(known) if _is_slip(initials, one)), None)


def _is_slip(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    if len(longer) == len(shorter) + 1:
        more = next((at for at, (a, b) in enumerate(zip(shorter, longer)) if a != b), len(shorter))  # noqa: B905 - one is longer
        return longer[:more] + longer[more + 1 :] == shorter and not longer[more].isdigit()
    if len(longer) != len(shorter):
        return False
    pairs = zip(one, other, strict=True)
    differing = [(at, a, b) for at, (a, b) in enumerate(pairs) if a != b]
    # In numbered initials the number is meant.
    if any(a.isdigit() and b.isdigit() for _, a, b in differing):
        return False
    if len(differing) == 1:
        return len(one) >= _LONG_ENOUGH
    if len(differing) != 2:  # noqa: PLR2004 - two that changed places
        return False
    (first, a, b), (second, c, d) = differing
    return second == first + 1 and (a, b) == (d, c)


def _register(work: UnitOfWork, initials: str) -> None:
    """Register a broker by a separate command, unless the one under way already has entries."""
    if work.is_begun:
        work.register_broker(initials)
        return
    earlier = work.before(_REGISTERING)
    earlier.register_broker(initials)
    earlier.flush()
    work.brokers.add(initials)


def _one(value: object) -> tuple[str, ...]:
    return (clean_initials(str(value)),)
