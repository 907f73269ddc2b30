"""Session: what every use case needs: an open ledger, the clock and the broker."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, TypeVar

from kmtrack.clock import is_far_after
from kmtrack.errors import Phrase, Refusal
from kmtrack.ledger.schema.ids import new_id
from kmtrack.ledger.schema.values import clean_initials
from kmtrack.ledger.settings import DEMONSTRATION, OWN_BROKER, put_setting, setting
from kmtrack.usecases.doubts import NO_ANSWERS, YES, Doubt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager
    from datetime import date

    from kmtrack.clock import Clock
    from kmtrack.errors import BadValue
    from kmtrack.ledger.schema.facts import Facts
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.usecases.doubts import Answers

AnyFacts = TypeVar("AnyFacts", bound="Facts")


def _ignore(error: Refusal) -> None:
    del error


def _untold(what: Phrase) -> None:
    del what


def _clean_nothing(session: Session) -> None:
    del session


def _read_ahead(
    store: Store,
    reads: Sequence[Callable[[], object]],
    ahead: Callable[[], object],
    rehearsal: Callable[[], object] | None,
) -> None:
    store.foresee(*reads)
    ahead()
    if rehearsal is not None:
        store.foresee(rehearsal, is_deep=True)


class ChangeWatch(Protocol):
    """An observer that needs to know, even if interrupted, whether the change of a command is stored."""

    def begin(self, look: Callable[[], bool]) -> None:
        """Begin a transaction; `look` finds out later whether it was stored."""

    def store(self) -> None:
        """Note that the transaction was stored."""

    def leave(self, places: int) -> None:
        """Note how many places may still contain an erased name."""

    def held_off(self) -> AbstractContextManager[None]:
        """Hold an interrupt off until the block ends."""


class _Unwatched:
    """No observer."""

    def begin(self, look: Callable[[], bool]) -> None:
        pass

    def store(self) -> None:
        pass

    def leave(self, places: int) -> None:
        pass

    def held_off(self) -> AbstractContextManager[None]:
        return nullcontext()


UNWATCHED: Final = _Unwatched()
# The question who sits here, where nothing says so.
_WHO: Final = "who_are_you"
# They record nothing that a broker did, or say themselves who the brokers are.
_NOT_OF_A_BROKER: Final = frozenset(
    {"undo", "redo", "merge", "broker add", "broker edit", "broker me", "history correct-time"}
)


class Session(NamedTuple):
    """An open ledger, the clock, and who works on it.

    `broker` has the initials of that person, if known; `who` is recorded with each command.
    `backs_up` is true if the ledger is backed up before the first change of a day. `warn` is called
    with refusals that stop nobody, such as that of a failed backup. `token` is the token of a
    command that is tried again because it is unknown whether it was stored. `change` observes each
    transaction. `answers` settle what is in doubt. `tell` is called, once the command is stored,
    with what else it did. With `is_nobody` a record has no broker although it could. `clean_left`
    continues what an erasure has left to be cleaned. With `trusts_ahead` a command does not read
    again with the lock what it read before, and raises Outdated if that no longer holds.
    `rehearsal` goes through the whole command before the lock without writing (see
    `usecases/optimistic_reads.py`).
    """

    store: Store
    clock: Clock
    broker: str | None
    who: str
    backs_up: bool = False
    warn: Callable[[Refusal], None] = _ignore
    token: str | None = None
    new_id: Callable[[str], str] = new_id
    change: ChangeWatch = UNWATCHED
    answers: Answers = NO_ANSWERS
    tell: Callable[[Phrase], None] = _untold
    is_nobody: bool = False
    clean_left: Callable[[Session], None] = _clean_nothing
    trusts_ahead: bool = False
    rehearsal: Callable[[], object] | None = None

    def in_copy(self, copy: Store) -> Session:
        """Return the session for changing a copy of the ledger, which nobody observes.

        The copy may be old: its last command says nothing about the clock.
        """
        return self._unwatched()._replace(
            store=copy,
            clock=self.clock._replace(is_set=True),
            broker=None,
            is_nobody=False,
            token=None,
        )

    def rehearsing(self) -> Session:
        """Return the session for rehearsing a command: nothing is stored, and nobody is told."""
        return self._unwatched()._replace(
            warn=_ignore, tell=_untold, trusts_ahead=False, rehearsal=None
        )

    def _unwatched(self) -> Session:
        """Return the session for a change that nobody observes and nothing precedes."""
        return self._replace(backs_up=False, change=UNWATCHED, clean_left=_clean_nothing)

    def first_day(self) -> date:
        """Return the contract's first day."""
        from kmtrack.ledger.contract import contract_in_force

        return contract_in_force(self.store).first_day

    def settle(self, doubt: Doubt) -> str:
        """Return the answer to a doubt. Raises the doubt if there is none."""
        return self.answers.to(doubt)

    def identified(self, values: Mapping[str, Any]) -> Session:
        """Return the session of the current broker, who is asked for if a new record would have none.

        `values` are those of the record. Raises the Doubt `who_are_you`.
        """
        if self.broker or values.get("broker"):
            return self
        if self.store.is_served:  # where a setting would be everybody's
            return self._replace(is_nobody=True)
        who = self.settle(Doubt(_WHO, reads=clean_initials, is_only_reported=True))
        if who in {YES, ""}:
            return self._replace(is_nobody=True)
        return self._replace(broker=who, who=who)

    @contextmanager
    def unit_of_work(
        self,
        command: str,
        reason: str | None = None,
        *,
        dry_run: bool = False,
        ahead: Callable[[], object] = tuple,
        is_repeated: bool = False,
    ) -> Iterator[UnitOfWork]:
        """Open the unit of work of one command, by its name.

        It is judged and committed when the block ends, and rolled back if the block raises. A
        `dry_run` is rolled back in any case: the block must have judged what it reports. The
        current broker is registered with their first command. `ahead` reads what the block will
        read: a server answers that together with its lock. With `is_repeated` it answers once more
        after what was written. Raises the Doubts `own_broker_near` and `clock_ahead`.
        """
        if not dry_run:
            self.clean_left(self)  # first, so that no copy is made of what is left
        self._back_up(dry_run=dry_run)
        # Imported here, so that commands that only read start faster.
        from kmtrack.ledger.unit_of_work import reads_of_any, unit_of_work

        reads = reads_of_any(self.store, self.who) if self.trusts_ahead else ()
        self.store.rehearse(
            partial(_read_ahead, self.store, reads, ahead, self.rehearsal),
            is_repeated=is_repeated or self.rehearsal is not None,
            is_trusted=self.trusts_ahead,
        )
        notices: list[Phrase] = []
        header = (self.clock.now(), self.who, command, reason)
        with unit_of_work(
            self.store, *header, token=self.token, new_id=self.new_id, dry_run=dry_run
        ) as work:
            self._doubt_clock_far_ahead(work.given.latest, work.given.clock, dry_run=dry_run)
            if not dry_run:
                self.change.begin(partial(self.store.is_stored, work.token))
            if self.broker and dry_run:
                work.brokers.add(self.broker)  # and ask nothing about a command that is none yet
            elif self.broker and command not in _NOT_OF_A_BROKER:
                from kmtrack.usecases.known_brokers import register_own

                if register_own(work, self.broker, self.settle):
                    notices.append(Phrase("broker.registered", initials=self.broker))
                if self.answers.given.get((_WHO,)) == self.broker:
                    put_setting(self.store, OWN_BROKER, self.broker)
            elif self.is_nobody:
                login = self.store.login
                notices.append(
                    Phrase("broker.nobody_on_server", login=login)
                    if login
                    else Phrase("broker.nobody")
                )
            yield work
            notices += self._notices_of_the_future(work.given.latest, work.given.clock)
        if not dry_run:
            self.change.store()
            for each in notices:
                self.tell(each)

    def validate(
        self,
        facts: type[AnyFacts],
        values: Mapping[str, Any],
        *,
        typed_as: Mapping[str, object] = MappingProxyType({}),
    ) -> AnyFacts:
        """Make facts of `values`, as of today. Raises Refusal `bad_option` for the first bad one.

        `typed_as` has what a person types for a field if that is not its own option.
        """
        from kmtrack.ledger.schema.facts import FieldErrors, named_fields

        try:
            return facts.validate(values, self.clock.today, self.first_day)
        except FieldErrors as found:
            first = found.errors[0]
            raise Refusal(
                "bad_option",
                option=typed_as.get(first.field, f"--{named_fields(facts)[first.field].option}"),
                sentence=first.error.sentence(),
            ) from None

    def errors_in(self, facts: type[Facts], values: Mapping[str, Any]) -> dict[str, BadValue]:
        """Return the errors in the facts that `values` would make, by field."""
        from kmtrack.ledger.schema.facts import FieldErrors

        try:
            facts.validate(values, self.clock.today, self.first_day)
        except FieldErrors as found:
            return {each.field: each.error for each in found.errors}
        return {}

    def _doubt_clock_far_ahead(self, last: str, now: str, *, dry_run: bool) -> None:
        """Doubt a clock that is far ahead of the last command; a `dry_run` stores no false moment.

        If somebody can be asked it is doubted there too, before they agree to what is shown. The
        last command of the demonstration is old by every clock.
        """
        if self.clock.is_set or not is_far_after(last, now):
            return
        if setting(self.store, DEMONSTRATION) is not None:
            return
        if not dry_run or self.answers.can_ask:
            from kmtrack.usecases.wrong_clock import clock_doubt

            self.settle(clock_doubt(last, now))

    def _notices_of_the_future(self, last: str, now: str) -> list[Phrase]:
        """Return notices about commands here that are dated after now; `last` is the latest moment."""
        if last <= now or self.clock.is_set:
            return []
        from kmtrack.usecases.wrong_clock import ahead_of_clock, notice_of

        return [notice_of(each, self.who, now) for each in ahead_of_clock(self.store, now)]

    def _back_up(self, *, dry_run: bool) -> None:
        """Back up the ledger before its first change of the day, if this session does that."""
        if not self.backs_up:
            return
        from kmtrack.ledger.store.copies import Backups

        of_day = Backups(self.store.path).of_day(self.clock.today)
        try:
            is_there = of_day.exists()
        except OSError:  # a folder without read permission
            is_there = False
        if not is_there:
            from kmtrack.ledger.new_command import highest_and_latest
            from kmtrack.usecases.backup import back_up_for_the_day

            # No copy gets the name of a day that is none.
            last = highest_and_latest(self.store)[1]
            self._doubt_clock_far_ahead(last, self.clock.now(), dry_run=dry_run)

            try:
                back_up_for_the_day(self.store, self.clock.today)
            except Refusal as error:
                self.warn(error)
