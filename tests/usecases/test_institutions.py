"""Institutions: offered in the spelling that was used before, and compared by a check."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from builders import CVR
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company
from kmtrack.usecases.doubts import Answers, Doubt
from kmtrack.usecases.events import add_event, edit_event
from kmtrack.usecases.imports.file import import_file
from kmtrack.usecases.institutions import alike_pairs, is_alike

if TYPE_CHECKING:
    from pathlib import Path

    from kmtrack.usecases.confirmation import Confirmation
    from kmtrack.usecases.session import Session

VIA: Final = "VIA University College"


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("VIA", VIA, True),
        ("VIA UC", VIA, True),
        ("via university college", VIA, True),
        ("AU", "Aarhus Universitet", True),
        ("Århus Universitet", "Aarhus Universitet", True),
        ("Aarhus University", "Aarhus Universitet", True),
        ("Aarhus Universtet", "Aarhus Universitet", True),
        ("Aalborg Universitet", "Aarhus Universitet", False),
        ("AU", "Aalborg University College", False),
        ("Erhvervsakademi Aarhus", "Aarhus Universitet", False),
        ("Erhvervsakademi Dania", "Erhvervsakademi Aarhus", False),
        ("UCN", VIA, False),
        ("KU", "KUA", False),
        ("-", VIA, False),
    ],
)
def test_names_of_one_institution_look_alike(one: str, other: str, alike: bool) -> None:
    assert is_alike(one, other) is is_alike(other, one) is alike


@pytest.mark.slow
def test_many_names_are_compared_with_few() -> None:
    names = [f"Skole {number}" for number in range(2000)]
    assert list(alike_pairs([*names, "VIA", VIA])) == [("VIA", VIA)]


@pytest.fixture
def session(session: Session) -> Session:
    add_company(session, {"name": "Hedelund", "cvr": CVR, "municipality": "Viborg"})
    _hire(session, "master", VIA)
    return session


def _hire(session: Session, level: str, institution: str, **more: str) -> Confirmation:
    values = {"level": level, "institution": institution, "agreed": "2011-05-04", **more}
    return add_event(session, "hire", CVR, values)


def test_another_spelling_is_stored_in_a_pipe_and_reported(session: Session) -> None:
    stored = _hire(session, "phd", "VIA")
    assert (stored.record["institution"], stored.alike) == ("VIA", VIA)
    assert _hire(session, "mvu", "VIA").alike is None  # it was used before
    assert _hire(session, "kvu", "Aarhus Universitet").alike is None


@pytest.mark.parametrize("chosen", [VIA, "VIA"])
def test_whoever_sits_at_a_terminal_chooses_the_spelling(session: Session, chosen: str) -> None:
    asking = session._replace(answers=Answers(can_ask=True))
    with pytest.raises(Doubt) as asked:
        _hire(asking, "phd", "VIA")
    assert [choice.value for choice in asked.value.choices] == [VIA, "VIA"]
    answers = asking.answers.plus(asked.value, chosen)
    stored = _hire(session._replace(answers=answers), "phd", "VIA")
    assert (stored.record["institution"], stored.alike) == (chosen, None)


def test_a_spelling_is_corrected_without_a_word(session: Session) -> None:
    [hire] = session.store.all("SELECT id FROM hire")
    stored = edit_event(session, "hire", hire["id"], {"institution": "VIA"})
    assert (stored.record["institution"], stored.alike) == ("VIA", None)


def test_an_import_reports_each_other_spelling_once(session: Session, tmp_path: Path) -> None:
    file = tmp_path / "hires.csv"
    rows = [
        f"{CVR};phd;{day}.5.2011;{name}"
        for day, name in enumerate(["VIA", "VIA", "AU", "Aarhus Universitet"], 1)
    ]
    file.write_text("\n".join(["company;level;agreed;institution", *rows]), "utf-8")
    result = import_file(session, file, "hire")
    assert result.spelled == {("hire", "VIA", VIA): 2, ("hire", "Aarhus Universitet", "AU"): 1}
    again = import_file(session, file, "hire")
    assert (again.nouns[0].already_here, again.spelled) == (4, {})


def test_a_chosen_spelling_does_not_make_a_row_another_one(
    session: Session, tmp_path: Path
) -> None:
    file = tmp_path / "hires.csv"
    file.write_text(f"company;level;agreed;institution\n{CVR};phd;1.5.2011;VIA\n", "utf-8")
    given = {("institution_spelling", "VIA"): VIA, ("import_store",): "yes"}
    result = import_file(session._replace(answers=Answers(given, can_ask=True)), file, "hire")
    assert result.nouns[0].added == 1
    assert {row[0] for row in session.store.all("SELECT institution FROM hire")} == {VIA}
    assert import_file(session, file, "hire").nouns[0].already_here == 1


def test_a_check_lists_alike_institutions_and_early_starts(session: Session) -> None:
    _hire(session, "phd", "VIA", start="2011-01-04")
    _hire(session, "mvu", VIA, start="2011-04-04")
    issues = {issue.kind: issue for issue in check_ledger(session.store).warnings}
    alike = issues["alike_institutions"].facts
    assert (alike["one"], alike["number"], alike["other"], alike["number_of_other"]) == (
        "VIA",
        1,
        VIA,
        2,
    )
    assert issues["early_start"].facts["days"] == 120
    assert issues["early_start"].records == issues["alike_institutions"].records


def test_a_check_offers_no_spelling_that_is_to_be_replaced_itself(session: Session) -> None:
    for day, name in enumerate(["AU", "Århus Universitet", "Aarhus Universitet"], 1):
        _hire(session, "phd", name, agreed=f"2011-04-0{day}")
    _hire(session, "kvu", "Aarhus Universitet")
    found = [
        w.facts for w in check_ledger(session.store).warnings if w.kind == "alike_institutions"
    ]
    offered = [(facts["one"], facts["other"]) for facts in found]
    assert offered == [("Århus Universitet", "Aarhus Universitet"), ("AU", "Aarhus Universitet")]
