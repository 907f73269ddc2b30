"""Each requirement at its edges: what it answers, why, and which facts it looked at."""

from __future__ import annotations

from typing import Any

import pytest

from builders import (
    COPENHAGEN,
    CVR,
    SILKEBORG,
    SMALL,
    VIBORG,
    collaboration,
    company,
    contacts,
    contract,
    day,
    hire,
    recorded,
)
from kmtrack.rules.contact_history import contact_positions
from kmtrack.rules.contract import Contract, Lasting, Participation, SmeLimits
from kmtrack.rules.dossier import CompanyVersion, ContactPosition, Dossier, Record
from kmtrack.rules.judgement import judge
from kmtrack.rules.requirement_registry import Answer, FieldValue, Subject
from kmtrack.rules.requirements import REQUIREMENTS

NOT_AGREED = Answer("unknown", "not_agreed")
FIRST_DAY, LAST_DAY = day("2011-01-01"), day("2012-12-31")
(VISIT,) = contacts("2011-06-01")


def headcount(employees: str) -> FieldValue:
    return FieldValue("company", "employees", employees)


def subject(
    record: Record = VISIT,
    *,
    version: CompanyVersion = SMALL,
    cvr: str | None = CVR,
    by: Contract | None = None,
    place: ContactPosition | None = None,
    met: str | None = None,
) -> Subject:
    return Subject(
        by or contract(),
        company(cvr=cvr),
        version,
        record,
        record.day,
        place,
        day(met) if met else None,
    )


def visited_on(text: str) -> Record:
    return contacts(text)[0]


@pytest.mark.parametrize(
    ("date", "answer"),
    [
        pytest.param(
            "2010-12-31",
            Answer("no", "before_period", (day("2010-12-31"), FIRST_DAY)),
            id="the day before",
        ),
        pytest.param("2011-01-01", Answer("yes", "in_period", (FIRST_DAY,)), id="the first day"),
        pytest.param("2012-12-31", Answer("yes", "in_period", (LAST_DAY,)), id="the last day"),
        pytest.param(
            "2013-01-01",
            Answer("no", "after_period", (day("2013-01-01"), LAST_DAY)),
            id="the day after",
        ),
    ],
)
def test_in_period(date: str, answer: Answer) -> None:
    assert REQUIREMENTS["in_period"](subject(visited_on(date))) == answer


def test_a_period_of_one_day_has_that_day() -> None:
    one_day = contract(first_day=FIRST_DAY, last_day=FIRST_DAY)
    subjects = [
        subject(visited_on(d), by=one_day) for d in ("2010-12-31", "2011-01-01", "2011-01-02")
    ]
    assert [REQUIREMENTS["in_period"](each).outcome for each in subjects] == ["no", "yes", "no"]


@pytest.mark.parametrize(
    ("cvr", "answer"),
    [
        pytest.param(CVR, Answer("yes", "cvr", (CVR,)), id="a number"),
        pytest.param(None, Answer("unknown", "no_cvr"), id="none given"),
    ],
)
def test_identified(cvr: str | None, answer: Answer) -> None:
    assert REQUIREMENTS["identified"](subject(cvr=cvr)) == answer


@pytest.mark.parametrize(
    ("channel", "outcome", "reason"),
    [
        ("visit", "yes", "channel_counts"),
        ("meeting", "yes", "channel_counts"),
        ("phone", "yes", "channel_counts"),
        ("online", "yes", "channel_counts"),
        ("email", "no", "channel_does_not_count"),
        ("letter", "no", "channel_does_not_count"),
        ("event", "no", "channel_does_not_count"),
    ],
)
def test_countable_channel(channel: str, outcome: str, reason: str) -> None:
    answer = REQUIREMENTS["countable_channel"](subject(visited_on(f"2011-06-01 {channel}")))
    assert answer == (outcome, reason, (FieldValue("contact", "channel", channel),))


