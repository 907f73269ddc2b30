"""Lists that are kept up to date: a row that changed corrects its record, and nothing is counted twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import CVR
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import Answers, Doubts
from kmtrack.usecases.erasure_plan import plan_of_person
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import NO_OPTIONS, ImportOptions
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.people import erase_persons
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

OTHER_CVR: Final = "13585628"
UPDATE: Final = ImportOptions(updates=True)
ADD: Final = ImportOptions(adds_similar=True)
HIRES: Final = "company;level;agreed;start;note"
CONTACTS: Final = "company;date;channel;note"


@pytest.fixture
def session(session: Session) -> Session:
    add_company(
        session, {"name": "Hedelund ApS", "cvr": CVR, "municipality": "Viborg", "employees": "40"}
    )
    add_company(
        session, {"name": "Gamma", "cvr": OTHER_CVR, "municipality": "Viborg", "employees": "9"}
    )
    add_event(session, "contact", CVR, {"date": "2011-01-03"})
    return session


@pytest.fixture
def read(session: Session, tmp_path: Path) -> Reading:
    return Reading(session, tmp_path)


class Reading:
    """Writes lists and reads them in one ledger."""

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self._folder = folder

    def __call__(
        self,
        noun: str,
        headings: str,
        rows: Sequence[str],
        options: ImportOptions = NO_OPTIONS,
        name: str = "liste.csv",
        **more: Any,
    ) -> ImportResult:
        file = self._folder / name
        file.write_text("\n".join([headings, *rows]) + "\n", "utf-8")
        result = import_file(self.session, file, noun, options, **more)
        assert check_ledger(self.session.store).damage == []
        return result

    def refuses(self, key: str, *args: Any, **more: Any) -> ImportResult:
        """Expect that a list is not stored before that doubt is settled; return what it would do."""
        before = self.entries()
        with pytest.raises(Doubts) as refused:
            self(*args, **more)
        assert [doubt.key for doubt in refused.value.doubts] == [key]
        assert self.entries() == before
        result: ImportResult = refused.value.result
        return result

    def entries(self) -> int:
        return int(self.session.store.get("SELECT count(*) FROM entry")[0])

    def records(self, noun: str, *fields: str) -> list[tuple[Any, ...]]:
        """Return these facts of all live records, sorted."""
        names = ", ".join(f'"{field}"' for field in fields)
        rows = self.session.store.all(f"SELECT {names} FROM {noun} WHERE withdrawn IS NULL")
        return sorted((tuple(row) for row in rows), key=str)


def counts(result: ImportResult) -> tuple[int, int, int]:
    """Return how many rows of the one noun were added, were here already, and corrected a record."""
    [noun] = result.nouns
    return noun.added, noun.already_here, noun.updated


def hire(start: str = "", note: str = "", agreed: str = "4.3.2011", level: str = "kandidat") -> str:
    return f"{CVR};{level};{agreed};{start};{note}"


def test_a_row_that_changed_is_offered_as_a_correction(read: Reading) -> None:
    read("hire", HIRES, [hire()], name="marts.csv")
    result = read.refuses("changed_rows", "hire", HIRES, [hire("1.4.2011")], name="april.csv")
    [changed] = result.changed
    [fact] = changed.facts
    assert (fact.field, fact.in_ledger, fact.in_file) == ("start", None, "2011-04-01")
    assert counts(read("hire", HIRES, [hire("1.4.2011")], UPDATE)) == (0, 0, 1)
    assert counts(read("hire", HIRES, [hire("1.4.2011", "fuldtid")], UPDATE)) == (0, 0, 1)
    assert read.records("hire", "agreed", "start", "note") == [
        ("2011-03-04", "2011-04-01", "fuldtid")
    ]
    for options in (NO_OPTIONS, UPDATE, ADD):
        assert counts(read("hire", HIRES, [hire("1.4.2011", "fuldtid")], options)) == (0, 1, 0)


def test_it_is_stored_as_a_new_record_where_somebody_says_so(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    assert counts(read("hire", HIRES, [hire("1.4.2011")], ADD)) == (1, 0, 0)
    assert counts(read("hire", HIRES, [hire("1.4.2011")])) == (0, 1, 0)
    assert len(read.records("hire", "id")) == 2


@pytest.mark.parametrize(("answer", "stored"), [("update", (0, 0, 1)), ("add", (1, 0, 0))])
def test_whoever_sits_at_a_terminal_chooses(
    read: Reading, answer: str, stored: tuple[int, int, int]
) -> None:
    read("hire", HIRES, [hire()])
    given = {("changed_rows", "hire"): answer, ("import_store",): "yes"}
    read.session = read.session._replace(answers=Answers(given, can_ask=True))
    assert counts(read("hire", HIRES, [hire("1.4.2011")])) == stored


def test_a_dry_run_shows_the_open_question_and_stores_nothing(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    before = read.entries()
    result = read("hire", HIRES, [hire("1.4.2011")], dry_run=True)
    assert [doubt.key for doubt in result.questions] == ["changed_rows"]
    assert counts(result) == (0, 0, 1)
    assert read.entries() == before


def test_three_masters_hired_on_one_day_are_three_hires(read: Reading) -> None:
    assert counts(read("hire", HIRES, [hire()] * 3)) == (3, 0, 0)
    assert counts(read("hire", HIRES, [hire()] * 3)) == (0, 3, 0)
    for corrected in (
        [hire("1.5.2011"), hire(), hire()],
        [hire(), hire("1.5.2011"), hire()],
        [hire(), hire(), hire("1.5.2011")],
    ):
        assert counts(read("hire", HIRES, corrected, UPDATE))[0] == 0
        assert read.records("hire", "start") == [("2011-05-01",), (None,), (None,)]
    both = [hire("1.5.2011"), hire("1.6.2011"), hire()]
    assert counts(read("hire", HIRES, both, UPDATE)) == (0, 2, 1)
    assert counts(read("hire", HIRES, [*both, hire()])) == (1, 3, 0)


def test_a_longer_list_adds_its_new_rows(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    assert counts(read("hire", HIRES, [hire("1.5.2011"), hire()])) == (1, 1, 0)
    assert counts(read("hire", HIRES, [hire(), hire("1.5.2011"), hire()])) == (1, 2, 0)


def test_twelve_monthly_lists_of_one_name_are_twelve_lists(read: Reading) -> None:
    for month in range(1, 7):
        rows = [f"{cvr};{day}.{month}.2011;visit;" for cvr in (CVR, OTHER_CVR) for day in (1, 7)]
        assert counts(read("contact", CONTACTS, rows)) == (4, 0, 0)
        rows = [f"{CVR};kandidat;{day}.{month}.2011;;" for day in (2, 9)]
        assert counts(read("hire", HIRES, rows)) == (2, 0, 0)
    assert len(read.records("contact", "id")) == 25


def test_a_row_inserted_at_the_top_moves_the_others_and_changes_none(read: Reading) -> None:
    rows = [f"{CVR};{day}.3.2011;visit;Besøg {day}" for day in range(1, 6)]
    read("contact", CONTACTS, rows)
    assert counts(read("contact", CONTACTS, [f"{CVR};9.3.2011;visit;", *rows])) == (1, 5, 0)
    # The lines are those of the list as it is now.
    corrected = [f"{CVR};9.3.2011;visit;", *rows[:-1], f"{CVR};6.3.2011;visit;Besøg 5"]
    assert counts(read("contact", CONTACTS, corrected, UPDATE)) == (0, 5, 1)
    assert counts(read("contact", CONTACTS, corrected[::-1])) == (0, 6, 0)


@pytest.mark.parametrize(
    ("note", "other", "name", "is_one"),
    [
        ("Kaffe", "Kaffe", "liste.csv", True),  # the same line with the same note
        ("Kaffe", "Kaffe", "anden.csv", False),
        ("Kaffe", "Te", "liste.csv", False),
        ("", "", "liste.csv", False),
        ("Snak om praktik", "snak om  praktik", "anden.csv", True),  # a note that tells
        ("Snak om praktik", "Snak om løn", "liste.csv", False),
    ],
)
def test_contacts_on_different_days_are_one_by_place_or_note_only(
    read: Reading, note: str, other: str, name: str, is_one: bool
) -> None:
    read("contact", CONTACTS, [f"{CVR};1.3.2011;visit;{note}"])
    result = read("contact", CONTACTS, [f"{CVR};2.3.2011;visit;{other}"], UPDATE, name)
    assert counts(result) == ((0, 0, 1) if is_one else (1, 0, 0))


def test_a_corrected_day_of_a_list_that_is_otherwise_the_same_never_counts_twice(
    read: Reading,
) -> None:
    rows = [f"{CVR};{day}.3.2011;visit;" for day in (1, 8, 15)]
    read("contact", CONTACTS, rows)
    rows[1] = f"{CVR};9.3.2011;visit;"
    read.refuses("changed_rows", "contact", CONTACTS, rows)
    assert counts(read("contact", CONTACTS, rows, UPDATE)) == (0, 2, 1)
    read("hire", HIRES, [hire(agreed="1.4.2011"), hire(agreed="2.4.2011", level="phd")])
    rows = [hire(agreed="1.4.2011"), hire(agreed="3.4.2011", level="phd")]
    assert counts(read("hire", HIRES, rows, UPDATE)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("before", "after", "is_one"),
    [
        ("project;1.3.2011;;Web", "project;2.3.2011;;Web", True),
        ("project;1.3.2011;;Web", "project;1.3.2011;1.5.2011;Net", True),
        ("project;;1.5.2011;Web", "project;1.3.2011;1.5.2011;Web", True),
        ("project;1.3.2011;;Web", "internship;1.3.2011;;Web", False),
        ("project;1.3.2011;;Web", "project;2.3.2011;;Net", False),
        ("project;;;", "project;2.3.2011;;", False),
    ],
)
def test_collaborations_are_one_by_kind_and_a_day_or_the_title(
    read: Reading, before: str, after: str, is_one: bool
) -> None:
    headings = "company;kind;agreed;start;title"
    read("collaboration", headings, [f"{CVR};{before}"], name="a.csv")
    result = read("collaboration", headings, [f"{CVR};{after}"], UPDATE, "b.csv")
    assert counts(result) == ((0, 0, 1) if is_one else (1, 0, 0))


def test_most_facts_must_agree_and_the_company_must(read: Reading) -> None:
    headings = "company;level;agreed;field;hours;institution"
    read("hire", headings, [f"{CVR};phd;1.3.2011;Kemi;37;AU"])
    other = f"{CVR};phd;1.3.2011;Jura;20;KU"
    assert counts(read("hire", headings, [other])) == (1, 0, 0)
    elsewhere = f"{OTHER_CVR};phd;1.3.2011;Jura;20;KU"
    assert counts(read("hire", headings, [elsewhere])) == (1, 0, 0)


def test_what_was_edited_here_stays_unless_the_row_changed_there(read: Reading) -> None:
    read("hire", HIRES, [hire(note="ny")])
    [(record_id,)] = read.records("hire", "id")
    edit_event(read.session, "hire", record_id, {"start": "2011-05-01", "note": "rettet"})
    assert counts(read("hire", HIRES, [hire(note="ny")])) == (0, 1, 0)
    result = read.refuses("changed_rows", "hire", HIRES, [hire("2.5.2011", "ny")])
    [fact] = result.changed[0].facts
    assert (fact.field, fact.in_ledger, fact.is_edited) == ("start", "2011-05-01", True)
    read("hire", HIRES, [hire("2.5.2011", "ny")], UPDATE)
    assert read.records("hire", "start", "note") == [("2011-05-02", "rettet")]


def test_a_file_that_says_what_was_edited_here_is_known(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    [(record_id,)] = read.records("hire", "id")
    edit_event(read.session, "hire", record_id, {"start": "2011-05-01", "agreed": "2011-03-05"})
    assert counts(read("hire", HIRES, [hire("1.5.2011", agreed="5.3.2011")])) == (0, 1, 0)


def test_a_row_that_may_be_of_two_records_is_left_to_a_person(read: Reading) -> None:
    read("hire", HIRES, [hire("1.4.2011", "a"), hire("1.5.2011", "b")], name="a.csv")
    result = read.refuses("changed_rows", "hire", HIRES, [hire("1.6.2011")], name="b.csv")
    ids = sorted(id_ for (id_,) in read.records("hire", "id"))
    assert [row.among for row in result.changed] == [ids]
    with pytest.raises(BadRows) as refused:
        read("hire", HIRES, [hire("1.6.2011")], UPDATE, "b.csv")
    assert [error.error.key for error in refused.value.errors] == ["row_of_several"]
    assert counts(read("hire", HIRES, [hire("1.6.2011")], ADD, "b.csv")) == (1, 0, 0)


def test_of_two_records_the_one_of_the_same_line_changed(read: Reading) -> None:
    read("hire", HIRES, [hire("1.4.2011"), hire("1.5.2011")])
    assert counts(read("hire", HIRES, [hire("1.4.2011"), hire("1.6.2011")], UPDATE)) == (0, 1, 1)
    assert read.records("hire", "start") == [("2011-04-01",), ("2011-06-01",)]


def test_a_row_whose_record_was_withdrawn_is_reported(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    [(record_id,)] = read.records("hire", "id")
    withdraw_event(read.session, "hire", record_id, "en fejl")
    result = read("hire", HIRES, [hire("1.4.2011")])
    assert counts(result) == (0, 1, 0)
    assert [(row.id, row.reason) for row in result.withdrawn] == [(record_id, "en fejl")]
    assert counts(read("hire", HIRES, [hire("1.4.2011")], ADD)) == (1, 0, 0)


def test_an_undo_takes_corrections_back_and_the_rows_are_read_again(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    read("hire", HIRES, [hire("1.4.2011")], UPDATE)
    undo_command(read.session)
    assert read.records("hire", "start") == [(None,)]
    read.refuses("changed_rows", "hire", HIRES, [hire("1.4.2011")])
    assert counts(read("hire", HIRES, [hire()])) == (0, 1, 0)
    undo_command(read.session)
    assert read.records("hire", "id") == []
    assert counts(read("hire", HIRES, [hire("1.4.2011")])) == (1, 0, 0)


def test_a_row_that_changes_back_is_a_correction_too(read: Reading) -> None:
    read("hire", HIRES, [hire()])
    read("hire", HIRES, [hire("1.4.2011")], UPDATE)
    assert counts(read("hire", HIRES, [hire()], UPDATE)) == (0, 0, 1)
    assert read.records("hire", "start") == [(None,)]
    read("hire", HIRES, [hire("1.4.2011")], UPDATE)
    # A second hire as the first one was.
    assert counts(read("hire", HIRES, [hire("1.4.2011"), hire()])) == (1, 1, 0)
    assert counts(read("hire", HIRES, [hire(), hire("1.4.2011")])) == (0, 2, 0)


def test_a_column_that_is_gone_or_new_changes_nothing(read: Reading) -> None:
    read("hire", HIRES, [hire("1.4.2011", "en note")])
    assert counts(read("hire", "company;level;agreed;start", [f"{CVR};phd;1.1.2011;"])) == (1, 0, 0)
    short = f"{CVR};kandidat;4.3.2011;1.4.2011"
    assert counts(read("hire", "company;level;agreed;start", [short])) == (0, 1, 0)
    assert read.records("hire", "note") == [("en note",), (None,)]


def test_a_value_that_does_not_fit_the_rest_is_refused_with_its_row(read: Reading) -> None:
    headings = "company;date;channel;note;next"
    read("contact", headings, [f"{CVR};1.3.2011;visit;Snak om praktik;1.4.2011"])
    [record_id] = [id_ for id_, note in read.records("contact", "id", "note") if note]
    edit_event(read.session, "contact", record_id, {"next": "2011-03-05"})
    with pytest.raises(BadRows) as refused:
        read("contact", headings, [f"{CVR};6.3.2011;visit;Snak om praktik;1.4.2011"], UPDATE)
    assert [error.error.key for error in refused.value.errors] == ["next_before_contact"]


def test_a_hire_that_was_typed_is_pointed_out(read: Reading) -> None:
    add_event(read.session, "hire", CVR, {"level": "kandidat", "agreed": "2011-03-04"})
    result = read("hire", HIRES, [hire("1.4.2011")])
    assert counts(result) == (1, 0, 0)
    assert len(result.similar) == 1


def test_another_ledger_knows_the_row_by_what_it_says(read: Reading, other: Session) -> None:
    read("hire", HIRES, [hire()])
    read("hire", HIRES, [hire("1.4.2011")], UPDATE)
    merge_ledgers(other._replace(answers=Answers(says_yes=True)), [read.session.store.location])
    read.session = other
    assert counts(read("hire", HIRES, [hire("1.4.2011")])) == (0, 1, 0)
    read.refuses("changed_rows", "hire", HIRES, [hire("1.5.2011")])


def test_another_person_in_a_row_is_a_correction(read: Reading) -> None:
    headings = "company;date;channel;person"
    rows = [f"{CVR};1.3.2011;visit;Anne Berg", f"{CVR};2.3.2011;visit;Bo", f"{CVR};3.3.2011;visit;"]
    read("contact", headings, rows)
    rows[0] = f"{CVR};1.3.2011;visit;Anna Berg"
    result = read.refuses("changed_rows", "contact", headings, rows)
    assert [tuple(fact)[:3] for fact in result.changed[0].facts] == [
        ("person", "Anne Berg", "Anna Berg")
    ]
    assert counts(read("contact", headings, rows, UPDATE)) == (0, 2, 1)
    assert counts(read("contact", headings, rows)) == (0, 3, 0)
    named = "SELECT name FROM person JOIN contact ON contact.person_id = person.id ORDER BY date"
    assert [row[0] for row in read.session.store.all(named)] == ["Anna Berg", "Bo"]


def test_a_person_who_was_edited_here_or_erased_stays(read: Reading) -> None:
    headings, row = "company;date;channel;person", f"{CVR};1.3.2011;visit;Anne Berg"
    read("contact", headings, [row])
    [(contact,)] = read.session.store.all("SELECT id FROM contact WHERE person_id IS NOT NULL")
    edit_event(read.session, "contact", contact, {"person": "Bo"})
    assert counts(read("contact", headings, [row])) == (0, 1, 0)
    erase_persons(read.session, *plan_of_person(read.session, "Bo").persons)
    assert counts(read("contact", headings, [row])) == (0, 1, 0)


def test_two_rows_that_differ_in_the_person_only_may_change_places(read: Reading) -> None:
    headings = "company;date;channel;person"
    rows = [f"{CVR};1.3.2011;visit;{name}" for name in ("Anne Berg", "Bo")]
    read("contact", headings, rows)
    assert counts(read("contact", headings, rows[::-1])) == (0, 2, 0)


def test_an_empty_cell_of_another_list_erases_nothing(read: Reading) -> None:
    visit = f"{CVR};4.3.2011;besøg;aftalt praktik fra august"
    read("contact", CONTACTS, [visit], name="marts.csv")
    other = [f"{CVR};4.3.2011;besøg;"]
    for options in (NO_OPTIONS, UPDATE):
        assert counts(read("contact", CONTACTS, other, options, name="telefon.csv")) == (0, 1, 0)
    assert ("2011-03-04", "aftalt praktik fra august") in read.records("contact", "date", "note")
    assert counts(read("contact", CONTACTS, [visit], name="marts.csv")) == (0, 1, 0)
    assert counts(read("contact", CONTACTS, other, UPDATE, name="marts.csv")) == (0, 0, 1)
    assert ("2011-03-04", None) in read.records("contact", "date", "note")


@pytest.mark.parametrize(
    ("noun", "headings", "before", "after"),
    [
        ("hire", "company;level;agreed", "kandidat;3.6.2011", "kandidat;1.6.2011"),
        ("collaboration", "company;kind;agreed", "projekt;3.6.2011", "projekt;1.6.2011"),
        (
            "hire",
            "company;level;agreed;start",
            "kandidat;3.6.2011;1.7.2011",
            "kandidat;1.6.2011;5.7.2011",
        ),
    ],
)
def test_corrected_days_of_an_agreement_in_its_line_count_once(
    read: Reading, noun: str, headings: str, before: str, after: str
) -> None:
    read(noun, headings, [f"{CVR};{before}"])
    read.refuses("changed_rows", noun, headings, [f"{CVR};{after}"])
    assert counts(read(noun, headings, [f"{CVR};{after}"], UPDATE)) == (0, 0, 1)
    assert read.records(noun, "agreed") == [("2011-06-01",)]


def test_another_level_in_the_line_of_a_hire_is_another_hire(read: Reading) -> None:
    read("hire", "company;level;agreed", [f"{CVR};kandidat;3.6.2011"])
    result = read("hire", "company;level;agreed", [f"{CVR};phd;1.6.2011"])
    assert counts(result) == (1, 0, 0)


def test_rows_that_are_no_longer_in_their_file_are_named(read: Reading) -> None:
    rows = [f"{CVR};10.5.2011;besøg;", f"{OTHER_CVR};11.5.2011;besøg;"]
    assert read("contact", CONTACTS, rows).gone.number == 0
    rows = [f"{CVR};15.5.2011;besøg;", rows[0], f"{OTHER_CVR};12.5.2011;besøg;"]
    result = read("contact", CONTACTS, rows)
    assert [(row.noun, row.name, row.day) for row in result.gone] == [
        ("contact", "Gamma", "2011-05-11")
    ]
    assert read("contact", CONTACTS, rows).gone.number == 1
    assert read("contact", CONTACTS, rows[:1], name="andre.csv").gone.number == 0


def test_the_file_of_another_month_is_no_list_that_lost_its_rows(read: Reading) -> None:
    read("contact", CONTACTS, [f"{CVR};10.3.2011;besøg;", f"{OTHER_CVR};11.3.2011;besøg;"])
    april = [f"{CVR};12.4.2011;besøg;", f"{OTHER_CVR};13.4.2011;besøg;"]
    result = read("contact", CONTACTS, april)
    assert (counts(result), result.gone.number) == ((2, 0, 0), 0)


@pytest.mark.parametrize(
    ("name", "is_told"),
    [("Bilka Skive", True), ("Hedelund", False), ("HEDELUND APS", False), ("", False)],
)
@pytest.mark.parametrize("noun", ["contact", "hire"])
def test_a_name_beside_the_number_of_another_company_is_told(
    read: Reading, noun: str, name: str, *, is_told: bool
) -> None:
    column = "agreed;level" if noun == "hire" else "date;channel"
    fact = "phd" if noun == "hire" else "besøg"
    rows = [f"{name};{CVR};{day}.6.2011;{fact}" for day in (4, 5)]
    result = read(noun, f"company;cvr;{column}", rows)
    told = [(found.position.row, found.company, found.in_file) for found in result.other_names]
    assert told == ([(2, "Hedelund ApS", name)] if is_told else [])


def test_one_name_in_two_municipalities_is_told_and_checked(read: Reading) -> None:
    rows = ["Nordvand ApS;;Viborg", "Nordvand ApS;;Skive"]
    result = read("company", "name;cvr;municipality", rows)
    [found] = result.doubts
    assert (found.position.row, found.is_elsewhere) == (3, True)
    [issue] = [w for w in check_ledger(read.session.store).warnings if w.kind == "one_name_twice"]
    assert {issue.facts["one_id"], issue.facts["other_id"]} == {found.company_id, found.other_id}


def test_the_company_without_a_number_is_to_be_given_one(read: Reading) -> None:
    read("company", "name;cvr;municipality", ["Prosoft A/S;;Viborg", "Prosofta;10150817;Viborg"])
    issues = check_ledger(read.session.store).warnings
    [issue] = [each for each in issues if each.kind == "alike_companies"]
    assert issue.facts["other"] == "Prosoft A/S"
