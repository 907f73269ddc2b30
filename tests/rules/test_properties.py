"""Properties of the rules: what holds of every dossier, however odd."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from builders import COPENHAGEN, CVR, SILKEBORG, VIBORG, contract, day, recorded
from hypothesis_profiles import examples
from kmtrack.rules.contact_history import contact_positions, first_contact_before
from kmtrack.rules.contract import COUNTED_NOUNS, Contract, Lasting, Participation, Selection
from kmtrack.rules.contract_format import CHANNELS, COLLABORATION_KINDS, LEVELS, TERMS
from kmtrack.rules.dossier import Collaboration, Company, CompanyVersion, Contact, Dossier, Hire
from kmtrack.rules.judgement import judge
from kmtrack.rules.proofs import Prover
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from random import Random

    from kmtrack.rules.dossier import Record
    from kmtrack.rules.judgement import Verdict

MANY = examples(150)

# Few days and few moments, so that records meet on them; some on each side of the period's edges.
DAYS = st.sampled_from(
    [day("2010-12-31"), day("2011-01-01"), day("2012-12-31"), day("2013-01-01")]
) | st.dates(day("2011-05-25"), day("2011-06-05"))
MOMENTS = st.integers(0, 5).map(recorded)
BROKERS = st.sampled_from(["", "JH", "JH MK"])

OUTCOMES = st.builds(
    CompanyVersion,
    municipality=st.sampled_from([None, VIBORG, SILKEBORG, COPENHAGEN]),
    employees=st.sampled_from([None, "0", "249", "250", "200-499", "1000+"]),
    turnover=st.sampled_from([None, 50.0, 50.01]),
    balance=st.sampled_from([None, 43.0, 43.01]),
    sme=st.sampled_from([None, None, None, True, False]),
    kind=st.sampled_from(["company", "company", "company", "public", "association"]),
)


def _company(
    cvr: str | None, before: date | None, first: CompanyVersion, later: dict[date, CompanyVersion]
) -> Company:
    return Company("c1", cvr, before, ((None, first), *sorted(later.items())))


COMPANIES = st.builds(
    _company,
    st.sampled_from([None, CVR, CVR]),
    st.none() | st.just(date.min) | DAYS,
    OUTCOMES,
    st.dictionaries(DAYS, OUTCOMES, max_size=2),
)
# Ids are set afterwards: no two records share one.
CONTACTS = st.builds(
    Contact,
    st.just(""),
    MOMENTS,
    DAYS,
    st.sampled_from(CHANNELS),
    BROKERS,
    place=st.integers(0, 2),
)
COLLABORATIONS = st.builds(
    Collaboration,
    st.just(""),
    MOMENTS,
    st.none() | DAYS,
    st.sampled_from(COLLABORATION_KINDS),
    BROKERS,
)
HIRES = st.builds(
    Hire,
    st.just(""),
    MOMENTS,
    st.none() | DAYS,
    st.none() | st.sampled_from(LEVELS),
    st.sampled_from(TERMS),
    BROKERS,
    start=st.none() | DAYS,
    end=st.none() | DAYS,
    hours=st.sampled_from([None, 29, 30]),
    permanent=st.sampled_from([None, None, False, True]),
)


def _dossier(
    whose: Company, met: list[Contact], students: list[Collaboration], hired: list[Hire]
) -> Dossier:
    return Dossier(
        whose,
        tuple(each._replace(id=f"k{n}") for n, each in enumerate(met)),
        tuple(each._replace(id=f"s{n}") for n, each in enumerate(students)),
        tuple(each._replace(id=f"h{n}") for n, each in enumerate(hired)),
    )


DOSSIERS = st.builds(
    _dossier,
    COMPANIES,
    st.lists(CONTACTS, max_size=6),
    st.lists(COLLABORATIONS, max_size=2),
    st.lists(HIRES, max_size=2),
)


def _asking_everything(by: Contract) -> Contract:
    """Return a contract whose targets require all that can be asked of their records."""
    targets = []
    for target in by.targets:
        asked = [rule.name for rule in REQUIREMENTS.values() if target.counts in rule.nouns]
        targets.append(target._replace(requires=dict.fromkeys(asked, target.words)))
    return by._replace(targets=tuple(targets))


CONTRACTS = st.sampled_from(
    [
        _asking_everything(contract(lasting=Lasting(weeks=1, hours=30))),
        _asking_everything(contract(visits=frozenset({"visit", "meeting", "event"}))),
        contract(),
        contract()._replace(participation=()),
        contract(Participation(VIBORG, day("2011-06-01")), Participation(SILKEBORG)),
        contract(channels=frozenset({"email"})),
    ]
)


def records_of(dossier: Dossier) -> list[Record]:
    return [*dossier.contacts, *dossier.collaborations, *dossier.hires]


def outcomes(verdicts: list[Verdict]) -> dict[tuple[str, str], str]:
    """Return the outcome of each record for each target, without the reasons."""
    return {(verdict.record_id, verdict.target): verdict.outcome for verdict in verdicts}


def on_or_before(dossier: Dossier, last: date) -> Dossier:
    """Return the dossier with the records dated `last` or before, and those that are not agreed."""
    return dossier._replace(
        contacts=tuple(each for each in dossier.contacts if each.day <= last),
        collaborations=tuple(
            each for each in dossier.collaborations if each.day is None or each.day <= last
        ),
        hires=tuple(each for each in dossier.hires if each.day is None or each.day <= last),
    )


@MANY
@given(DOSSIERS, CONTRACTS, st.randoms(use_true_random=False))
def test_the_order_of_the_records_changes_no_verdict(
    dossier: Dossier, by: Contract, chance: Random
) -> None:
    turned = dossier._replace(
        contacts=tuple(chance.sample(dossier.contacts, len(dossier.contacts))),
        collaborations=tuple(chance.sample(dossier.collaborations, len(dossier.collaborations))),
        hires=tuple(chance.sample(dossier.hires, len(dossier.hires))),
    )
    assert sorted(judge(turned, by), key=repr) == sorted(judge(dossier, by), key=repr)


@MANY
@given(DOSSIERS, CONTRACTS)
def test_each_record_has_one_verdict_under_one_target(dossier: Dossier, by: Contract) -> None:
    judged = sorted(verdict.record_id for verdict in judge(dossier, by))
    assert judged == sorted(record.id for record in records_of(dossier))


@MANY
@given(DOSSIERS, CONTRACTS)
def test_what_counts_waits_and_is_excluded_is_all_of_a_noun(dossier: Dossier, by: Contract) -> None:
    alike = [target._replace(selection=Selection()) for target in by.targets]
    verdicts = judge(dossier, by._replace(targets=tuple(alike)))
    ids = {
        "contact": {each.id for each in dossier.contacts},
        "collaboration": {each.id for each in dossier.collaborations},
        "hire": {each.id for each in dossier.hires},
    }
    for target in alike:
        if target.counts in COUNTED_NOUNS:
            for_it = {verdict.record_id for verdict in verdicts if verdict.target == target.id}
            assert for_it == ids[target.counts]


@MANY
@given(DOSSIERS, CONTRACTS)
def test_a_record_counts_only_if_every_answer_is_yes(dossier: Dossier, by: Contract) -> None:
    for verdict in judge(dossier, by):
        all_yes = all(answer.outcome == "yes" for _, answer in verdict.answers)
        assert (verdict.outcome == "counted") == all_yes


@MANY
@given(DOSSIERS, CONTRACTS)
def test_what_does_not_count_says_why(dossier: Dossier, by: Contract) -> None:
    for verdict in judge(dossier, by):
        assert (verdict.outcome == "counted") == (not verdict.reasons)


@MANY
@given(DOSSIERS, CONTRACTS, DAYS)
def test_as_of_a_day_is_what_the_records_up_to_it_count_for(
    dossier: Dossier, by: Contract, last: date
) -> None:
    whole = [each for each in judge(dossier, by) if each.day is None or each.day <= last]
    assert outcomes(whole) == outcomes(judge(on_or_before(dossier, last), by))


@MANY
@given(DOSSIERS, CONTRACTS, CONTACTS | COLLABORATIONS | HIRES, st.integers(1, 400))
def test_a_record_dated_later_than_all_others_changes_none_of_them(
    dossier: Dossier, by: Contract, record: Record, days_on: int
) -> None:
    known = [each.day for each in records_of(dossier) if each.day] + [day("2013-01-01")]
    later = record._replace(id="x", day=max(known) + timedelta(days=days_on))
    before = outcomes(judge(dossier, by))
    after = outcomes(judge(_with(dossier, later), by))
    assert {key: outcome for key, outcome in after.items() if key[0] != "x"} == before


@MANY
@given(DOSSIERS, CONTRACTS, CONTACTS | COLLABORATIONS | HIRES)
def test_a_record_that_makes_no_history_changes_no_other(
    dossier: Dossier, by: Contract, record: Record
) -> None:
    if isinstance(record, Contact):
        making = by.channels | by.visits
        record = record._replace(channel=next(each for each in CHANNELS if each not in making))
    after = outcomes(judge(_with(dossier, record._replace(id="x")), by))
    without = {key: outcome for key, outcome in after.items() if key[0] != "x"}
    assert without == outcomes(judge(dossier, by))


def _with(dossier: Dossier, record: Record) -> Dossier:
    if isinstance(record, Contact):
        return dossier._replace(contacts=(record, *dossier.contacts))
    if isinstance(record, Collaboration):
        return dossier._replace(collaborations=(record, *dossier.collaborations))
    return dossier._replace(hires=(record, *dossier.hires))


@MANY
@given(DOSSIERS, CONTRACTS)
def test_a_company_is_new_once_and_met_once_a_day(dossier: Dossier, by: Contract) -> None:
    counted = [verdict for verdict in judge(dossier, by) if verdict.outcome == "counted"]
    assert len([each for each in counted if each.target == "new-contacts"]) <= 1
    days = [each.day for each in counted if each.noun == "contact"]
    assert len(days) == len(set(days))


@MANY
@given(DOSSIERS, CONTRACTS)
def test_the_first_countable_contact_is_the_only_countable_one_that_is_new(
    dossier: Dossier, by: Contract
) -> None:
    countable = [each for each in dossier.contacts if each.channel in by.channels]
    before = dossier.company.visited_before
    first = min(
        countable,
        key=lambda each: (each.day, each.recorded_at, each.place, each.id),
        default=None,
    )
    is_new = first is not None and (before is None or before > first.day)
    new = {each.record_id for each in judge(dossier, by) if each.target == "new-contacts"}
    assert new & {each.id for each in countable} == ({first.id} if first and is_new else set())


@MANY
@given(DOSSIERS, CONTRACTS)
def test_a_fact_that_is_learnt_decides_only_what_waited(dossier: Dossier, by: Contract) -> None:
    learnt = dossier._replace(
        company=dossier.company._replace(
            cvr=dossier.company.cvr or CVR,
            versions=tuple(
                (
                    first,
                    each._replace(
                        municipality=each.municipality or VIBORG, employees=each.employees or "40"
                    ),
                )
                for first, each in dossier.company.versions
            ),
        ),
        hires=tuple(each._replace(level=each.level or "master") for each in dossier.hires),
    )
    after = outcomes(judge(learnt, by))
    decided = {k: o for k, o in outcomes(judge(dossier, by)).items() if o != "waiting"}
    assert {key: after[key] for key in decided} == decided


@MANY
@given(DOSSIERS, CONTRACTS)
def test_what_is_told_of_the_history_is_what_it_is_judged_by(
    dossier: Dossier, by: Contract
) -> None:
    for contact, (earlier, _, _) in contact_positions(dossier, by):
        first = first_contact_before(dossier, by, contact)
        assert (first is None) == (earlier is None)
        if first is not None and earlier is not None:
            assert first.day <= earlier <= contact.day
            assert first.contact_id != contact.id


@MANY
@given(DOSSIERS, CONTRACTS)
def test_what_proves_a_verdict_is_what_its_answers_looked_at(
    dossier: Dossier, by: Contract
) -> None:
    places = {contact.id: position for contact, position in contact_positions(dossier, by)}
    proofs = list(Prover(by).proofs(dossier))
    assert [proof.verdict for proof in proofs] == judge(dossier, by)
    for verdict, version, sme, met in proofs:
        answers, day_met = dict(verdict.answers), met and met.day
        place = places.get(verdict.record_id)
        if place is None:
            brokered = answers["brokered"]
            assert day_met == (brokered.looked_at[0] if brokered.outcome == "yes" else None)
        elif "visited_earlier" in answers:
            assert day_met == place.visited
        else:
            assert (met is None) == (place.earlier is None)
        is_sme = "sme" in answers and answers["sme"].outcome == "yes"
        assert (sme is not None) == is_sme
        if sme is not None:
            assert (sme.declared is not None) == (version.sme is True)
