"""Corrections: what rows change in records, if they changed since they were read or give an id."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kmtrack.errors import BadValue, Phrase, Refusal
from kmtrack.ledger.queries.imported_events import events_of, person_names, persons_met
from kmtrack.ledger.queries.record_names import rows_of
from kmtrack.ledger.rows import current_facts, in_force_since
from kmtrack.ledger.schema.company import CompanyFacts
from kmtrack.ledger.schema.facts import FieldErrors, named_fields
from kmtrack.ledger.schema.names import name_key
from kmtrack.ledger.schema.nouns import EVENTS
from kmtrack.ledger.schema.values import besides, looks_like_cvr
from kmtrack.ledger.stored_entries import entries_on
from kmtrack.usecases.companies import refuse_taken_cvr
from kmtrack.usecases.doubts import Choice, Doubt
from kmtrack.usecases.events import EVENT_FACTS, fields_changed
from kmtrack.usecases.imports.cells import is_blank
from kmtrack.usecases.imports.columns import heading_fact
from kmtrack.usecases.imports.companies import CompanyReader
from kmtrack.usecases.imports.company_index import BAD_IN_FILE
from kmtrack.usecases.imports.events import EventReader
from kmtrack.usecases.imports.recognition import GivenRow
from kmtrack.usecases.imports.result import ChangedFact, ChangedRow, EditedFact, GoneRow, NounResult
from kmtrack.usecases.imports.rows import report_similar, report_withdrawn
from kmtrack.usecases.known_brokers import with_known_brokers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kmtrack.ledger.rows import Row
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.imports.companies import GivenCompany
    from kmtrack.usecases.imports.likeness import KnownRecord
    from kmtrack.usecases.imports.recognition import HeldRow, RecognisedRow
    from kmtrack.usecases.imports.result import RowPosition
    from kmtrack.usecases.imports.rows import ImportContext, RowReader
    from kmtrack.usecases.imports.sheet import Cells

UPDATE: Final = "update"
ADD: Final = "add"
_CHOICES: Final = tuple(
    Choice(each, Phrase(f"choice.changed_rows.{each}")) for each in (UPDATE, ADD)
)


def correct_records(context: ImportContext, readers: Iterable[RowReader]) -> Iterator[NounResult]:
    """Correct the records of all rows that were set aside, or add them; yield the results by noun."""
    if given := [
        each for reader in readers if isinstance(reader, CompanyReader) for each in reader.given
    ]:
        yield _correct_companies(context, given)
    for noun in EVENTS:
        of_noun = [reader for reader in readers if isinstance(reader, EventReader)]
        of_noun = [reader for reader in of_noun if reader.sheet.noun == noun]
        if of_noun:
            yield _Corrections(context, noun, of_noun).result()


def _correct_companies(context: ImportContext, rows: Sequence[GivenCompany]) -> NounResult:
    """Correct the companies of the rows that give ids: in each fact the value that is in force."""
    store, today = context.session.store, context.session.clock.today
    context.work.flush()
    before = earlier_values(store, "company", [row.id for row in rows])
    companies = {row["id"]: dict(row) for row in rows_of(store, "company", {r.id for r in rows})}
    changed: list[tuple[GivenCompany, list[ChangedFact]]] = []
    for given in rows:
        row = companies[given.id]
        known = CompanyFacts.shown(current_facts(row, today))
        facts = [ChangedFact(name, known[name], value) for name, value in given.facts.items()]
        old = [fact for fact in facts if fact.in_file in before[given.id, fact.field]]
        for fact in old:
            edited = EditedFact(given.position, "company", given.id, row["name"], *fact[:3])
            context.report.edited.report(edited)
        if new := [fact for fact in facts if fact not in old]:
            changed.append((given, new))
    if not changed:
        return NounResult("company")
    ask_about_ids(context, "company", len(changed))
    counts: Counter[str] = Counter(updated=len(changed))
    for given, facts in changed:
        row = companies[given.id]
        try:
            for fact in facts:
                refuse_taken_cvr(store, str(fact.in_file) if fact.field == "cvr" else None)
        except Refusal as taken:
            context.report.error(given.position, heading_fact("company", "cvr"), "", taken)
            continue
        since = {fact.field: in_force_since(row, fact.field, today.isoformat()) for fact in facts}
        for day in dict.fromkeys(since.values()):
            values = {f.field: f.in_file for f in facts if since[f.field] == day}
            row = context.work.edit("company", row, {"from": day, **values} if day else values)
        changed_row = ChangedRow(given.position, "company", given.id, row["name"], facts, [])
        context.report.changed.report(changed_row)
        counts[given.outcome] -= 1
    return NounResult("company", **counts)


class _Correction(NamedTuple):
    """The changes that a row makes to a record; `values` by columns of the record's row."""

    position: RowPosition
    cells: Cells
    sheet: int
    row: Row
    facts: list[ChangedFact]
    values: dict[str, Any]
    person: str | None = None


