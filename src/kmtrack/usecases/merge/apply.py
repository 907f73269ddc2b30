"""Apply the commands of other ledgers, one ledger after the other, in one unit of work."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from kmtrack.errors import Refusal
from kmtrack.ledger.contract import document_in_force
from kmtrack.ledger.exchange import apply_commands, heads_of_bundle
from kmtrack.ledger.moments import corrections_in, expect_times
from kmtrack.ledger.projection import stored_names
from kmtrack.ledger.queries.commands import last_entries, records_of_commands
from kmtrack.ledger.queries.companies import company_parts, company_row
from kmtrack.ledger.queries.people import name_of
from kmtrack.ledger.queries.record_names import withdrawn_as
from kmtrack.ledger.queries.targets import totals
from kmtrack.ledger.redactions import ForgedRedaction, reapply_redactions
from kmtrack.ledger.rows import UNDONE
from kmtrack.ledger.settings import is_bundle
from kmtrack.ledger.shared_history import HistoriesDiffer, adopt_digests
from kmtrack.rules.amendments import changed_terms
from kmtrack.rules.tallies import target_changes
from kmtrack.usecases.check.alike_companies import alike_companies
from kmtrack.usecases.check.undos import undo_warnings
from kmtrack.usecases.check.warnings import succession_issues
from kmtrack.usecases.merge.causes import RecordsBefore
from kmtrack.usecases.merge.conflicts import ContactTargets, conflicts
from kmtrack.usecases.merge.erasures import ErasuresBefore, MergedErasures

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path
    from typing import Literal

    from kmtrack.ledger.exchange import AppliedCommands
    from kmtrack.ledger.queries.commands import CommandEnd
    from kmtrack.ledger.redactions import Redaction
    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.address import Location
    from kmtrack.ledger.store.base import Store
    from kmtrack.ledger.unit_of_work import UnitOfWork
    from kmtrack.rules.amendments import Term, TermChange
    from kmtrack.rules.contract import Contract
    from kmtrack.rules.tallies import TargetChange
    from kmtrack.usecases.check.issues import Issue
    from kmtrack.usecases.clean_up import ErasureReport
    from kmtrack.usecases.merge.conflicts import Conflict, RetargetedContact


class Source(NamedTuple):
    """A ledger that is merged, and the copy of it that was validated."""

    file: Location
    store: Store


class LinkedCompany(NamedTuple):
    """A company whose records used to be separate companies; `id` is that of the common record."""

    id: str
    name: str
    cvr: str | None
    others: list[str]


class ClockAhead(NamedTuple):
    """Who recorded commands with a fast clock, and the latest moment (UTC) of these."""

    by: str
    moment: str


class FileResult(NamedTuple):
    """The result of merging one file: its commands, new and known, and its new records by noun.

    `linked` are companies that used to be several. New commands here get moments after those in
    `ahead`. `retimed` counts the commands here that get another moment.
    """

    file: Location
    commands: int
    already_here: int
    new: dict[str, int]
    linked: list[LinkedCompany]
    ahead: list[ClockAhead]
    retimed: int


class MergeResult(NamedTuple):
    """What a merge does: for each file, and in effect for companies, contacts and targets.

    `notices` name what stays although it was undone, and undos without effect. `contract` is the
    one in force afterwards, `amended` its terms that change. `erasures` are what the merge erases,
    `reached` is how far that reached, and `kept` is the backup made before.
    """

    files: list[FileResult]
    contract: Contract
    conflicts: list[Conflict]
    alike: list[Issue]
    notices: list[Issue]
    takeovers: list[Issue]
    retargeted: list[RetargetedContact]
    targets: list[TargetChange]
    amended: Mapping[Term, TermChange]
    erasures: MergedErasures
    kept: Path | None = None
    reached: ErasureReport | None = None

    @property
    def commands(self) -> int:
        """Count the commands that are new here."""
        return sum(each.commands for each in self.files)

    @property
    def is_kept_clean(self) -> bool:
        """Whether the backup made before no longer contains what was erased."""
        cleaned = self.reached.cleaned if self.reached else []
        # The backup is named as the user names the ledger, which may be a relative path.
        return self.kept is not None and self.kept.resolve() in cleaned


def apply_ledgers(work: UnitOfWork, sources: Sequence[Source]) -> MergeResult:
    """Apply all sources, one after the other, in a unit of work.

    Raises Refusal for a source in which a command that is here too has other entries, or that
    builds on a command or a record that is not here.
    """
    return _Merge(work).apply_all(sources)


class _Merge:
    """Several ledgers being applied in one unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self._work = work
        self._store = work.store
        self._erasures = ErasuresBefore(work.store)
        self._companies: set[str] = set()
        self._records: set[str] = set()
        self._contact_targets = ContactTargets(work.store, work.contract)
        self._before = RecordsBefore(work.store)
        self._parts = company_parts(work.store)
        self._conflicts: list[Conflict] = []
        self._left_before: dict[tuple[str, str], Redaction] = {}

    def apply_all(self, sources: Sequence[Source]) -> MergeResult:
        work, store = self._work, self._store
        before, document = totals(store, date.max), document_in_force(store)
        noticed = {(issue.kind, issue.records) for issue in undo_warnings(store)}
        for source in sources:  # this merge is dated as if they had arrived
            expect_times(work, corrections_in(source.store))
        files = [self._apply(source) for source in sources]
        if not any(each.commands for each in files):
            nothing = MergedErasures([], [], [], [])
            return MergeResult(files, work.contract, [], [], [], [], [], [], {}, nothing)
        work.record_arrivals()
        erasures = self._erasures.finish(work)
        reapply_redactions(work, self._left_before.values())
        return MergeResult(
            files,
            work.contract,
            self._conflicts,
            self._alike(),
            [issue for issue in undo_warnings(store) if (issue.kind, issue.records) not in noticed],
            [one for one in succession_issues(store) if self._records.intersection(one.records)],
            self._contact_targets.retargeted(self._before, work.contract),
            target_changes(work.contract, before, totals(store, date.max)),
            changed_terms(document, document_in_force(store)),
            erasures,
        )

    def _alike(self) -> list[Issue]:
        """Return the pairs of alike companies at least one of which is new or was changed."""
        if not self._companies:
            return []
        pairs = alike_companies(self._store)
        return [pair for pair in pairs if self._companies.intersection(pair.records)]

    def _apply(self, source: Source) -> FileResult:
        here, there = list(last_entries(self._store)), list(last_entries(source.store))
        if differing := _differing(here, there):
            try:
                adopt_digests(self._store, source.store, differing)
            except HistoriesDiffer as differs:
                raise Refusal("command_differs", file=source.file) from differs
            there = list(last_entries(source.store))
        known_there = _known_there(here, there, heads_of_bundle(source.store))
        try:
            applied = apply_commands(self._work, source.store)
        except ForgedRedaction as forged:
            raise Refusal("foreign_damaged", file=source.file, what=forged.record_id) from forged
        self._left_before = {**applied.erasures.left_before, **self._left_before}
        arrived = set(applied.commands)

        def side_of(command: int) -> Literal["ours", "theirs"] | None:
            if command in arrived:
                return "theirs"
            return None if command in known_there else "ours"

        if arrived:
            _refuse_gap(source, applied)
            _refuse_flawed(source, applied)
            self._project(source, applied)
            self._conflicts += conflicts(self._store, applied.records, side_of)
        linked, surplus = self._links(source.store, applied.added["company"])
        out = {noun: withdrawn_as(self._store, noun, UNDONE) for noun in applied.added}
        new = {noun: len(ids - out[noun]) for noun, ids in sorted(applied.added.items())}
        new["company"] -= surplus
        return FileResult(
            source.file,
            len(arrived),
            applied.already_here,
            {noun: number for noun, number in new.items() if number},
            linked,
            self._ahead(here, there),
            len(applied.retimed),
        )

    def _project(self, source: Source, applied: AppliedCommands) -> None:
        """Project and judge again the records of the applied commands."""
        work, store = self._work, self._store
        self._erasures.take(source.file.name, source.store, applied.erasures)
        self._companies |= applied.records["company"]
        self._records.update(*applied.records.values())
        self._before.remember(applied.records)
        self._before.remember(records_of_commands(store, applied.reached))
        for noun, ids in applied.records.items():
            work.mark_stale(noun, ids)
        work.mark_commands_stale(applied.reached)
        work.judge(_names_from(source.store, store), self._contact_targets.note)
        self._contact_targets.settle(source.store)

    def _links(self, source: Store, added: Collection[str]) -> tuple[list[LinkedCompany], int]:
        """Return the companies that were several before this source was applied.

        Also return how many of the `added` records are not new companies.
        """
        here, there = self._parts, company_parts(source)
        self._parts = company_parts(self._store)
        companies: dict[str, set[str]] = defaultdict(set)
        for part, whole in self._parts.items():
            companies[whole] |= {part, whole}
        linked, surplus = [], 0
        for whole, records in companies.items():
            earlier = {(there if id_ in added else here).get(id_, id_) for id_ in records}
            if len(earlier) > 1:
                row = company_row(self._store, whole)
                others = sorted(earlier - {whole})
                linked.append(LinkedCompany(whole, row["name"], row["cvr"], others))
            new = records.intersection(added)
            surplus += len(new) - (new == records)
        return linked, surplus

    def _ahead(self, here: list[CommandEnd], there: list[CommandEnd]) -> list[ClockAhead]:
        """Return the authors of new commands more than a day in the future, each with the last moment."""
        known = {end.token for end in here}
        tomorrow = datetime.fromisoformat(self._work.recorded_at) + timedelta(days=1)
        ahead = {
            end.recorded_by: end.recorded_at
            for end in there
            if end.token not in known and end.recorded_at > tomorrow.isoformat()
        }
        return [ClockAhead(by, moment) for by, moment in sorted(ahead.items())]