@pytest.mark.parametrize(("channel", "outcome"), [("email", "yes"), ("visit", "no")])
def test_the_contract_says_which_channels_count(channel: str, outcome: str) -> None:
    by = contract(channels=frozenset({"email"}))
    asked = subject(visited_on(f"2011-06-01 {channel}"), by=by)
    assert REQUIREMENTS["countable_channel"](asked).outcome == outcome


FROM_MARCH = Participation(VIBORG, day("2011-03-01"))
UNTIL_AUGUST = Participation(VIBORG, None, day("2011-08-31"))
AGAIN = Participation(VIBORG, day("2012-01-01"), day("2012-06-30"))
ELSEWHERE = Participation(SILKEBORG)
TAKING_PART = FieldValue("company", "municipality", VIBORG)


@pytest.mark.parametrize(
    ("date", "spans", "outcome"),
    [
        pytest.param("2011-02-28", [FROM_MARCH], "no", id="the day before it joins"),
        pytest.param("2011-03-01", [FROM_MARCH], "yes", id="the day it joins"),
        pytest.param("2012-12-31", [FROM_MARCH], "yes", id="long after it joined"),
        pytest.param("2011-01-01", [UNTIL_AUGUST], "yes", id="from the beginning"),
        pytest.param("2011-08-31", [UNTIL_AUGUST], "yes", id="its last day"),
        pytest.param("2011-09-01", [UNTIL_AUGUST], "no", id="the day after it left"),
        pytest.param("2011-12-31", [UNTIL_AUGUST, AGAIN], "no", id="between two spans"),
        pytest.param("2012-01-01", [UNTIL_AUGUST, AGAIN], "yes", id="in the second span"),
        pytest.param("2012-07-01", [UNTIL_AUGUST, AGAIN], "no", id="after the second span"),
        pytest.param("2011-06-01", [ELSEWHERE], "no", id="only another takes part"),
        pytest.param("2011-06-01", [ELSEWHERE, FROM_MARCH], "yes", id="another takes part too"),
    ],
)
def test_participating(date: str, spans: list[Participation], outcome: str) -> None:
    answer = REQUIREMENTS["participating"](subject(visited_on(date), by=contract(*spans)))
    reason = {"yes": "takes_part", "no": "takes_no_part"}[outcome]
    assert answer == (outcome, reason, (TAKING_PART, day(date)))


@pytest.mark.parametrize(
    ("place", "of_company", "answer"),
    [
        (VIBORG, SILKEBORG, ("yes", "takes_part", VIBORG)),
        (VIBORG, None, ("yes", "takes_part", VIBORG)),
        (SILKEBORG, VIBORG, ("no", "place_takes_no_part", SILKEBORG)),
        (None, SILKEBORG, ("no", "takes_no_part", SILKEBORG)),
    ],
)
def test_participating_asks_for_the_place_of_the_record_first(
    place: str | None, of_company: str | None, answer: tuple[str, str, str]
) -> None:
    record = visited_on("2011-03-01")._replace(municipality=place)
    asked = subject(record, version=CompanyVersion(of_company, "40"))
    outcome, reason, looked_at = answer
    found = REQUIREMENTS["participating"](asked)
    assert found[:2] == (outcome, reason)
    assert found.looked_at == (FieldValue("company", "municipality", looked_at), day("2011-03-01"))


def test_participating_is_not_known_while_no_municipality_is_set() -> None:
    nobody = contract()._replace(participation=())
    assert REQUIREMENTS["participating"](subject(by=nobody)) == Answer(
        "unknown", "no_participation_set"
    )


def test_participating_is_not_known_of_a_company_without_municipality() -> None:
    asked = subject(version=CompanyVersion(None, "40"))
    assert REQUIREMENTS["participating"](asked) == Answer("unknown", "no_municipality")


@pytest.mark.parametrize("record", [collaboration(None), hire(None)])
@pytest.mark.parametrize(
    ("spans", "answer"),
    [
        pytest.param([ELSEWHERE], Answer("no", "never_takes_part", (TAKING_PART,)), id="on no day"),
        pytest.param([FROM_MARCH], NOT_AGREED, id="from a day"),
        pytest.param([ELSEWHERE, AGAIN], NOT_AGREED, id="for a while"),
    ],
)
def test_participating_without_a_day(
    record: Record, spans: list[Participation], answer: Answer
) -> None:
    assert REQUIREMENTS["participating"](subject(record, by=contract(*spans))) == answer


