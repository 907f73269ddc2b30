"""The words by which companies are found: folded alike for all spellings, and kept with the rows."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import agreeing
from kmtrack.ledger.name_words import rewrite_name_words, wrong_name_words
from kmtrack.ledger.schema.names import stems_of, whole_name, words_of
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, join_companies
from kmtrack.usecases.undo import undo_command

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session


@pytest.mark.parametrize(
    ("name", "stems"),
    [
        ("Hedelunds Maskinfabrik ApS", "hedelund maskinfabrik"),
        ("Hedelund Maskinfabrik A/S", "hedelund maskinfabrik"),
        ("Hedelund's maskinfabrik I/S", "hedelund maskinfabrik"),
        ("Sørensen K/S", "sorensen"),
        ("Soerensen P/S", "sorensen"),
        ("Sorensen aps.", "sorensen"),
        ("Ærø Ærlighed", "aero aerlighed"),
        ("Aeroe Aerlighed", "aero aerlighed"),
        ("Ålborg", "alborg"),
        ("Aalborg", "alborg"),
        ("B&O", "b o"),
        ("B & O", "b o"),
        ("B og O A/S", "b o"),
        ("Bang & Olufsen", "bang olufsen"),
        ("A.P. Møller - Mærsk A/S", "ap moller maersk"),
        ("AP Møller-Mærsk", "ap moller maersk"),
        ("3F", "3f"),
        ("GN Store Nord A/S", "gn store nord"),
        ("Café Müller", "cafe muller"),
        ("a.m.b.a. Arla", "arla"),
        ("Hansens Is ApS", "hansen is"),
        ("Hansens Is I/S", "hansen is"),
        ("Gas og Bus", "gas bus"),
        ("ＧＮ", "gn"),
        ("Привет", "привет"),
        ("株式会社", "株式会社"),
        ("ApS", "aps"),
        ("A/S", ""),
        ("!!!", ""),
    ],
)
def test_the_words_of_a_name(name: str, stems: str) -> None:
    assert " ".join(stems_of(name)) == stems
    assert [word.stem for word in words_of(name)] == stems_of(name)


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_every_spelling_of_the_same_text_has_the_same_words(name: str) -> None:
    assert stems_of(normalize("NFC", name)) == stems_of(normalize("NFD", name))
    assert all("=" not in stem and " " not in stem for stem in stems_of(name))


@given(st.permutations(["Hedelunds", "Maskinfabrik", "Viborg", "ApS"]))
def test_the_whole_name_is_the_same_in_any_order(words: list[str]) -> None:
    assert whole_name(stems_of(" ".join(words))) == "=hedelund maskinfabrik viborg"


def stored(session: Session, company: str) -> set[str]:
    rows = session.store.all("SELECT word FROM name_word WHERE company_id = :id", id=company)
    return {row["word"] for row in rows}


def test_a_company_has_the_words_of_its_name(session: Session) -> None:
    company = add_company(session, {"name": "Hedelunds Byg ApS"})["id"]
    assert stored(session, company) == {"hedelund", "byg", "=byg hedelund"}
    edit_company(session, company, {"name": "Hedelunds Auto"}, None)
    assert stored(session, company) == {"hedelund", "auto", "=auto hedelund"}
    undo_command(session, None, keep=True)
    assert stored(session, company) == {"hedelund", "byg", "=byg hedelund"}


def test_a_company_of_several_records_has_the_words_of_all_their_names(session: Session) -> None:
    alfa, gamma = (add_company(session, {"name": name})["id"] for name in ("Alfa", "Gamma"))
    join_companies(session, alfa, gamma)
    assert stored(session, alfa) >= {"alfa", "gamma", "=alfa", "=gamma"}
    undo_command(session, None, keep=True)
    assert stored(session, alfa) == {"alfa", "=alfa"}
    assert list(wrong_name_words(session.store)) == []


@pytest.mark.parametrize(
    "damage",
    [
        "DELETE FROM name_word WHERE word = 'alfa'",
        "DELETE FROM name_word WHERE company_id = '{alfa}'",
        "UPDATE name_word SET word = 'alfabet' WHERE word = 'alfa'",
        "INSERT INTO name_word VALUES ('beta', '{alfa}')",
        "UPDATE name_word SET company_id = 'c0000000000' WHERE company_id = '{alfa}'",
        "UPDATE name_word SET company_id = 'czzzzzzzzzz' WHERE company_id = '{alfa}'",
    ],
)
def test_a_check_finds_words_that_differ(session: Session, damage: str) -> None:
    alfa = add_company(session, {"name": "Alfa"})["id"]
    for number in range(3):
        add_company(agreeing(session), {"name": f"Alma {number}"})
    assert check_ledger(session.store).damage == []
    session.store.run(damage.format(alfa=alfa))
    found = check_ledger(session.store).damage
    assert {issue.kind for issue in found} == {"words_differ"}
    assert alfa in {id_ for issue in found for id_ in issue.records}
    rewrite_name_words(session.store)
    assert check_ledger(session.store).damage == []
