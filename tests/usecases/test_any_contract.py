"""Whatever a contract requires, `status`, `why` and `check` agree: on every record, in every target."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st

import servers
from builders import TODAY, agreeing, cvr_number, session_over, shipped_document
from hypothesis_profiles import examples
from kmtrack import i18n
from kmtrack.clock import Clock
from kmtrack.errors import Refusal
from kmtrack.ledger.contract import contract_in_force
from kmtrack.ledger.queries.companies import company_row
from kmtrack.ledger.rows import in_force_since
from kmtrack.ledger.schema.choices import CHOICES
from kmtrack.ledger.schema.facts import named_fields
from kmtrack.ledger.schema.ids import noun_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.rules.contract import COUNTED_NOUNS
from kmtrack.rules.contract_format import COLLABORATION_KINDS, LEVELS
from kmtrack.rules.explanation import RecordExplanation, TargetExplanation
from kmtrack.rules.judgement import OUTCOMES
from kmtrack.rules.requirements import REQUIREMENTS, company_fact_for
from kmtrack.usecases.check import check_ledger
from kmtrack.usecases.check.issues import OptionsOf
from kmtrack.usecases.companies import add_company, edit_company
from kmtrack.usecases.events import add_event, edit_event
from kmtrack.usecases.init import NewLedger, create_ledger
from kmtrack.usecases.status import status_of
from kmtrack.usecases.why import why
from kmtrack.views.check import format_issue
from kmtrack.views.why import explained_as_dict
from kmtrack.views.why_target import target_as_dict

if TYPE_CHECKING:
    from kmtrack.ledger.schema.fields import Field
    from kmtrack.rules.judgement import Verdict
    from kmtrack.usecases.session import Session

FAR: Final = date(2013, 12, 31)
DAYS: Final = ("2010-12-31", "2011-01-01", "2011-03-01", "2011-03-02", "2011-05-01", "2011-06-30")
PLACES: Final = ("Viborg", "Silkeborg", "Aalborg")
WORDING: Final = {"da": "ord", "en": "words"}


def _values_of(field: Field) -> st.SearchStrategy[str] | None:
    """Return values of a field, some of them unknown; None for one that no rule can look at.

    They are made from what is known of the field, so that one that is added is covered too.
    """
    kind = field.kind
    if field.name in {"name", "cvr", "next"} or kind.reference or kind.is_free_text:
        return None
    if kind.choice:
        found = st.sampled_from(CHOICES[kind.choice])
    elif kind.cell == "day":
        found = st.sampled_from(DAYS)
    elif kind.filled_from == "municipality":
        found = st.sampled_from(PLACES)
    elif kind.filled_from == "broker" or field.type is bool:
        found = st.sampled_from(["JH", "MK"] if field.type is not bool else ["yes", "no"])
    elif kind.cell == "number":
        found = st.sampled_from(["1", "20", "40", "60"])
    elif field.name == "employees":
        found = st.sampled_from(["40", "249", "250", "200-499"])
    else:
        return None
    return found if field.is_required else st.just("") | found


def _facts_of(noun: str) -> st.SearchStrategy[dict[str, str]]:
    facts = NOUNS[noun].facts
    assert facts is not None
    values = {name: _values_of(field) for name, field in named_fields(facts).items()}
    return st.fixed_dictionaries({n: each for n, each in values.items() if each is not None})


@st.composite
def _targets(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return targets of every noun that is counted, each with some of the requirements it can have."""
    found = []
    for noun in sorted(COUNTED_NOUNS):
        possible = sorted(name for name, each in REQUIREMENTS.items() if noun in each.nouns)
        for number in range(draw(st.integers(1, 2))):
            asked = draw(st.lists(st.sampled_from(possible), unique=True))
            select: dict[str, Any] = {}
            if noun == "contact":
                select = draw(st.sampled_from([{}, {"history": "first"}, {"history": "later"}]))
            elif draw(st.booleans()):
                kinds = COLLABORATION_KINDS if noun == "collaboration" else LEVELS
                name = "kind" if noun == "collaboration" else "level"
                select = {name: list(kinds[:2])}
            found.append(
                {
                    "id": f"{noun}-{number}",
                    "counts": noun,
                    "minimum": 10,
                    "name": {"da": f"{noun} {number}", "en": f"{noun} {number}"},
                    "words": WORDING,
                    "requires": dict.fromkeys(asked, WORDING),
                    **({"select": select} if select else {}),
                }
            )
    return found


COMPANIES = st.tuples(
    _facts_of("company"),
    st.booleans(),
    st.lists(st.tuples(st.sampled_from(DAYS), _facts_of("company")), max_size=2),
)
RECORDS = st.lists(
    st.sampled_from(sorted(COUNTED_NOUNS)).flatmap(
        lambda noun: st.tuples(st.just(noun), st.integers(0, 2), _facts_of(noun))
    ),
    max_size=12,
)


def _as_toml(value: Any) -> str:
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {_as_toml(each)}" for key, each in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_as_toml, value))}]"
    return str(value) if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