def version(
    employees: str | None = "40",
    turnover: float | None = None,
    balance: float | None = None,
    sme: bool | None = None,
    kind: str = "company",
) -> CompanyVersion:
    return CompanyVersion(VIBORG, employees, turnover, balance, sme, kind)


@pytest.mark.parametrize(
    ("of", "answer"),
    [
        pytest.param(version("0"), Answer("yes", "few_employees", (headcount("0"), 250)), id="0"),
        pytest.param(
            version("249"), Answer("yes", "few_employees", (headcount("249"), 250)), id="249"
        ),
        pytest.param(
            version("250"), Answer("no", "too_many_employees", (headcount("250"), 250)), id="250"
        ),
        pytest.param(
            version("100-199"),
            Answer("yes", "few_employees", (headcount("100-199"), 250)),
            id="100-199",
        ),
        pytest.param(
            version("200-249"),
            Answer("yes", "few_employees", (headcount("200-249"), 250)),
            id="200-249",
        ),
        pytest.param(
            version("200-250"),
            Answer("unknown", "band_straddles", (headcount("200-250"), 250)),
            id="200-250",
        ),
        pytest.param(
            version("200-499"),
            Answer("unknown", "band_straddles", (headcount("200-499"), 250)),
            id="200-499",
        ),
        pytest.param(
            version("249+"),
            Answer("unknown", "band_straddles", (headcount("249+"), 250)),
            id="249+",
        ),
        pytest.param(
            version("250-499"),
            Answer("no", "too_many_employees", (headcount("250-499"), 250)),
            id="250-499",
        ),
        pytest.param(
            version("1000+"),
            Answer("no", "too_many_employees", (headcount("1000+"), 250)),
            id="1000+",
        ),
        pytest.param(version(None), Answer("unknown", "no_headcount"), id="no headcount"),
        pytest.param(
            version(None, 1.0, 1.0),
            Answer("unknown", "no_headcount"),
            id="no headcount, sums small",
        ),
        pytest.param(
            version("40", 50.0, 43.0),
            Answer("yes", "few_employees", (headcount("40"), 250)),
            id="both sums at their limits",
        ),
        pytest.param(
            version("40", 50.01, 43.0),
            Answer("yes", "few_employees", (headcount("40"), 250)),
            id="turnover over, balance at its limit",
        ),
        pytest.param(
            version("40", 50.0, 43.01),
            Answer("yes", "few_employees", (headcount("40"), 250)),
            id="balance over, turnover at its limit",
        ),
        pytest.param(
            version("40", 50.01, 43.01),
            Answer("no", "both_sums_over", (50.01, 43.01)),
            id="both sums over",
        ),
        pytest.param(
            version(None, 50.01, 43.01),
            Answer("no", "both_sums_over", (50.01, 43.01)),
            id="both sums over, no headcount",
        ),
        pytest.param(
            version("40", 50.01, None),
            Answer("unknown", "balance_unknown", (50.01,)),
            id="turnover over, balance unknown",
        ),
        pytest.param(
            version("40", None, 43.01),
            Answer("unknown", "turnover_unknown", (43.01,)),
            id="balance over, turnover unknown",
        ),
        pytest.param(
            version("40", 50.0, None),
            Answer("yes", "few_employees", (headcount("40"), 250)),
            id="turnover at its limit, balance unknown",
        ),
        pytest.param(
            version("40", None, 43.0),
            Answer("yes", "few_employees", (headcount("40"), 250)),
            id="balance at its limit, turnover unknown",
        ),
        pytest.param(
            version("250", 50.01, None),
            Answer("no", "too_many_employees", (headcount("250"), 250)),
            id="too many, whatever the sums",
        ),
        pytest.param(
            version("40", 0.0, 99.0),
            Answer("yes", "few_employees", (headcount("40"), 250)),
            id="no turnover is a known turnover",
        ),
        pytest.param(version("250", sme=True), Answer("yes", "declared_sme"), id="declared, 250"),
        pytest.param(
            version(None, 99.0, 99.0, sme=True),
            Answer("yes", "declared_sme"),
            id="declared, both sums over",
        ),
        pytest.param(
            version("1", sme=False), Answer("no", "declared_not_sme"), id="declared not, 1"
        ),
        pytest.param(
            version("1", kind="public"),
            Answer("no", "not_a_company", (FieldValue("company", "kind", "public"),)),
            id="public",
        ),
        pytest.param(
            version("1", kind="association"),
            Answer("no", "not_a_company", (FieldValue("company", "kind", "association"),)),
            id="association",
        ),
        pytest.param(
            version("1", sme=True, kind="public"),
            Answer("no", "not_a_company", (FieldValue("company", "kind", "public"),)),
            id="public, though declared",
        ),
    ],
)
def test_sme(of: CompanyVersion, answer: Answer) -> None:
    assert REQUIREMENTS["sme"](subject(version=of)) == answer


