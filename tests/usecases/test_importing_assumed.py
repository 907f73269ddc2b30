"""What an import assumes where nobody states it, and which unread columns it asks about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import ledger_in, refuses, register, session_over
from kmtrack.errors import Refusal
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import AGREED, NO_ANSWERS, Answers, Doubt, Doubts
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.imports.options import ImportOptions
from kmtrack.views.imports import result_as_dict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.usecases.imports.result import ImportResult
    from kmtrack.usecases.session import Session

CVR = "13748136"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    with session_over(ledger_in(tmp_path)) as session:
        add_company(
            session,
            {"name": "Maskiner ApS", "cvr": CVR, "municipality": "Viborg", "employees": "12"},
        )
        yield session


def csv(folder: Path, *lines: str) -> Path:
    file = folder / "liste.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def assumed(result: ImportResult) -> dict[str, tuple[object, int]]:
    return {each.field: (each.value, each.rows) for each in result.assumed}


def stored(session: Session, column: str = "channel", noun: str = "contact") -> list[Any]:
    return [row[column] for row in session.store.all(f"SELECT {column} FROM {noun} ORDER BY date")]


def entries_and_settings(session: Session) -> list[list[Any]]:
    queries = (
        "SELECT digest FROM entry ORDER BY command, number",
        "SELECT name, value FROM setting",
    )
    return [sorted(map(tuple, session.store.all(query))) for query in queries]


def open_questions(session: Session, file: Path, noun: str = "contact") -> list[Doubt]:
    """Return what stands open; a dry run and a pipe agree on it, and both store nothing."""
    before = entries_and_settings(session)
    with pytest.raises(Doubts) as raised:
        import_file(session._replace(answers=AGREED), file, noun)
    result = import_file(session, file, noun, dry_run=True)
    assert [q.subject for q in result.questions] == [d.subject for d in raised.value.doubts]
    assert entries_and_settings(session) == before
    return list(raised.value.doubts)


@pytest.mark.parametrize(
    ("headings", "row", "expected"),
    [
        ("company;date", f"{CVR};4.3.2011", {"channel": ("visit", 1), "broker": ("JH", 1)}),
        (
            "company;date;channel",
            f"{CVR};4.3.2011;",
            {"channel": ("visit", 1), "broker": ("JH", 1)},
        ),
        ("company;date;channel;broker", f"{CVR};4.3.2011;mail;MK", {}),
        ("company;date;channel;broker", f"{CVR};4.3.2011;mail; ", {"broker": ("JH", 1)}),
    ],
)
def test_a_fact_from_a_default_is_reported_with_its_rows(
    session: Session, tmp_path: Path, headings: str, row: str, expected: dict[str, object]
) -> None:
    register(session, "MK")
    result = import_file(session, csv(tmp_path, headings, row), "contact")
    assert assumed(result) == expected
    assert result.is_clear is not bool(expected)


def test_only_rows_that_are_added_assume_anything(session: Session, tmp_path: Path) -> None:
    rows = [f"{CVR};{day}.3.2011;" for day in (4, 5, 6)]
    import_file(session, csv(tmp_path, "company;date;channel", rows[0]), "contact")
    result = import_file(session, csv(tmp_path, "company;date;channel", *rows), "contact")
    assert assumed(result) == {"channel": ("visit", 2), "broker": ("JH", 2)}
    again = import_file(session, csv(tmp_path, "company;date;channel", *rows), "contact")
    assert again.is_clear


def test_a_level_that_nobody_gives_is_reported_as_unknown(session: Session, tmp_path: Path) -> None:
    result = import_file(
        session, csv(tmp_path, "company;agreed;broker", f"{CVR};4.3.2011;JH"), "hire"
    )
    assert assumed(result) == {"level": (None, 1), "terms": ("ordinary", 1)}


@pytest.mark.parametrize(
    ("noun", "lines", "field"),
    [
        ("hire", ["company;agreed;xyz", f"{CVR};4.3.2011;Cand.merc."], "level"),
        ("hire", ["company;agreed;xyz", f"{CVR};4.3.2011;løntilskud"], "terms"),
        (
            "company",
            ["name;cvr;xyz", "Sport;13585628;forening", "Jern;25063864;virksomhed"],
            "kind",
        ),
    ],
)
def test_every_fact_of_fixed_words_is_looked_for(
    session: Session, tmp_path: Path, noun: str, lines: list[str], field: str
) -> None:
    [doubt] = open_questions(session, csv(tmp_path, *lines), noun)
    assert doubt.facts["option"] == field


def test_a_broker_that_nobody_knows_is_reported_as_unknown(
    session: Session, tmp_path: Path
) -> None:
    file = csv(tmp_path, "company;date;channel", f"{CVR};4.3.2011;besøg")
    result = import_file(session._replace(broker=None), file, "contact", dry_run=True)
    assert assumed(result) == {"broker": (None, 1)}


def test_a_stated_default_is_no_assumption(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;channel", f"{CVR};4.3.2011;", f"{CVR};5.3.2011;besøg")
    register(session, "MK")
    options = ImportOptions({"channel": "telefon", "broker": "mk"})
    result = import_file(session, file, "contact", options)
    assert result.is_clear
    assert stored(session) == ["phone", "visit"]
    assert stored(session, "broker") == ["MK", "MK"]


def test_a_required_fact_may_be_stated(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;agreed;broker", f"{CVR};4.3.2011;JH")
    with refuses("missing_column", "or --kind KIND if"):
        import_file(session, file, "collaboration")
    import_file(session, file, "collaboration", ImportOptions({"kind": "praktik"}))
    assert [row["kind"] for row in session.store.all("SELECT kind FROM collaboration")] == [
        "internship"
    ]


@pytest.mark.parametrize(
    ("stated", "key"),
    [
        ({"channel": "brevdue"}, "bad_option"),
        ({"broker": "!"}, "bad_option"),
        ({"level": "kandidat"}, "option_fits_nothing"),
        ({"kind": "praktik"}, "option_fits_nothing"),
    ],
)
def test_what_is_stated_must_fit(
    session: Session, tmp_path: Path, stated: dict[str, str], key: str
) -> None:
    file = csv(tmp_path, "company;date", f"{CVR};4.3.2011")
    with refuses(key):
        import_file(session, file, "contact", ImportOptions(stated))


@pytest.mark.parametrize(
    ("heading", "values", "field"),
    [
        ("Kontakttype", ["mail"], "channel"),
        ("Kontakttype", ["mail", "telefon", "besøg"], "channel"),
        ("Hvad", ["Tlf. (opfølgning)", "Besøg"], "channel"),
        ("xyz", ["MK"], "broker"),
        ("xyz", ["jh"], "broker"),
        ("Mail", ["x"], "channel"),
        ("Mail sendt", ["ja", "nej"], "channel"),
        ("E-mail sendt d.", ["5.4.2011"], "channel"),
        ("Handling", ["sendt mail med materiale", "ringede, telefon"], "channel"),
        ("Arrangement", ["Erhvervsmøde i Viborg", "Messe"], "channel"),
    ],
)
def test_a_pipe_stops_at_a_column_that_seems_to_hold_what_is_assumed(
    session: Session, tmp_path: Path, heading: str, values: list[str], field: str
) -> None:
    rows = [f"{CVR};{day}.3.2011;{value}" for day, value in enumerate(values, start=1)]
    [doubt] = open_questions(session, csv(tmp_path, f"company;date;{heading}", *rows))
    assert doubt.facts["option"] == field
    assert f"--{field} " in doubt.sentence()
    if heading in {"Mail", "Mail sendt", "E-mail sendt d.", "Arrangement"}:
        assert f"--column {field}" not in doubt.sentence()
    else:
        assert f"--column {field}={heading}" in doubt.sentence()


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("xyz", ["besøg"]),  # what is assumed anyway
        ("Land", ["DK"]),
        ("E-mail", ["a@example.dk", ""]),
        ("Telefon", ["86000000"]),
        ("Emne", ["Nye maskiner", "Møde om en praktikant til efteråret", "Ring igen"]),
        ("Tom", ["", ""]),
        ("Valuta", ["DKK", "EUR"]),
        ("Handling", ["Ring igen?", "Send materiale"]),
        ("Næste skridt", ["send en mail", "send mail om løntilskud"]),
        ("Status", ["afholdt", "gennemført", "Ring igen?"]),
        ("Møde", ["Formøde om praktik i efteråret"]),
        ("Mail", ["a@example.dk"]),
    ],
)
def test_other_columns_that_are_not_read_hold_nobody_up(
    session: Session, tmp_path: Path, heading: str, values: list[str]
) -> None:
    rows = [f"{CVR};{day}.3.2011;{value}" for day, value in enumerate(values, start=1)]
    file = csv(tmp_path, f"company;date;{heading}", *rows)
    result = import_file(session, file, "contact")
    assert (result.rows, result.questions) == (len(rows), [])


def test_text_that_is_no_day_is_not_offered_as_the_next_one(
    session: Session, tmp_path: Path
) -> None:
    file = csv(tmp_path, "company;date;Handling", f"{CVR};4.3.2011;Send materiale")
    [column] = import_file(session, file, "contact", dry_run=True).ignored_columns
    assert column.looks_like is None
    file = csv(tmp_path, "company;date;Handling", f"{CVR};4.3.2011;ring 4.4.2011")
    [column] = import_file(session, file, "contact", dry_run=True).ignored_columns
    assert column.looks_like == "next"


@pytest.mark.parametrize("value", ["planlagt", "Aflyst", "AFLYST.", "Ikke afholdt", "cancelled"])
def test_contacts_that_did_not_take_place_are_asked_about(
    session: Session, tmp_path: Path, value: str
) -> None:
    rows = (f"{CVR};4.3.2011;besøg;afholdt", f"{CVR};5.3.2011;besøg;{value}")
    file = csv(tmp_path, "company;date;channel;Status", *rows)
    [doubt] = open_questions(session, file)
    assert (doubt.key, "--column -=Status" in doubt.sentence()) == ("says_not_held", True)
    answers = NO_ANSWERS.plus(doubt, "yes")
    assert import_file(session._replace(answers=answers), file, "contact", dry_run=True).rows == 2
    options = ImportOptions(columns=("-=Status",))
    assert import_file(session, file, "contact", options).rows == 2


def test_what_is_agreed_may_be_planned(session: Session, tmp_path: Path) -> None:
    row = f"{CVR};4.3.2011;kandidat;ordinær;planlagt"
    file = csv(tmp_path, "company;agreed;level;terms;Status", row)
    assert import_file(session, file, "hire", dry_run=True).questions == []
    file = csv(tmp_path, "company;agreed;level;terms;Status", row.replace("planlagt", "aflyst"))
    [doubt] = open_questions(session, file, "hire")
    assert doubt.key == "says_not_held"


@pytest.mark.parametrize("value", ["ukendt", "Unknown", "n/a"])
def test_a_channel_said_to_be_unknown_is_no_visit(
    session: Session, tmp_path: Path, value: str
) -> None:
    rows = (f"{CVR};4.3.2011;{value}", f"{CVR};5.3.2011;besøg", f"{CVR};6.3.2011;-")
    file = csv(tmp_path, "company;date;Kanal", *rows)
    [doubt] = open_questions(session, file)
    assert (doubt.key, doubt.facts["rows"]) == ("said_unknown", 1)
    answers = NO_ANSWERS.plus(doubt, "yes")
    import_file(session._replace(answers=answers), file, "contact", dry_run=True)
    import_file(session, file, "contact", ImportOptions({"channel": "mail"}))
    assert stored(session) == ["email", "visit", "email"]


def test_a_fact_that_some_rows_state_has_its_column(session: Session, tmp_path: Path) -> None:
    rows = (f"{CVR};4.3.2011;besøg;x", f"{CVR};5.3.2011;;mail")
    file = csv(tmp_path, "company;date;Kanal;Kontakttype", *rows)
    assert import_file(session, file, "contact", dry_run=True).questions == []
    rows = (f"{CVR};4.3.2011;;x", f"{CVR};5.3.2011;;mail")
    file = csv(tmp_path, "company;date;Kanal;Kontakttype", *rows)
    [doubt] = open_questions(session, file)
    assert doubt.facts["option"] == "channel"


def test_companies_that_events_bring_along_are_reported_as_assumed(
    session: Session, tmp_path: Path
) -> None:
    rows = (
        f"{cvr};{name};4.3.2011;besøg;JH" for cvr, name in (("13585628", "A"), ("25063864", "B"))
    )
    file = csv(tmp_path, "CVR;Virksomhedsnavn;Dato;Kanal;Mægler", *rows)
    result = import_file(session, file, "contact", ImportOptions(with_companies=True))
    assert assumed(result) == {"kind": ("company", 2)}


def test_a_column_is_no_question_where_the_fact_is_stated(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype", f"{CVR};4.3.2011;mail")
    import_file(session, file, "contact", ImportOptions({"channel": "telefon"}))
    assert stored(session) == ["phone"]


def test_a_column_that_a_person_chose_is_read(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype", f"{CVR};4.3.2011;mail")
    [doubt] = open_questions(session, file)
    assert [choice.value for choice in doubt.choices] == ["channel", "another"]
    answers = Answers(can_ask=True).plus(doubt, "channel")
    with pytest.raises(Doubts) as raised:  # who chose it sees what it comes to first
        import_file(session._replace(answers=answers), file, "contact")
    [store] = raised.value.doubts
    assert store.key == "import_store"
    answers = answers.plus(store, "yes")
    assert import_file(session._replace(answers=answers), file, "contact").rows == 1
    assert stored(session) == ["email"]


def test_a_column_that_was_left_out_once_is_not_asked_about_again(
    session: Session, tmp_path: Path
) -> None:
    file = csv(tmp_path, "company;date;Kontakttype", f"{CVR};4.3.2011;mail")
    [doubt] = open_questions(session, file)
    import_file(session._replace(answers=NO_ANSWERS.plus(doubt, "another")), file, "contact")
    later = csv(tmp_path, "company;date;Kontakttype", f"{CVR};5.4.2011;mail")
    assert import_file(session, later, "contact").questions == []


def test_the_option_answers_the_question(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype;xyz", f"{CVR};4.3.2011;mail;JH")
    options = ImportOptions(columns=("-=xyz", "channel=Kontakttype"))
    assert assumed(import_file(session, file, "contact", options)) == {"broker": ("JH", 1)}
    assert stored(session) == ["email"]


def test_two_columns_may_be_left_out(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype;xyz", f"{CVR};4.3.2011;mail;JH")
    options = ImportOptions(columns=("-=xyz", "-=Kontakttype"))
    assert import_file(session, file, "contact", options, dry_run=True).questions == []


def test_a_column_may_hold_something_else(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype", f"{CVR};4.3.2011;mail")
    [doubt] = open_questions(session, file)
    answers = NO_ANSWERS.plus(doubt, "another")
    result = import_file(session._replace(answers=answers), file, "contact")
    assert assumed(result)["channel"] == ("visit", 1)
    assert stored(session) == ["visit"]


def test_a_pipe_goes_on_where_something_is_only_assumed_and_a_terminal_asks(
    session: Session, tmp_path: Path
) -> None:
    file = csv(tmp_path, "company;date", f"{CVR};4.3.2011")
    with pytest.raises(Doubts):
        import_file(session._replace(answers=Answers(can_ask=True)), file, "contact")
    assert stored(session) == []
    import_file(session._replace(answers=Answers(can_ask=True, says_yes=True)), file, "contact")
    assert stored(session) == ["visit"]


def test_a_clean_import_asks_nobody(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;channel;broker", f"{CVR};4.3.2011;mail;JH")
    import_file(session._replace(answers=Answers(can_ask=True)), file, "contact")
    assert stored(session) == ["email"]


def test_only_the_first_rows_tell_what_a_column_holds(session: Session, tmp_path: Path) -> None:
    blank = [f"{CVR};4.3.2011;;{number}" for number in range(300)]
    file = csv(tmp_path, "company;date;xyz;note", *blank, f"{CVR};5.3.2011;mail;x")
    assert import_file(session, file, "contact", dry_run=True).questions == []


def test_bad_rows_go_before_questions(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype", f"{CVR};31.2.2011;mail")
    with pytest.raises(Refusal) as raised:
        import_file(session, file, "contact")
    assert raised.value.key == "bad_rows"


def test_questions_and_assumptions_in_json(session: Session, tmp_path: Path) -> None:
    file = csv(tmp_path, "company;date;Kontakttype", f"{CVR};4.3.2011;mail")
    data = result_as_dict(import_file(session, file, "contact", dry_run=True))
    assert data["assumed"] == [
        {"noun": "contact", "field": "channel", "value": "visit", "rows": 1},
        {"noun": "contact", "field": "broker", "value": "JH", "rows": 1},
    ]
    [question] = data["questions"]
    assert question | {"sentence": ""} == {
        "question": "column_holds",
        "about": ["contact", "Kontakttype"],
        "field": "channel",
        "sentence": "",
        "choices": ["channel", "another"],
        "yes_settles": False,
    }
    assert data["sheets"] == [
        {
            "title": None,
            "noun": "contact",
            "rows": 1,
            "columns": [
                {"heading": "company", "field": "company", "source": "known"},
                {"heading": "date", "field": "date", "source": "known"},
            ],
            "hidden_rows": 0,
        }
    ]
