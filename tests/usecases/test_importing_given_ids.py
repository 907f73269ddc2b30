"""Rows that give the ids of records, as lists of a ledger do: they correct these records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from builders import CVR
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.doubts import Doubts
from kmtrack.usecases.events import add_event, edit_event, withdraw_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import NO_OPTIONS, ImportOptions
from kmtrack.usecases.imports.result import BadRows
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

OTHER_CVR: Final = "13585628"
UPDATE: Final = ImportOptions(updates=True)


@pytest.fixture
def companies(session: Session) -> list[str]:
    """Return the ids of two companies."""
    return [
        add_company(session, {"name": name, "cvr": cvr, "municipality": "Viborg"})["id"]
        for name, cvr in (("Hedelund ApS", CVR), ("Gamma", OTHER_CVR))
    ]


@pytest.fixture
def contact(session: Session, companies: list[str]) -> str:
    """Return the id of a contact with everything."""
    values = {"date": "2011-03-01", "note": "en note", "person": "Anne Berg"}
    return str(add_event(session, "contact", companies[0], values).record["id"])


def read(
    session: Session,
    folder: Path,
    text: str,
    options: ImportOptions = NO_OPTIONS,
    noun: str = "contact",
) -> ImportResult:
    file = folder / "liste.csv"
    file.write_text(text, "utf-8")
    result = import_file(session, file, noun, options)
    assert check_ledger(session.store).damage == []
    return result


def counts(result: ImportResult) -> tuple[int, int, int]:
    [noun] = result.nouns
    return noun.added, noun.already_here, noun.updated


def row_of(session: Session, noun: str, record_id: str) -> dict[str, Any]:
    return dict(session.store.get(f"SELECT * FROM {noun} WHERE id = :id", id=record_id))


def test_a_known_id_corrects_its_record_where_somebody_says_so(
    session: Session, tmp_path: Path, contact: str
) -> None:
    text = f"id;company;date;channel;note;others;person\n{contact};{CVR};2.3.2011;;ny note;;\n"
    with pytest.raises(Doubts) as refused:
        read(session, tmp_path, text)
    assert [doubt.key for doubt in refused.value.doubts] == ["rows_with_ids"]
    before = row_of(session, "contact", contact)
    result = read(session, tmp_path, text, UPDATE)
    assert counts(result) == (0, 0, 1)
    [changed] = result.changed
    assert [tuple(fact)[:3] for fact in changed.facts] == [
        ("date", "2011-03-01", "2011-03-02"),
        ("note", "en note", "ny note"),
    ]
    # An empty cell leaves the value alone.
    assert row_of(session, "contact", contact) == {
        **before,
        "date": "2011-03-02",
        "note": "ny note",
    }
    assert counts(read(session, tmp_path, text)) == (0, 1, 0)
    undo_command(session)
    assert row_of(session, "contact", contact) == before


def test_a_row_moves_its_record_to_another_company_and_names_another_person(
    session: Session, tmp_path: Path, contact: str, companies: list[str]
) -> None:
    result = read(session, tmp_path, f"id;company;date;person\n{contact};{OTHER_CVR};;Bo\n", UPDATE)
    assert [fact.field for fact in result.changed[0].facts] == ["company", "person"]
    row = row_of(session, "contact", contact)
    assert row["company_id"] == companies[1]
    person = row_of(session, "person", row["person_id"])
    assert (person["name"], person["company_id"]) == ("Bo", companies[1])


def test_what_was_edited_after_the_file_was_written_stays_and_is_named(
    session: Session, tmp_path: Path, contact: str
) -> None:
    text = f"id;company;date;channel;note\n{contact};{CVR};1.3.2011;telefon;en note\n"
    edit_event(session, "contact", contact, {"note": "en nyere note"})
    result = read(session, tmp_path, text, UPDATE)
    assert counts(result) == (0, 0, 1)
    [edited] = result.edited
    assert (edited.field, edited.in_ledger, edited.in_file) == ("note", "en nyere note", "en note")
    row = row_of(session, "contact", contact)
    assert (row["channel"], row["note"]) == ("phone", "en nyere note")


def test_a_withdrawn_record_is_reported_and_left_alone(
    session: Session, tmp_path: Path, contact: str
) -> None:
    withdraw_event(session, "contact", contact, "en fejl")
    before = row_of(session, "contact", contact)
    result = read(session, tmp_path, f"id;company;date\n{contact};{CVR};9.3.2011\n", UPDATE)
    assert [row.id for row in result.withdrawn] == [contact]
    assert counts(result) == (0, 1, 0)
    assert row_of(session, "contact", contact) == before


@pytest.mark.parametrize("noun", ["contact", "hire", "company"])
def test_an_id_of_another_noun_is_refused_with_its_line(
    session: Session, tmp_path: Path, contact: str, companies: list[str], noun: str
) -> None:
    own = {"contact": companies[0], "hire": contact, "company": contact}[noun]
    headings = {"contact": "date", "hire": "level", "company": "name"}[noun]
    value = {"contact": "1.3.2011", "hire": "phd", "company": "Ny"}[noun]
    with pytest.raises(BadRows) as refused:
        read(
            session,
            tmp_path,
            f"id;company;{headings}\n;{CVR};{value}\n{own};{CVR};{value}\n".replace(
                "company;name", "name;basis"
            ).replace(f"{CVR};Ny", "Ny;x"),
            noun=noun,
        )
    [error] = refused.value.errors
    assert (error.position.row, error.error.key) == (3, "id_of_other_noun")


def test_an_id_is_given_once(session: Session, tmp_path: Path, contact: str) -> None:
    rows = f"{contact};{CVR};1.3.2011\n{contact};{CVR};2.3.2011\n"
    with pytest.raises(BadRows) as refused:
        read(session, tmp_path, f"id;company;date\n{rows}", UPDATE)
    assert [error.error.key for error in refused.value.errors] == ["id_twice"]
    same = f"{contact};{CVR};2.3.2011\n" * 2
    assert counts(read(session, tmp_path, f"id;company;date\n{same}", UPDATE)) == (0, 1, 1)


def test_an_unknown_id_is_kept_so_that_a_merge_knows_the_record(
    session: Session, other: Session, tmp_path: Path, companies: list[str]
) -> None:
    merge_ledgers(other, [session.store.location])
    contact = add_event(other, "contact", CVR, {"date": "2011-03-01"}).record["id"]
    text = f"id;company;date;channel\n{contact};{CVR};1.3.2011;visit\n"
    assert counts(read(session, tmp_path, text)) == (1, 0, 0)
    merge_ledgers(session, [other.store.location])
    assert session.store.get("SELECT count(*) FROM contact")[0] == 1
    assert check_ledger(session.store).damage == []


def test_a_bad_value_and_a_company_that_is_not_here_are_refused(
    session: Session, tmp_path: Path, contact: str
) -> None:
    rows = [f"{contact};{CVR};31.2.2011", f"{contact.upper()};nobody;"]
    for row in rows:
        with pytest.raises(BadRows):
            read(session, tmp_path, f"id;company;date\n{row}\n", UPDATE)


def test_a_list_of_companies_corrects_them(
    session: Session, tmp_path: Path, companies: list[str]
) -> None:
    edit_company(session, companies[0], {"employees": "40"}, None)
    edit_company(session, companies[0], {"employees": "60"}, "2011-05-01")
    headings = "id;name;cvr;municipality;employees"
    rows = [
        f"{companies[0]};Hedelund A/S;;Silkeborg;61",
        f"{companies[1]};Gamma;{OTHER_CVR};Viborg;9",
    ]
    text = "\n".join([headings, *rows])
    with pytest.raises(Doubts):
        read(session, tmp_path, text, noun="company")
    result = read(session, tmp_path, text, UPDATE, "company")
    assert counts(result) == (0, 0, 1)
    row = row_of(session, "company", companies[0])
    assert (row["name"], row["cvr"], row["municipality"]) == ("Hedelund A/S", CVR, "740")
    assert (row["employees"], row["later"]) == ("40", '{"2011-05-01":{"employees":"61"}}')
    assert counts(read(session, tmp_path, text, noun="company")) == (0, 2, 0)
    back = text.replace(";61", ";60")
    result = read(session, tmp_path, back, UPDATE, "company")
    assert [fact.field for fact in result.edited] == ["employees"]


def test_two_companies_never_get_one_number(
    session: Session, tmp_path: Path, companies: list[str]
) -> None:
    rows = "".join(
        f"{id_};{name};24256790\n"
        for id_, name in zip(companies, ("Hedelund ApS", "Gamma"), strict=True)
    )
    with pytest.raises(BadRows) as refused:
        read(session, tmp_path, f"id;name;cvr\n{rows}", UPDATE, "company")
    assert [error.error.key for error in refused.value.errors] == ["cvr_taken"]