@pytest.mark.parametrize(
    ("of", "outcome"),
    [
        (version("9"), "yes"),
        (version("10"), "no"),
        (version("9", 2.1, 1.1), "no"),
        (version("9", 2.0, 1.1), "yes"),
        (version("9", 2.1, 1.0), "yes"),
    ],
    ids=["9", "10", "both over", "turnover at most", "balance at most"],
)
def test_the_contract_sets_the_limits_of_an_sme(of: CompanyVersion, outcome: str) -> None:
    by = contract(sme=SmeLimits(employees_below=10, turnover_at_most=2.0, balance_at_most=1.0))
    assert REQUIREMENTS["sme"](subject(version=of, by=by)).outcome == outcome


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        pytest.param(None, Answer("yes", "only_one_that_day", (VISIT.day,)), id="no place"),
        pytest.param(
            ContactPosition(None, None),
            Answer("yes", "only_one_that_day", (VISIT.day,)),
            id="first",
        ),
        pytest.param(
            ContactPosition(day("2011-05-31"), None),
            Answer("yes", "only_one_that_day", (VISIT.day,)),
            id="the day after another",
        ),
        pytest.param(
            ContactPosition(VISIT.day, "k9"),
            Answer("no", "same_day", (VISIT.day, "k9")),
            id="same day",
        ),
        pytest.param(
            ContactPosition(VISIT.day, ""),
            Answer("no", "same_day_as_visit_before", (VISIT.day,)),
            id="same day as the visit before the ledger",
        ),
    ],
)
def test_one_per_day(place: ContactPosition | None, answer: Answer) -> None:
    assert REQUIREMENTS["one_per_day"](subject(place=place)) == answer


@pytest.mark.parametrize(
    ("agreed", "answer"),
    [
        pytest.param(
            "2011-06-01", Answer("yes", "agreed", (day("2011-06-01"),)), id="on a known day"
        ),
        pytest.param(None, NOT_AGREED, id="not yet"),
    ],
)
def test_binding(agreed: str | None, answer: Answer) -> None:
    assert REQUIREMENTS["binding"](subject(collaboration(agreed))) == answer


@pytest.mark.parametrize("rule", ["in_period", "binding", "brokered", "participating"])
@pytest.mark.parametrize("record", [collaboration(None), hire(None)], ids=["collaboration", "hire"])
def test_what_depends_on_the_agreed_day_waits_for_it(rule: str, record: Record) -> None:
    assert REQUIREMENTS[rule](subject(record, met="2011-01-01")) == NOT_AGREED


def brokered(dossier: Dossier) -> Answer:
    (verdict,) = [v for v in judge(dossier, contract()) if v.target == "collaborations"]
    return dict(verdict.answers)["brokered"]


AGREED = "2011-06-01"