def _contract_file(folder: Path, targets: list[dict[str, Any]]) -> Path:
    """Write a contract with these targets, and with what the shipped one delivers."""
    document = shipped_document()
    document["lasting"] = {"weeks": 4, "hours": 30}
    delivered = [each for each in document["target"] if each["counts"] not in COUNTED_NOUNS]
    document["target"] = [*targets, *delivered]
    file = folder / "contract.toml"
    lines = [f"{key} = {_as_toml(value)}" for key, value in document.items()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _fill(session: Session, companies: list[Any], records: list[Any]) -> list[str]:
    """Store what can be stored of these facts; return the ids of the records."""
    ids = []
    for number, (facts, has_number, versions) in enumerate(companies):
        named = {"name": f"Firma {number}", "cvr": cvr_number(number) if has_number else ""}
        declared = {"basis": "egen oplysning"} if facts["sme"] == "yes" else {}
        values = {**facts, **named, **declared}
        ids.append(add_company(agreeing(session), values)["id"])
        for day, later in versions:
            for name, value in later.items():
                with suppress(Refusal):
                    edit_company(agreeing(session), ids[-1], {name: value}, day)
    found = []
    for noun, which, facts in records:
        with suppress(Refusal):
            company = ids[which % len(ids)]
            found.append(add_event(session, noun, company, facts).record["id"])
    return found


def _verdicts(session: Session, records: list[str]) -> list[Verdict]:
    """Return what `why` says of each record."""
    found: list[Verdict] = []
    for record in records:
        explained = why(session, record, FAR)
        assert isinstance(explained, RecordExplanation)
        assert explained_as_dict(explained)["record"]["id"] == record
        found += [verdict for _, verdict in explained.verdicts]
    return found


def _assert_agreed(session: Session, records: list[str], as_of: date) -> None:
    verdicts = _verdicts(session, records)
    known = [each for each in verdicts if each.day is None or each.day <= as_of]
    for status in status_of(session.store, as_of).targets:
        if not status.target.is_counted:
            continue
        of_target = [each for each in known if each.target == status.target.id]
        outcomes = Counter(each.outcome for each in of_target)
        assert status.tally._asdict() == {each: outcomes[each] for each in OUTCOMES}
        explained = why(session, status.target.id, as_of)
        assert isinstance(explained, TargetExplanation)
        assert target_as_dict(explained)["target"] == status.target.id
        grouped = {
            member.record_id: (group.outcome, sorted(group.reasons))
            for group in explained.groups
            for member in group.members
        }
        assert grouped == {
            each.record_id: (
                each.outcome,
                sorted((rule, answer.reason) for rule, answer in each.reasons),
            )
            for each in of_target
        }
    _assert_checked(session, verdicts)


def _assert_checked(session: Session, verdicts: list[Verdict]) -> None:
    """A check finds no difference, and names exactly the facts for which records wait."""
    checked = check_ledger(session.store)
    assert checked.damage == []
    waiting: dict[tuple[str, str | None], dict[str, set[str]]] = {}
    missing: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        if verdict.outcome != "waiting":
            continue
        row = session.store.get(
            f"SELECT company_id FROM {verdict.noun} WHERE id = :id", id=verdict.record_id
        )
        company = company_row(session.store, row["company_id"])
        for _, answer in verdict.reasons:
            if fact := company_fact_for(answer.reason):
                day = verdict.day.isoformat() if verdict.day else None
                facts = waiting.setdefault((company["id"], in_force_since(company, fact, day)), {})
                facts.setdefault(fact, set()).add(verdict.record_id)
            else:
                missing[f"missing_{answer.reason}", verdict.record_id] = 1
    found: dict[tuple[str, str | None], tuple[int, tuple[str, ...]]] = {}
    named: Counter[tuple[str, str]] = Counter()
    for issue in checked.warnings:
        assert format_issue(issue)
        if issue.kind == "missing_of_company":
            options = issue.facts["options"]
            assert isinstance(options, OptionsOf)
            key = (issue.records[0], options.since)
            assert key not in found
            found[key] = (issue.facts["number"], options.fields)
        elif issue.kind.startswith("missing_"):
            named[issue.kind, issue.records[0]] += 1
    assert named == missing
    assert found == {
        key: (max(map(len, facts.values())), tuple(sorted(facts))) for key, facts in waiting.items()
    }


@examples(5 if servers.IN_USE else 25)
@given(
    targets=_targets(),
    companies=st.lists(COMPANIES, min_size=1, max_size=3),
    records=RECORDS,
    as_of=st.sampled_from(DAYS).map(date.fromisoformat),
    language=st.sampled_from(i18n.LANGUAGES),
    later=st.tuples(st.integers(0, 2), _facts_of("company"), st.none() | st.sampled_from(DAYS)),
)
def test_status_why_and_check_agree_by_any_contract(  # noqa: PLR0917 - what a ledger is made of
    targets: list[dict[str, Any]],
    companies: list[Any],
    records: list[Any],
    as_of: date,
    language: i18n.Language,
    later: tuple[int, dict[str, str], str | None],
) -> None:
    i18n.use(language)
    with tempfile.TemporaryDirectory() as folder:
        ledger = servers.place_in(Path(folder)) if servers.IN_USE else Path(folder) / "ledger.db"
        new = NewLedger(("Viborg", "Silkeborg"), _contract_file(Path(folder), targets), "JH")
        create_ledger(ledger, new, Clock(TODAY, is_set=True), {})
        with session_over(ledger) as session:
            asked = {rule for target in targets for rule in target["requires"]}
            contract = contract_in_force(session.store)
            assert {rule for target in contract.targets for rule in target.requires} == asked
            stored = _fill(session, companies, records)
            for day in (as_of, FAR):
                _assert_agreed(session, stored, day)
            which, facts, since = later
            company = session.store.all("SELECT id FROM company ORDER BY name")[
                which % len(companies)
            ]
            for name, value in facts.items():
                with suppress(Refusal):
                    edit_company(agreeing(session), company["id"], {name: value}, since)
            for record in stored[::3]:
                noun = noun_of(record) or ""
                moved = {"date" if noun == "contact" else "agreed": str(as_of - timedelta(1))}
                with suppress(Refusal):
                    edit_event(session, noun, record, moved)
            _assert_agreed(session, stored, FAR)
