"""Adding and editing companies: one record for each company, and what held when."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from builders import CVR, HIRES, NEW, TODAY, add_contact, agreeing, cvr_number, refuses
from kmtrack.clock import Clock
from kmtrack.rules.explanation import RecordExplanation
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.companies import add_company, edit_company, withdraw_company
from kmtrack.usecases.company_lookup import find_company
from kmtrack.usecases.doubts import Doubt
from kmtrack.usecases.events import add_event, withdraw_event
from kmtrack.usecases.record_lists import company_listing
from kmtrack.usecases.status import status_of
from kmtrack.usecases.why import why
from kmtrack.views.why import remedies

if TYPE_CHECKING:
    from kmtrack.usecases.session import Session

SMEDJEN = {"name": "Smedjen", "cvr": CVR, "municipality": "Viborg", "employees": "40"}


def number_of_companies(session: Session) -> int:
    return int(session.store.get("SELECT count(*) FROM company")[0])


def test_a_company_is_stored_as_it_was_stated(session: Session) -> None:
    values = {
        **SMEDJEN,
        "turnover": "12,5",
        "balance": "3",
        "sme": "ja",
        "basis": "erklæring af 1.3.2011",
        "kind": "virksomhed",
        "visited_before": "1.10.2009",
    }
    record = add_company(session, values)
    stated = record.pop("stated")
    assert record == {
        "id": record["id"],
        "noun": "company",
        "name": "Smedjen",
        "cvr": CVR,
        "municipality": "791",
        "employees": "40",
        "turnover": 12.5,
        "balance": 3.0,
        "sme": True,
        "basis": "erklæring af 1.3.2011",
        "kind": "company",
        "visited_before": "2009-10-01",
        "first": {},
        "later": {},
        "records": {"contact": 0, "collaboration": 0, "hire": 0},
        "withdrawn": None,
    }
    assert [(s["recorded_by"], s["command"], s["action"]) for s in stated] == [
        ("JH", "company add", "add")
    ]


def test_a_name_is_enough(session: Session) -> None:
    record = add_company(session, {"name": "Smedjen"})
    assert (record["cvr"], record["employees"], record["kind"]) == (None, None, "company")


REFUSED = [
    ({"name": ""}, "NAME"),
    ({"cvr": "12345678"}, "--cvr"),
    ({"municipality": "Atlantis"}, "--municipality"),
    ({"employees": "-1"}, "--employees"),
    ({"turnover": "much"}, "--turnover"),
    ({"balance": "1.200"}, "--balance"),
    ({"sme": "perhaps"}, "--sme"),
    ({"sme": "yes"}, "--basis"),
    ({"kind": "club"}, "--kind"),
    ({"visited_before": "1.7.2011"}, "--visited-before"),
    ({"basis": "010190-1234"}, "--basis"),
]


@pytest.mark.parametrize(("values", "option"), REFUSED, ids=str)
def test_a_value_that_cannot_be_is_refused_with_its_option(
    session: Session, values: dict[str, str], option: str
) -> None:
    with refuses("bad_option") as refused:
        add_company(session, {**SMEDJEN, **values})
    assert str(refused.value.facts["option"]) == option
    assert number_of_companies(session) == 0


def test_a_declaration_that_it_is_no_sme_needs_no_basis(session: Session) -> None:
    assert add_company(session, {**SMEDJEN, "sme": "no"})["sme"] is False


# One record for each company.


@pytest.mark.parametrize("written", [CVR, "DK-13 74 81 36", "13.74.81.36"])
def test_a_number_that_is_taken_is_refused(session: Session, written: str) -> None:
    first = add_company(session, SMEDJEN)
    with refuses("cvr_taken") as refused:
        add_company(agreeing(session), {"name": "Quite Another", "cvr": written})
    assert refused.value.facts == {"cvr": CVR, "name": "Smedjen", "id": first["id"]}
    assert number_of_companies(session) == 1


def test_a_number_that_a_withdrawn_company_had_is_free(session: Session) -> None:
    withdraw_company(session, add_company(session, SMEDJEN)["id"], "typed twice")
    assert add_company(session, SMEDJEN)["cvr"] == CVR


ALIKE = [
    pytest.param({"name": "SMEDJEN"}, id="in capitals"),
    pytest.param({"name": "Smedjen ApS"}, id="with its form"),
    pytest.param({"name": "Smeden"}, id="a letter less"),
    pytest.param({"name": "Smedjen", "cvr": cvr_number(1)}, id="with a number, the other without"),
]


@pytest.mark.parametrize("values", ALIKE)
def test_a_like_name_in_the_same_municipality_is_asked_about(
    session: Session, values: dict[str, str]
) -> None:
    first = add_company(session, {"name": "Smedjen", "municipality": "Viborg"})
    with pytest.raises(Doubt) as refused:
        add_company(session, {**values, "municipality": "791"})
    assert refused.value.facts["id"] == first["id"]
    assert number_of_companies(session) == 1


def test_a_like_name_is_stored_when_a_person_says_so(session: Session) -> None:
    for _ in range(2):
        add_company(agreeing(session), {"name": "Smedjen"})
    assert number_of_companies(session) == 2


def test_like_names_where_neither_municipality_is_known_are_asked_about(session: Session) -> None:
    add_company(session, {"name": "Smedjen"})
    with pytest.raises(Doubt):
        add_company(session, {"name": "Smedjen"})


NOT_ALIKE = [
    pytest.param({"name": "Smedjen", "municipality": "740"}, id="in another municipality"),
    pytest.param({"name": "Bogtrykkeriet", "municipality": "791"}, id="another name"),
]


@pytest.mark.parametrize("values", NOT_ALIKE)
def test_what_is_another_company_is_not_asked_about(
    session: Session, values: dict[str, str]
) -> None:
    add_company(session, {"name": "Smedjen", "municipality": "791"})
    add_company(session, values)
    assert number_of_companies(session) == 2


def test_two_companies_with_two_numbers_are_two_whatever_their_names(session: Session) -> None:
    add_company(session, SMEDJEN)
    add_company(session, {**SMEDJEN, "cvr": cvr_number(1)})
    assert number_of_companies(session) == 2


def test_a_company_that_moved_here_is_looked_at_where_it_is_now(session: Session) -> None:
    moved = add_company(session, {"name": "Smedjen", "municipality": "740"})
    edit_company(session, moved["id"], {"municipality": "791"}, "2011-06-01")
    with pytest.raises(Doubt):
        add_company(session, {"name": "Smedjen", "municipality": "791"})


def test_a_company_that_moved_away_is_not_looked_at_where_it_was(session: Session) -> None:
    moved = add_company(session, {"name": "Smedjen", "municipality": "791"})
    edit_company(session, moved["id"], {"municipality": "740"}, "2011-06-01")
    add_company(session, {"name": "Smedjen", "municipality": "791"})
    assert number_of_companies(session) == 2


def test_a_company_that_is_withdrawn_looks_like_nobody(session: Session) -> None:
    withdraw_company(session, add_company(session, {"name": "Smedjen"})["id"], "closed")
    assert add_company(session, {"name": "Smedjen"})["withdrawn"] is None


# Editing.


@pytest.fixture
def smedjen(session: Session) -> str:
    """Return the id of a small company in Viborg, visited in March and in May."""
    company = str(add_company(session, SMEDJEN)["id"])
    for day in ("2011-03-01", "2011-05-01"):
        add_contact(session, company, {"date": day})
    return company


def outcomes(session: Session) -> list[str]:
    rows = session.store.all("SELECT outcome FROM verdict ORDER BY day, target")
    return [row["outcome"] for row in rows]


def moves(edited: Any) -> list[tuple[str, int, int]]:
    counted = [(move.target.id, move.before.counted, move.after.counted) for move in edited.changes]
    return [each for each in counted if each[1] != each[2]]


def test_a_correction_changes_the_past_and_says_which_counts_moved(
    session: Session, smedjen: str
) -> None:
    edited = edit_company(session, smedjen, {"employees": "250"}, None)
    assert (edited.record["employees"], moves(edited), outcomes(session)) == (
        "250",
        [(NEW, 1, 0)],
        ["excluded", "counted"],
    )


@pytest.mark.parametrize(
    ("since", "outcome"), [("2011-03-01", "excluded"), ("2.3.2011", "counted")]
)
def test_growth_from_a_day_on_changes_what_comes_then(
    session: Session, smedjen: str, since: str, outcome: str
) -> None:
    edit_company(session, smedjen, {"employees": "250"}, since)
    assert outcomes(session)[0] == outcome


@pytest.mark.parametrize(
    ("today", "employees"), [("2011-12-31", "40"), ("2012-01-01", "60")], ids=str
)
def test_growth_from_a_day_on_shows_what_holds_today_and_what_held_before(
    session: Session, smedjen: str, today: str, employees: str
) -> None:
    there = session._replace(clock=Clock(date.fromisoformat(today), is_set=True))
    record = edit_company(there, smedjen, {"employees": "60"}, "2012-01-01").record
    assert record["employees"] == employees
    assert record["first"] == {"employees": "40"}
    assert record["later"] == {"2012-01-01": {"employees": "60"}}
    [listed] = company_listing(there, {}, 10).records
    assert listed["employees"] == employees


@pytest.mark.parametrize("word", ["beginning", "Begyndelsen", " start "])
def test_a_slip_in_what_held_first_is_corrected_though_it_changed_since(
    session: Session, smedjen: str, word: str
) -> None:
    edit_company(session, smedjen, {"employees": "300"}, None)
    assert status_of(session.store, TODAY).targets[0].tally.counted == 0
    edit_company(session, smedjen, {"employees": "45"}, "2011-06-01")
    with refuses("which_value") as refusal:
        edit_company(session, smedjen, {"employees": "30"}, None)
    assert refusal.value.sentence().endswith("with --from: beginning, 2011-06-01")
    record = edit_company(session, smedjen, {"employees": "30"}, word).record
    assert (record["first"], record["later"]) == (
        {"employees": "30"},
        {"2011-06-01": {"employees": "45"}},
    )
    assert status_of(session.store, TODAY).targets[0].tally.counted == 1
    assert check_ledger(session.store).damage == []


def test_a_slip_in_what_holds_from_a_day_on_is_corrected_there(
    session: Session, smedjen: str
) -> None:
    edit_company(session, smedjen, {"employees": "450"}, "2011-06-01")
    record = edit_company(session, smedjen, {"employees": "45"}, "1.6.2011").record
    assert (record["first"], record["later"]) == (
        {"employees": "40"},
        {"2011-06-01": {"employees": "45"}},
    )


def test_what_has_had_one_value_is_corrected_beside_what_changed(
    session: Session, smedjen: str
) -> None:
    edit_company(session, smedjen, {"employees": "45"}, "2011-06-01")
    record = edit_company(session, smedjen, {"municipality": "740"}, None).record
    assert (record["municipality"], record["later"]) == (
        "740",
        {"2011-06-01": {"employees": "45"}},
    )


def test_a_hire_is_judged_by_the_size_on_the_day_agreed(session: Session, smedjen: str) -> None:
    add_event(session, "hire", smedjen, {"level": "master", "agreed": "2011-05-31"})
    edited = edit_company(session, smedjen, {"employees": "250"}, "2011-06-01")
    assert HIRES not in [target for target, *_ in moves(edited)]


def test_an_edit_that_moves_no_count_says_so(session: Session, smedjen: str) -> None:
    assert moves(edit_company(session, smedjen, {"employees": "41"}, None)) == []


def test_a_visit_before_the_ledger_makes_the_first_contact_a_follow_up(
    session: Session, smedjen: str
) -> None:
    edited = edit_company(session, smedjen, {"visited_before": "2009-10-01"}, None)
    assert moves(edited) == [("new-contacts", 1, 0), ("follow-ups", 1, 2)]


def test_an_empty_text_takes_a_fact_back(session: Session, smedjen: str) -> None:
    record = edit_company(session, smedjen, {"employees": ""}, None).record
    assert (record["employees"], outcomes(session)[0]) == (None, "waiting")


def test_a_fact_that_is_not_stated_stays(session: Session, smedjen: str) -> None:
    record = edit_company(session, smedjen, {"employees": "41"}, None).record
    assert (record["name"], record["cvr"], record["municipality"]) == ("Smedjen", CVR, "791")


def test_a_corrected_name_is_found_under_its_new_spelling(session: Session, smedjen: str) -> None:
    edit_company(session, smedjen, {"name": "Værftet"}, None)
    assert find_company(session, "vaerftet")["id"] == smedjen
    with refuses("unknown_company"):
        find_company(session, "smedjen")


def test_an_edit_that_states_nothing_is_refused(session: Session, smedjen: str) -> None:
    with refuses("nothing_to_edit"):
        edit_company(session, smedjen, {}, None)


@pytest.mark.parametrize("name", ["name", "cvr", "visited_before"])
def test_what_is_only_ever_corrected_does_not_change_from_a_day_on(
    session: Session, smedjen: str, name: str
) -> None:
    value = {"name": "X", "cvr": cvr_number(1), "visited_before": "2009-10-01"}[name]
    with refuses("not_dated") as refused:
        edit_company(session, smedjen, {name: value}, "2011-06-01")
    assert refused.value.facts["option"] == name.replace("_", "-")


@pytest.mark.parametrize("since", ["2011-02-31", "soon", ""])
def test_a_day_from_which_nothing_can_hold_is_refused(
    session: Session, smedjen: str, since: str
) -> None:
    with refuses("bad_option") as refused:
        edit_company(session, smedjen, {"employees": "60"}, since)
    assert refused.value.facts["option"] == "--from"


def test_a_number_that_is_taken_is_refused_in_an_edit(session: Session, smedjen: str) -> None:
    other = add_company(session, {"name": "Bogtryk"})
    with refuses("cvr_taken"):
        edit_company(session, other["id"], {"cvr": CVR}, None)


def test_a_company_may_be_told_its_own_number_again(session: Session, smedjen: str) -> None:
    edited = edit_company(session, smedjen, {"cvr": CVR, "employees": "41"}, None)
    assert (edited.record["cvr"], edited.record["employees"]) == (CVR, "41")


def test_a_declaration_may_rest_on_the_basis_stated_before(session: Session, smedjen: str) -> None:
    edit_company(session, smedjen, {"basis": "letter"}, None)
    assert edit_company(session, smedjen, {"sme": "yes"}, None).record["sme"] is True


def test_a_basis_is_not_taken_back_while_a_declaration_rests_on_it(
    session: Session, smedjen: str
) -> None:
    edit_company(session, smedjen, {"sme": "yes", "basis": "letter"}, None)
    with refuses("bad_option") as refused:
        edit_company(session, smedjen, {"basis": ""}, None)
    assert refused.value.facts["option"] == "--basis"


@pytest.mark.parametrize("name", ["employees", "municipality"])
def test_what_a_record_waits_for_can_be_stated_though_it_changed_later(
    session: Session, name: str
) -> None:
    """The remedy that is shown, `company edit --employees N`, must let the visit count."""
    company = add_company(session, {key: text for key, text in SMEDJEN.items() if key != name})
    edit_company(session, company["id"], {name: SMEDJEN[name]}, "2011-06-01")
    contact = add_contact(session, company["id"], {"date": "2011-03-01"}).record
    explained = why(session, contact["id"], TODAY)
    assert isinstance(explained, RecordExplanation)
    (remedy,) = remedies(explained.record, explained.verdicts[0][1])
    assert remedy.endswith(" --from beginning")
    edit_company(session, company["id"], {name: SMEDJEN[name]}, "beginning")
    explained = why(session, contact["id"], TODAY)
    assert isinstance(explained, RecordExplanation)
    ((_, verdict),) = explained.verdicts
    assert verdict.outcome == "counted"


def test_an_edit_to_a_name_that_looks_like_anothers_is_asked_about(session: Session) -> None:
    add_company(session, {"name": "Smedjen", "municipality": "791"})
    other = add_company(session, {"name": "Bageren", "municipality": "791"})["id"]
    with pytest.raises(Doubt):
        edit_company(session, other, {"name": "Smedjen ApS"}, None)
    edited = edit_company(agreeing(session), other, {"name": "Smedjen ApS"}, None)
    assert edited.record["name"] == "Smedjen ApS"


def test_an_edit_that_calls_it_nothing_new_is_not(session: Session) -> None:
    add_company(session, {"name": "Smedjen", "municipality": "791"})
    twin = add_company(agreeing(session), {"name": "Smedjen", "municipality": "791"})["id"]
    assert edit_company(session, twin, {"employees": "40"}, None).record["employees"] == "40"


# Withdrawing.


def test_a_company_without_records_can_be_withdrawn(session: Session) -> None:
    company = add_company(session, SMEDJEN)
    assert withdraw_company(session, company["id"], "closed").record["withdrawn"] == "closed"


@pytest.mark.parametrize("noun", ["contact", "collaboration", "hire"])
def test_a_company_with_records_cannot(session: Session, noun: str) -> None:
    company = add_company(session, SMEDJEN)["id"]
    add_event(session, noun, company, {"kind": "project"} if noun == "collaboration" else {})
    with refuses("company_has_records") as refused:
        withdraw_company(session, company, "closed")
    assert refused.value.facts["number"] == 1


def test_a_company_whose_records_are_withdrawn_can_be_withdrawn(session: Session) -> None:
    company = add_company(session, SMEDJEN)["id"]
    contact = add_contact(session, company, {}).record["id"]
    withdraw_event(session, "contact", contact, "typed twice")
    assert withdraw_company(session, company, "closed").record["withdrawn"] == "closed"


@pytest.mark.parametrize("reason", ["", "  ", "010190-1234"])
def test_a_withdrawal_needs_a_reason_that_can_be_kept(session: Session, reason: str) -> None:
    company = add_company(session, SMEDJEN)["id"]
    with refuses("bad_option") as refused:
        withdraw_company(session, company, reason)
    assert refused.value.facts["option"] == "--reason"


HEDELUND = {"name": "Hedelunds Maskinfabrik ApS", "cvr": "13748136", "municipality": "Viborg"}


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"name": "Hedelunds Maskinfabrik ApS"}, "same_name"),
        ({"name": "HEDELUND MASKINFABRIK"}, "same_name"),
        ({"name": "Maskinfabrik Hedelund", "municipality": "Viborg"}, "same_name"),
        ({"name": "Hedelunds Maskinfabrik"}, "same_name"),
        ({"name": "Hedelund"}, "looks_alike"),
        ({"name": "Hedelunds Maskinfabrikk", "municipality": "Viborg"}, "looks_alike"),
    ],
)
def test_a_company_by_a_known_name_is_doubted_whatever_else_is_known(
    session: Session, values: dict[str, Any], key: str
) -> None:
    add_company(session, HEDELUND)
    with refuses(key, "Viborg"):
        add_company(session, values)
    add_company(agreeing(session), values)
    assert number_of_companies(session) == 2


@pytest.mark.parametrize(
    "values",
    [
        {"name": "Hedelunds Maskinfabrik ApS", "cvr": "25313763"},
        {"name": "Hedelunds Maskinfabrik ApS", "municipality": "Skive"},
        {"name": "Hedelund", "municipality": "Skive"},
        {"name": "Hedelund ApS"},
        {"name": "Hede"},
        {"name": "Hedelunds Tømmerhandel"},
    ],
)
def test_a_company_that_is_told_from_the_known_ones_is_not_doubted(
    session: Session, values: dict[str, Any]
) -> None:
    add_company(session, HEDELUND)
    add_company(session, values)
    assert number_of_companies(session) == 2


def test_the_same_name_is_doubted_where_a_company_is_called_anew(session: Session) -> None:
    add_company(session, HEDELUND)
    other = add_company(session, {"name": "Smedjen"})
    with refuses("same_name"):
        edit_company(session, other["id"], {"name": "Hedelunds Maskinfabrik"}, None)