@pytest.mark.parametrize(
    ("met", "before", "outcome", "reason"),
    [
        pytest.param(["2011-05-31"], None, "yes", "met", id="the day before"),
        pytest.param(["2011-06-01"], None, "yes", "met", id="the same day"),
        pytest.param(["2011-06-02"], None, "no", "met_later", id="the day after"),
        pytest.param(["2011-06-02", "2011-05-31"], None, "yes", "met", id="before and after"),
        pytest.param(["2009-05-31"], None, "yes", "met", id="before the period"),
        pytest.param([], None, "no", "never_met", id="never"),
        pytest.param(["2011-05-31 email"], None, "no", "never_met", id="only an e-mail"),
        pytest.param(
            ["2011-05-31 email", "2011-06-02"],
            None,
            "no",
            "met_later",
            id="an e-mail before, a visit after",
        ),
        pytest.param([], "2011-05-31", "yes", "met", id="visited before"),
        pytest.param([], "2011-06-01", "yes", "met", id="visited before, the same day"),
        pytest.param([], "2011-06-02", "no", "met_later", id="visited the day after"),
        pytest.param([], "0001-01-01", "yes", "met", id="visited before, nobody knows when"),
        pytest.param(
            ["2011-06-02"], "2011-05-31", "yes", "met", id="visited before, contact after"
        ),
    ],
)
def test_brokered(met: list[str], before: str | None, outcome: str, reason: str) -> None:
    dossier = Dossier(company(before=before), contacts(*met), (collaboration(AGREED),))
    assert brokered(dossier)[:2] == (outcome, reason)


def test_brokered_looks_at_the_first_day_met() -> None:
    met = contacts("2011-04-01", "2011-03-01", "2011-05-01")
    answer = brokered(Dossier(company(), met, (collaboration(AGREED),)))
    assert answer.looked_at == (day("2011-03-01"),)


def test_brokered_names_both_days_where_the_contact_came_later() -> None:
    answer = brokered(Dossier(company(), contacts("2011-06-02"), (collaboration(AGREED),)))
    assert answer.looked_at == (day("2011-06-02"), day("2011-06-01"))


@pytest.mark.parametrize(
    ("level", "answer"),
    [
        ("master", Answer("yes", "level_counts", (FieldValue("hire", "level", "master"),))),
        ("phd", Answer("yes", "level_counts", (FieldValue("hire", "level", "phd"),))),
        (
            "bachelor",
            Answer("no", "level_does_not_count", (FieldValue("hire", "level", "bachelor"),)),
        ),
        ("mvu", Answer("no", "level_does_not_count", (FieldValue("hire", "level", "mvu"),))),
        ("kvu", Answer("no", "level_does_not_count", (FieldValue("hire", "level", "kvu"),))),
        (None, Answer("unknown", "no_level")),
    ],
)
def test_highly_educated(level: str | None, answer: Answer) -> None:
    assert REQUIREMENTS["highly_educated"](subject(hire(AGREED, level))) == answer


def test_the_contract_says_which_levels_are_highly_educated() -> None:
    by = contract(highly_educated=frozenset({"mvu"}))
    outcomes = [
        REQUIREMENTS["highly_educated"](subject(hire(AGREED, level), by=by)).outcome
        for level in ("mvu", "master")
    ]
    assert outcomes == ["yes", "no"]


@pytest.mark.parametrize(
    ("terms", "answer"),
    [
        ("ordinary", Answer("yes", "terms_count", (FieldValue("hire", "terms", "ordinary"),))),
        ("subsidised", Answer("yes", "terms_count", (FieldValue("hire", "terms", "subsidised"),))),
        ("unpaid", Answer("no", "terms_do_not_count", (FieldValue("hire", "terms", "unpaid"),))),
    ],
)
def test_paid(terms: str, answer: Answer) -> None:
    assert REQUIREMENTS["paid"](subject(hire(AGREED, terms=terms))) == answer


def test_the_contract_says_which_terms_are_paid() -> None:
    by = contract(paid_terms=frozenset({"unpaid"}))
    outcomes = [
        REQUIREMENTS["paid"](subject(hire(AGREED, terms=terms), by=by)).outcome
        for terms in ("unpaid", "ordinary")
    ]
    assert outcomes == ["yes", "no"]