def _both(correction: _Correction, other: _Correction | None) -> _Correction:
    """Return a correction combined with that of the person, if there is one."""
    if other is None:
        return correction
    return correction._replace(facts=[*correction.facts, *other.facts], person=other.person)


class _Corrections:
    """The corrections of the records of one noun."""

    def __init__(self, context: ImportContext, noun: str, readers: Sequence[EventReader]) -> None:
        self._context = context
        self._noun = noun
        self._store = context.session.store
        self._readers = dict(enumerate(readers, start=1))
        self._added = self._known = self._updated = 0

    def result(self) -> NounResult:
        """Correct and add; return how the rows fared."""
        recognition = self._context.recognition(self._noun)
        self._correct_given(recognition.given)
        self._correct_changed(recognition.all_rows(), recognition.met)
        self._report_gone(recognition.gone())
        recognition.store_places()
        self._context.work.flush()
        return NounResult(self._noun, self._added, self._known, updated=self._updated)

    def _correct_changed(self, rows: Sequence[RecognisedRow], met: Sequence[GivenRow]) -> None:
        """Correct the records of rows that changed, or add these; `met` name other persons."""
        changed: list[tuple[HeldRow, _Correction]] = []
        persons = self._other_persons([*met, *self._naming_persons(rows)])
        for found in rows:
            if found.verdict == "new":
                self._add(found.held)
                report_similar(self._context, found)
            elif found.verdict in {"known", "changed"}:
                correction = self._correction(found.held, found.records[0])
                if correction.facts:
                    self._context.recognition(self._noun).note_place(
                        correction.row["id"], found.held.row.place
                    )
                    other = persons.pop(correction.row["id"], None)
                    changed.append((found.held, _both(correction, other)))
                else:
                    self._known += 1
        unclear = [found for found in rows if found.verdict == "unclear"]
        gone = [found for found in rows if found.verdict == "withdrawn"]
        number = len(changed) + len(unclear) + len(persons)
        answer = self._answer(number) if number else None
        if answer == ADD or self._context.options.adds_similar:
            for held in (*(held for held, _ in changed), *(f.held for f in (*unclear, *gone))):
                self._add(held)
            return
        self._known -= len(persons)
        self._apply([*persons.values(), *(correction for _, correction in changed)])
        for found in unclear:
            self._leave_unclear(found, is_refused=answer == UPDATE)
        for found in gone:
            record = found.records[0].row
            report_withdrawn(
                self._context, found.held.position, self._noun, record["id"], record["withdrawn"]
            )
            self._known += 1

    def _report_gone(self, ids: Sequence[str]) -> None:
        """Report the records whose rows are no longer in the file."""
        report = self._context.report.gone
        first = ids[: report.room]
        records = {row["id"]: row for row in events_of(self._store, self._noun, first)}
        names = self._company_names([row["company_id"] for row in records.values()])
        for id_ in first:
            row = records[id_]
            day = row["date"] if self._noun == "contact" else row["agreed"]
            report.report(GoneRow(self._noun, id_, names[row["company_id"]], day))
        report.number += len(ids) - len(first)

    def _answer(self, number: int) -> str | None:
        """Return what to do with rows that changed; None as long as that is undecided."""
        options = self._context.options
        if options.updates or options.adds_similar:
            return UPDATE if options.updates else ADD
        file = self._context.file
        doubt = Doubt("changed_rows", self._noun, choices=_CHOICES, number=number, file=file)
        return self._context.ask(doubt)

    def _leave_unclear(self, found: RecognisedRow, *, is_refused: bool) -> None:
        ids = [record.id for record in found.records]
        held = found.held
        if is_refused:
            error = BadValue("row_of_several", among=", ".join(ids), noun=self._noun)
            field = "date" if self._noun == "contact" else "agreed"
            self._readers[held.sheet].report(held.position, held.cells, [(field, error)])
        names = self._company_names([found.records[0].row["company_id"]])
        name = names[found.records[0].row["company_id"]]
        row = ChangedRow(held.position, self._noun, "", name, [], ids)
        self._context.report.changed.report(row)

    def _correction(self, held: HeldRow, record: KnownRecord) -> _Correction:
        """Return what changed in a row since it was read, and report what a person edited here since.

        An empty cell in another list than the record's own erases nothing.
        """
        is_own = record.id in self._context.recognition(self._noun).read_in(held.sheet)
        read = held.row.against(record.read)
        stated = held.row.against(record.stated)
        facts = [
            ChangedFact(name, now, value, is_edited=now != before)
            for name, (value, before) in read.items()
            for now in (stated[name][1],)
            if value not in {before, now} and (is_own or value is not None)
        ]
        values = {fact.field: fact.in_file for fact in facts}
        return _Correction(held.position, held.cells, held.sheet, record.row, facts, values)

    def _correct_given(self, rows: Sequence[GivenRow]) -> None:
        """Correct the records of the rows that give ids, by the cells that are not blank."""
        records = {row["id"]: row for row in events_of(self._store, self._noun, _ids(rows))}
        at = {row["company_id"] for row in records.values()}
        companies = {row["id"]: dict(row) for row in rows_of(self._store, "company", at)}
        people = [row["person_id"] for row in records.values() if row.get("person_id")]
        names = person_names(self._store, people)
        found = []
        for given in rows:
            row = records[given.record_id]
            correction = self._given_correction(given, row, companies[row["company_id"]], names)
            if correction.facts:
                found.append(correction)
        corrections = self._without_edited(found, companies)
        if not corrections:
            return
        ask_about_ids(self._context, self._noun, len(corrections))
        self._known -= len(corrections)
        self._apply(corrections)

    def _given_correction(
        self, given: GivenRow, row: Row, company: Row, names: Mapping[str, str | None]
    ) -> _Correction:
        """Return the differences between a row with an id and its record."""
        stated = EVENT_FACTS[self._noun].shown(row)
        values = dict(given.facts)
        if "others" in values:
            values["others"] = besides(values.get("broker") or row["broker"], values["others"])
        facts = [
            ChangedFact(name, stated[name], value)
            for name, value in values.items()
            if value is not None and value != stated[name]
        ]
        changed = {fact.field: fact.in_file for fact in facts}
        other = self._other_company(given, company)
        if other is not None:
            facts.append(ChangedFact("company", company["name"], other["name"]))
            changed["company_id"] = other["id"]
        name = names.get(row["person_id"]) if row.get("person_id") else ""
        if given.person is not None and name is not None and name != given.person:
            facts.append(ChangedFact("person", name or None, given.person))
        person = given.person or name or None  # one who was erased is named nowhere again
        return _Correction(given.position, given.cells, given.sheet, row, facts, changed, person)

    def _naming_persons(self, rows: Sequence[RecognisedRow]) -> Iterator[GivenRow]:
        """Yield the recognised rows that name another person than their records."""
        naming = {
            found.records[0].id: found.held
            for found in rows
            if found.verdict in {"known", "changed"} and found.held.links["person"]
        }
        met = persons_met(self._store, naming) if naming else {}
        for record_id, held in naming.items():
            if met.get(record_id) not in {None, held.links["person"]}:
                place = held.position, held.cells, record_id
                yield GivenRow(*place, {}, held.links["person"], held.sheet)

    def _other_persons(self, rows: Sequence[GivenRow]) -> dict[str, _Correction]:
        """Return the corrections of rows that name another person, unless that was edited here, by record."""
        rows = [row for row in rows if not self._readers[row.sheet].is_twin(row.record_id)]
        records = {row["id"]: row for row in events_of(self._store, self._noun, _ids(rows))}
        before = earlier_values(self._store, self._noun, list(records))
        people = {id_ for (_, name), ids in before.items() if name == "person_id" for id_ in ids}
        names = person_names(self._store, people - {None})
        found = {}
        for given in rows:
            row = records[given.record_id]
            if given.person not in {names.get(id_) for id_ in before[row["id"], "person_id"]}:
                fact = ChangedFact("person", names.get(row["person_id"]), given.person)
                place = given.position, given.cells, given.sheet
                found[row["id"]] = _Correction(*place, row, [fact], {}, given.person)
        return found

    def _other_company(self, given: GivenRow, company: Row) -> Row | None:
        """Return the company that a row names, if it is not its record's; report a bad one."""
        cell = given.cells.get("company")
        if is_blank(cell):
            return None
        text = str(cell).strip()
        named = {company["id"], company["cvr"], company["name_key"]}
        if not named.isdisjoint({text.lower(), looks_like_cvr(text), name_key(text)}):
            return None
        try:
            found = self._context.companies.named(cell)
        except BadValue as error:
            self._report(given, "company", error)
            return None
        if found.id in {company["id"], BAD_IN_FILE}:
            return None
        if found.refusal is not None:
            self._report(given, "company", found.refusal)
            return None
        return next(map(dict, rows_of(self._store, "company", [found.id])))

    def _without_edited(
        self, corrections: Sequence[_Correction], companies: Mapping[str, Row]
    ) -> list[_Correction]:
        """Leave out and report the cells with values that the records had before: these are out of date."""
        ids = [correction.row["id"] for correction in corrections]
        before = earlier_values(self._store, self._noun, ids)
        rest = []
        for each in corrections:
            row, facts, values = each.row, [], dict(each.values)
            for fact in each.facts:
                column = "company_id" if fact.field == "company" else fact.field
                if values.get(column) not in before[row["id"], column]:
                    facts.append(fact)
                    continue
                del values[column]
                name = companies[row["company_id"]]["name"]
                edited = EditedFact(each.position, self._noun, row["id"], name, *fact[:3])
                self._context.report.edited.report(edited)
            if facts:
                rest.append(each._replace(facts=facts, values=values))
        return rest

    def _apply(self, corrections: Sequence[_Correction]) -> None:
        """Store corrections, and report each."""
        report = self._context.report.changed
        names = self._company_names([each.row["company_id"] for each in corrections])
        for each in corrections:
            if self._store_correction(each):
                self._updated += 1
                row = each.row
                name = names[row["company_id"]]
                report.report(
                    ChangedRow(each.position, self._noun, row["id"], name, each.facts, [])
                )

    def _store_correction(self, correction: _Correction) -> bool:
        """Store one correction as `edit` does; report its errors."""
        facts_class, row = EVENT_FACTS[self._noun], correction.row
        values = {name: v for name, v in correction.values.items() if name != "company_id"}
        values = with_known_brokers(self._context.work, facts_class, values, self._context.ask)
        today = self._context.session.clock.today
        try:
            facts = facts_class.validate({**facts_class.from_row(row), **values}, today)
        except FieldErrors as found:
            fields = named_fields(facts_class)
            for name, error in found.errors:
                self._report(correction, fields[name].column, error)
            return False
        new = facts.stated()
        stated = {name: new.get(name) for name in fields_changed(facts_class, row, new)}
        company_id = str(correction.values.get("company_id", row["company_id"]))
        if company_id != row["company_id"]:
            stated["company_id"] = company_id
        is_other_person = any(fact.field == "person" for fact in correction.facts)
        if correction.person and (is_other_person or "company_id" in stated):
            reader = self._readers[correction.sheet]
            stated["person_id"] = reader.person_id(correction.person, company_id)
        self._context.work.edit(self._noun, row, stated)
        return True

    def _add(self, held: HeldRow) -> None:
        self._added += self._readers[held.sheet].add(held)

    def _report(self, row: GivenRow | _Correction, field: str, error: Refusal) -> None:
        self._readers[row.sheet].report(row.position, row.cells, [(field, error)])

    def _company_names(self, ids: Iterable[str]) -> dict[str, str]:
        return {row["id"]: row["name"] for row in rows_of(self._store, "company", set(ids))}


def earlier_values(
    store: Store, noun: str, ids: Sequence[str]
) -> Mapping[tuple[str, str], Sequence[Any]]:
    """Return the values that records have had, by record and fact."""
    before: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for entry in entries_on(store, noun, ids) if ids else ():
        for name, value in entry.facts.items():
            before[entry.record_id, name].append(value)
    return before


def ask_about_ids(context: ImportContext, noun: str, number: int) -> None:
    """Ask whether to correct the records whose ids rows give."""
    if not context.options.updates:
        context.ask(Doubt("rows_with_ids", noun, number=number, file=context.file))


def _ids(rows: Iterable[GivenRow]) -> set[str]:
    return {row.record_id for row in rows}
