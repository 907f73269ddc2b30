"""The session: an open ledger, the clock and who sits there; what every use case works at."""

from __future__ import annotations

from contextlib import contextmanager
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from kmtrack.errors import Refusal
from kmtrack.ledger.schema.ids import new_id
from kmtrack.usecases.options import option_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kmtrack.clock import Clock
    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork

Stated = TypeVar("Stated", bound="Facts")
Made = TypeVar("Made")


class _Rehearsed(Exception):
    """Undoes a change in which all went well."""


def _ignore(error: Refusal) -> None:
    del error


class Session(NamedTuple):
    """`broker` holds the initials of who sits here, if known; `who` is recorded with each entry.

    `backs_up` says whether the ledger is copied before the first change of a day, and `warn` takes
    what failed of that: no broker is kept from working by a backup. `token` is that of a command
    which is tried again, since nobody could tell whether it was stored.
    """

    store: Store
    clock: Clock
    broker: str | None
    who: str
    backs_up: bool = False
    warn: Callable[[Refusal], None] = _ignore
    token: str | None = None
    new_id: Callable[[str], str] = new_id

    @contextmanager
    def change(self, command: str, reason: str | None = None) -> Iterator[UnitOfWork]:
        """A change under the name of `command`; committed when the block ends."""
        if self.backs_up:
            self._back_up()
        # Whoever only reads does not wait for what writing takes.
        from kmtrack.ledger.unit_of_work import unit_of_work

        moment = self.clock.now()
        heading = (moment, self.who, command, reason)
        with unit_of_work(self.store, *heading, token=self.token, new_id=self.new_id) as change:
            yield change

    def _back_up(self) -> None:
        from kmtrack.ledger.store.backups import Backups

        of_day = Backups(self.store.path).of_day(self.clock.today)
        try:
            is_there = of_day.exists()
        except OSError:  # a folder that nobody may look into
            is_there = False
        if not is_there:
            from kmtrack.usecases.backup import back_up_for_the_day

            try:
                back_up_for_the_day(self.store, self.clock.today)
            except Refusal as error:
                self.warn(error)

    def attempt(
        self,
        command: str,
        fill: Callable[[UnitOfWork], Made],
        *,
        reason: str | None = None,
        keep: bool = True,
    ) -> Made:
        """What `fill` makes of a change, which is then kept, or undone as if it had never been."""
        try:
            with self.change(command, reason) as change:
                made = fill(change)
                if not keep:
                    raise _Rehearsed  # noqa: TRY301 - undoes it all
        except _Rehearsed:
            pass
        return made

    def state(
        self,
        facts: type[Stated],
        values: Mapping[str, Any],
        *,
        typed_as: Mapping[str, str] = MappingProxyType({}),
    ) -> Stated:
        """The facts that `values` state today.

        Raises Refusal `bad_option` for the first that cannot be one.

        `typed_as` names what the person types for a field where that is not its own option.
        """
        from kmtrack.ledger.schema.facts import Mistakes

        try:
            return facts.state(values, self.clock.today)
        except Mistakes as mistakes:
            first = mistakes.mistakes[0]
            raise Refusal(
                "bad_option",
                option=typed_as.get(first.field, f"--{option_of(first.field)}"),
                sentence=first.error.sentence(),
            ) from None