@pytest.mark.parametrize(
    ("date", "outcome"),
    [("2011-05-31", "yes"), ("2011-06-01", "no")],
    ids=["the day before the move", "the day of the move"],
)
def test_the_municipality_is_that_of_the_day(date: str, outcome: str) -> None:
    moving = company(("2011-06-01", CompanyVersion(COPENHAGEN, "40")))
    (verdict,) = judge(Dossier(moving, contacts(date)), contract())
    assert dict(verdict.answers)["participating"].outcome == outcome


@pytest.mark.parametrize(
    ("date", "outcome"),
    [("2011-05-31", "yes"), ("2011-06-01", "no")],
    ids=["the day before it grew", "the day it grew"],
)
def test_the_size_is_that_of_the_day(date: str, outcome: str) -> None:
    growing = company(("2011-06-01", CompanyVersion(VIBORG, "250")))
    (verdict,) = judge(Dossier(growing, contacts(date)), contract())
    assert dict(verdict.answers)["sme"].outcome == outcome


@pytest.mark.parametrize(
    ("earlier", "before", "outcome", "reason", "day_named"),
    [
        pytest.param(["2011-05-31"], None, "yes", "visited", "2011-05-31", id="a visit"),
        pytest.param(["2011-05-31 phone"], None, "no", "never_visited", None, id="only a call"),
        pytest.param(
            ["2011-05-29 phone", "2011-05-30 online", "2011-05-31 meeting"],
            *(None, "no", "never_visited", None),
            id="anything but a visit",
        ),
        pytest.param(
            ["2011-05-30", "2011-05-31 phone"],
            *(None, "yes", "visited", "2011-05-30"),
            id="a visit, then a call",
        ),
        pytest.param(
            ["2011-05-30 phone", "2011-05-30"],
            *(None, "yes", "visited", "2011-05-30"),
            id="a visit that counts for nothing, after a call that day",
        ),
        pytest.param(
            ["2011-05-30", "2011-04-30"],
            *(None, "yes", "visited", "2011-04-30"),
            id="two visits",
        ),
        pytest.param(["2011-06-02"], None, "no", "never_visited", None, id="a visit the day after"),
        pytest.param([], "2011-05-31", "yes", "visited", "2011-05-31", id="before the ledger"),
        pytest.param([], "2011-06-01", "yes", "visited", "2011-06-01", id="that day, before it"),
        pytest.param([], "2011-06-02", "no", "never_visited", None, id="the day after, before it"),
        pytest.param(
            ["2011-05-31 phone"],
            *("0001-01-01", "yes", "visited", "0001-01-01"),
            id="before the ledger, nobody knows when",
        ),
        pytest.param(
            ["2011-05-01"],
            "2011-05-31",
            "yes",
            "visited",
            "2011-05-01",
            id="a visit, then before it",
        ),
    ],
)
def test_visited_earlier(
    earlier: list[str], before: str | None, outcome: str, reason: str, day_named: str | None
) -> None:
    answer = visited_earlier(
        Dossier(company(before=before), contacts(*earlier, "2011-06-01 phone"))
    )
    assert answer == (outcome, reason, (day(day_named),) if day_named else ())


def visited_earlier(dossier: Dossier, by: Contract | None = None) -> Answer:
    """Ask it of the contact of a dossier that was recorded last."""
    by = by or contract()
    [(asked, position)] = [
        pair for pair in contact_positions(dossier, by) if pair[0] == dossier.contacts[-1]
    ]
    return REQUIREMENTS["visited_earlier"](subject(asked, by=by, place=position))


@pytest.mark.parametrize(
    ("order", "outcome"), [((1, 2), "yes"), ((2, 1), "no")], ids=["visit first", "call first"]
)
def test_of_one_day_the_order_of_entry_decides_what_was_earlier(
    order: tuple[int, int], outcome: str
) -> None:
    visit, call = contacts("2011-06-01", "2011-06-01 phone")
    visit = visit._replace(recorded_at=recorded(order[0]))
    call = call._replace(recorded_at=recorded(order[1]))
    assert visited_earlier(Dossier(company(), (visit, call))).outcome == outcome


