"""A merge tells why a contact counts for another target, and which records one side withdrew."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, add_contact, ledger_in, session_over
from kmtrack.i18n import use
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.events import edit_event, withdraw_event
from kmtrack.usecases.merge import merge_ledgers
from kmtrack.usecases.undo import undo_command
from kmtrack.views.merge import merge_as_dict, render_merge

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kmtrack.i18n import Language
    from kmtrack.usecases.session import Session

pytestmark = pytest.mark.files

DAY, LATER = "2011-03-01", "2011-03-03"


class Two:
    """Two brokers whose ledgers hold the same company with two contacts."""

    def __init__(self, here: Session, there: Session, first: str, second: str) -> None:
        self.here, self.there = here, there
        self.first, self.second = first, second

    def merged(self) -> Any:
        return merge_ledgers(self.here, [self.there.store.location])

    def cause(self) -> tuple[str, str | None]:
        """Merge; return why the second contact counts for another target, and what that names."""
        [moved] = self.merged().retargeted
        assert moved.id == self.second
        return moved.cause.kind, moved.cause.id or moved.cause.day


def _company(session: Session, **facts: str) -> str:
    small = {"name": "Smedjen", "cvr": CVR, "municipality": "Viborg", "employees": "40", **facts}
    return str(add_company(session, small)["id"])


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    here = ledger_in(tmp_path)
    with session_over(here) as session:
        _company(session)
        contacts = [add_contact(session, CVR, {"date": day}).record["id"] for day in (DAY, LATER)]
    (tmp_path / "there").mkdir()
    there = tmp_path / "there" / "ledger.db"
    shutil.copy(here, there)
    with session_over(here) as ours, session_over(there, broker="MK") as theirs:
        yield Two(ours, theirs, *contacts)


def test_the_earlier_contact_was_withdrawn(two: Two) -> None:
    withdraw_event(two.there, "contact", two.first, "never happened")
    edit_event(two.here, "contact", two.first, {"note": "goes on"})
    assert two.cause() == ("withdrawn", two.first)


def test_the_earlier_contact_is_dated_later_now(two: Two) -> None:
    edit_event(two.there, "contact", two.first, {"date": "2011-04-01"})
    causes = {moved.id: moved.cause for moved in two.merged().retargeted}
    assert (causes[two.second].kind, causes[two.second].day) == ("moved", "2011-04-01")
    assert (causes[two.first].kind, causes[two.first].id) == ("earlier", two.second)


def test_the_channel_of_the_earlier_contact_does_not_count(two: Two) -> None:
    edit_event(two.there, "contact", two.first, {"channel": "email"})
    assert two.cause() == ("channel", two.first)


def test_the_earlier_contact_was_undone(two: Two) -> None:
    earlier = add_contact(two.there, CVR, {"date": "2011-02-01"}).record["id"]
    merge_ledgers(two.here, [two.there.store.location])
    undo_command(two.there, None)
    moved = {each.id: each.cause for each in two.merged().retargeted}
    assert (moved[two.first].kind, moved[two.first].id) == ("undone", earlier)


def test_an_earlier_contact_is_known(two: Two) -> None:
    earlier = add_contact(two.there, CVR, {"date": "2011-02-01"}).record["id"]
    [moved] = two.merged().retargeted
    assert (moved.id, moved.cause.kind, moved.cause.id) == (two.first, "earlier", earlier)
    assert moved.cause.day == "2011-02-01"


def test_a_visit_before_the_ledger_is_known_and_is_taken_back(two: Two) -> None:
    edit_company(two.there, CVR, {"visited_before": "2010-05-01"}, None)
    [moved] = two.merged().retargeted
    assert (moved.cause.kind, moved.cause.day) == ("visited_before", "2010-05-01")
    edit_company(two.there, CVR, {"visited_before": ""}, None)
    [moved] = two.merged().retargeted
    assert (moved.id, moved.cause.kind) == (two.first, "not_visited")


def test_its_own_date_was_corrected(two: Two) -> None:
    edit_event(two.there, "contact", two.second, {"date": "2011-02-01"})
    causes = {moved.id: moved.cause.kind for moved in two.merged().retargeted}
    assert causes == {two.second: "redated", two.first: "earlier"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", "because the earlier contact {id} was withdrawn (never happened)"),
        ("da", "fordi den tidligere kontakt {id} er annulleret (never happened)"),
    ],
)
def test_the_cause_is_said_in_words(two: Two, lang: Language, said: str) -> None:
    use(lang)
    withdraw_event(two.there, "contact", two.first, "never happened")
    result = two.merged()
    assert any(line.endswith(said.format(id=two.first)) for line in render_merge(result))
    [moved] = merge_as_dict(result)["later"]
    assert moved["cause"] == {"kind": "withdrawn", "id": two.first, "reason": "never happened"}


_HERE = {
    "en": "Withdrawn here (x), changed there (Note): contact {id}, Smedjen. It stays withdrawn",
    "da": "Annulleret her (x), ændret dér (Bemærkning): kontakt {id}, Smedjen. Annulleringen gælder",
}
_THERE = {
    "en": "Changed here (Note), withdrawn there (x): contact {id}, Smedjen. It stays withdrawn",
    "da": "Ændret her (Bemærkning), annulleret dér (x): kontakt {id}, Smedjen. Annulleringen gælder",
}


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("is_ours", [True, False])
def test_a_record_that_one_side_withdrew_and_the_other_edited_is_named(
    two: Two, lang: Language, is_ours: bool
) -> None:
    use(lang)
    withdrawing, editing = (two.here, two.there) if is_ours else (two.there, two.here)
    withdraw_event(withdrawing, "contact", two.first, "x")
    edit_event(editing, "contact", two.first, {"note": "goes on"})
    result = two.merged()
    [conflict] = result.conflicts
    assert (conflict.field, conflict.edited, conflict.current) == ("withdrawn", ("note",), "x")
    said = (_HERE if is_ours else _THERE)[lang].format(id=two.first)
    see = {"da": "se", "en": "see"}[lang]
    assert f"{said}; {see}: kmtrack history {two.first}" in list(render_merge(result))
    [data] = merge_as_dict(result)["conflicts"]
    assert (data["field"], data["edited"]) == ("withdrawn", ["note"])


def test_a_record_edited_by_whoever_knew_that_is_not_named(two: Two) -> None:
    edit_event(two.here, "contact", two.first, {"note": "goes on"})
    merge_ledgers(two.there, [two.here.store.location])
    withdraw_event(two.there, "contact", two.first, "x")
    assert two.merged().conflicts == []