def _differing(here: list[CommandEnd], there: list[CommandEnd]) -> set[str]:
    """Return the tokens of the commands that are in both ledgers and end with different digests."""
    theirs = {end.token: end.digest for end in there}
    return {end.token for end in here if theirs.get(end.token, end.digest) != end.digest}


def _known_there(
    here: list[CommandEnd], there: list[CommandEnd], heads: Mapping[str, str]
) -> set[int]:
    """Return the numbers of the commands in this ledger that the writer of a source knew.

    `heads` are the last entries known to the writer of a bundle, by the user who recorded them.
    """
    tokens = {end.token for end in there}
    until = {e.recorded_by: e.recorded_at for e in here if heads.get(e.recorded_by) == e.digest}
    return {
        end.number
        for end in here
        if end.token in tokens or end.recorded_at <= until.get(end.recorded_by, "")
    }


def _names_from(source: Store, own: Store) -> Callable[[Row], Row]:
    """Return a function that adds to a person's row the name in a source, or else in this ledger."""
    kept = stored_names(own)

    def with_name(person: Row) -> Row:
        named = name_of(source, person["id"])
        return {**person, **dict(named)} if named else kept(person)

    return with_name


def _refuse_flawed(source: Source, applied: AppliedCommands) -> None:
    """Refuse a source with an undo that cannot have any effect: kmtrack never records one."""
    for undo in applied.flawed:
        raise Refusal("undo_without_effect", file=source.file, by=undo.recorded_by)


def _refuse_gap(source: Source, applied: AppliedCommands) -> None:
    """Refuse a source that builds on a command or a record that is not here."""
    for by in applied.broken_chains:
        raise Refusal("bundle_gap", file=source.file, by=by)
    for record_id in sorted(applied.gaps):
        if is_bundle(source.store):
            raise Refusal("record_gap", file=source.file, id=record_id)
        raise Refusal("foreign_damaged", file=source.file, what=record_id)