@pytest.mark.parametrize(
    ("visits", "outcome"),
    [({"visit", "meeting"}, "yes"), ({"phone"}, "no"), (set(), "no"), ({"email", "event"}, "no")],
)
def test_the_contract_says_what_a_visit_is(visits: set[str], outcome: str) -> None:
    met = Dossier(company(), contacts("2011-05-31 meeting", "2011-06-01 phone"))
    assert visited_earlier(met, contract(visits=frozenset(visits))).outcome == outcome


LASTING = contract(lasting=Lasting(weeks=26, hours=30))


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        # 26 weeks are 182 days, the first and the last among them.
        pytest.param(
            {"start": "2011-06-06", "end": "2011-12-04", "hours": 30},
            Answer("yes", "lasts", (30, day("2011-06-06"), day("2011-12-04"))),
            id="26 weeks of 30 hours",
        ),
        pytest.param(
            {"start": "2011-06-06", "end": "2011-12-03", "hours": 30},
            Answer("no", "too_short", (day("2011-06-06"), day("2011-12-03"), 26)),
            id="a day too few",
        ),
        pytest.param(
            {"start": "2011-06-06", "end": "2011-12-04", "hours": 29},
            Answer("no", "too_few_hours", (29, 30)),
            id="an hour too few",
        ),
        pytest.param(
            {"permanent": True, "hours": 30}, Answer("yes", "permanent", (30,)), id="permanent"
        ),
        pytest.param(
            {"permanent": True, "end": "2011-06-30", "hours": 37},
            Answer("yes", "permanent", (37,)),
            id="permanent, and left again",
        ),
        pytest.param(
            {"permanent": True, "hours": 29},
            Answer("no", "too_few_hours", (29, 30)),
            id="permanent, an hour too few",
        ),
        pytest.param({"permanent": True}, Answer("unknown", "no_hours"), id="permanent, no hours"),
        pytest.param({"hours": 37}, Answer("unknown", "no_end"), id="no end"),
        pytest.param(
            {"permanent": False, "hours": 37},
            Answer("unknown", "no_end"),
            id="not permanent, no end",
        ),
        pytest.param({}, Answer("unknown", "no_end"), id="neither"),
        pytest.param(
            {"start": "2011-06-06", "end": "2011-12-04"},
            Answer("unknown", "no_hours"),
            id="no hours",
        ),
        pytest.param(
            {"start": "2011-06-06", "end": "2011-12-03"},
            Answer("no", "too_short", (day("2011-06-06"), day("2011-12-03"), 26)),
            id="too short, no hours",
        ),
        pytest.param({"hours": 29}, Answer("no", "too_few_hours", (29, 30)), id="too few, no end"),
        pytest.param(
            {"end": "2011-11-29", "hours": 30},
            Answer("yes", "lasts", (30, day("2011-06-01"), day("2011-11-29"))),
            id="from the agreed day, for want of a start",
        ),
        pytest.param(
            {"end": "2011-11-28", "hours": 30},
            Answer("no", "too_short", (day("2011-06-01"), day("2011-11-28"), 26)),
            id="a day too few from the agreed day",
        ),
        pytest.param(
            {"end": "2011-05-01", "hours": 30},
            Answer("no", "too_short", (day("2011-06-01"), day("2011-05-01"), 26)),
            id="an end before the agreed day",
        ),
    ],
)
def test_lasting(facts: dict[str, Any], answer: Answer) -> None:
    assert REQUIREMENTS["lasting"](subject(hire(AGREED, **facts), by=LASTING)) == answer


def test_a_hire_without_a_first_day_waits_for_its_agreement() -> None:
    waiting = subject(hire(None, end="2011-12-31", hours=37), by=LASTING)
    assert REQUIREMENTS["lasting"](waiting) == NOT_AGREED
