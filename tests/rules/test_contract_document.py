"""Contract documents: the one that comes with the program, and every mistake with its place."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import pytest

from builders import shipped_document
from kmtrack.rules.contract import COUNTED_NOUNS, Lasting, Participation, Selection, SmeLimits
from kmtrack.rules.contract_format import (
    CHANNELS,
    COLLABORATION_KINDS,
    LEVELS,
    TERMS,
    read_contract,
    refuse_equal_names,
)
from kmtrack.rules.document import DocumentMistake, Wording
from kmtrack.rules.requirements import REQUIREMENTS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kmtrack.rules.contract import Contract, Target

GONE: Final = object()

# What the contract may quote, as the region's note has it, with the lines put together again.
NOTE = """
Udstationering af kontaktmæglere ved lokale erhvervsråd
Resultatmål 1: Flere højtuddannede medarbejdere
flere små og mellemstore virksomheder i de deltagende kommuner ansætter højtuddannede medarbejdere
en markant stigning i antallet af højtuddannede i virksomhederne i de deltagende kommuner
min. 50 ansættelser af højtuddannede
Det er operatørens ansvar at sikre, at der foretages en opsamling, vurdering og formidling af \
initiativets metoder og værktøjer.
Der foreligger en model for videreførelse inden 1.7.2011
Kontaktmæglerinitiativet skal i projektperioden 2011-12 opnå følgende resultatmål:
Etablere og drifte projektledelse
Gennemføre min. 1000 nye kontakter til små og mellemstore virksomheder i de deltagende kommuner
Gennemføre min. 500 opfølgende kontakter til tidligere besøgte virksomheder
Formidle min. 300 forpligtende samarbejder i form af projektarbejder og ansættelser af \
studerende og praktikanter
Formidle min. 50 ansættelser af højtuddannede
"""

SHIPPED = read_contract(shipped_document())


def of_shipped(target_id: str) -> Target:
    found = SHIPPED.target(target_id)
    assert found is not None
    return found


def spoiled(path: str, value: object) -> dict[str, Any]:
    """Return the shipped document with one value at `path` in place of what is there, or gone."""
    document = shipped_document()
    *way, last = path.split(".")
    place: Any = document
    for step in way:
        place = place[int(step)] if step.isdigit() else place[step]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return document


def read(path: str, value: object) -> Contract:
    return read_contract(spoiled(path, value))


def test_the_shipped_contract_has_the_period_of_the_note() -> None:
    assert (SHIPPED.first_day, SHIPPED.last_day) == (date(2011, 1, 1), date(2012, 12, 31))


def test_the_shipped_contract_has_the_targets_and_minimums_of_the_note() -> None:
    assert {target.id: target.minimum for target in SHIPPED.targets} == {
        "new-contacts": 1000,
        "follow-ups": 500,
        "collaborations": 300,
        "hires": 50,
        "project-management": None,
        "continuation-model": None,
        "methods": None,
        "growth": None,
    }


@pytest.mark.parametrize(
    ("target", "counts", "selection"),
    [
        ("new-contacts", "contact", Selection("first")),
        ("follow-ups", "contact", Selection("later")),
        ("collaborations", "collaboration", Selection()),
        ("hires", "hire", Selection()),
        ("project-management", "deliverable", Selection()),
        ("continuation-model", "deliverable", Selection()),
        ("methods", "method", Selection()),
        ("growth", "survey", Selection()),
    ],
)
def test_what_a_target_of_the_shipped_contract_counts(
    target: str, counts: str, selection: Selection
) -> None:
    assert (of_shipped(target).counts, of_shipped(target).selection) == (counts, selection)


CONTACTS = {"identified", "in_period", "countable_channel", "one_per_day"}
AGREEMENTS = {"identified", "binding", "in_period", "brokered"}


@pytest.mark.parametrize(
    ("target", "requires"),
    [
        ("new-contacts", CONTACTS | {"participating", "sme"}),
        ("follow-ups", CONTACTS),
        ("collaborations", AGREEMENTS),
        ("hires", AGREEMENTS | {"highly_educated", "paid", "participating", "sme"}),
        ("project-management", set()),
        ("continuation-model", set()),
        ("methods", set()),
        ("growth", set()),
    ],
)
def test_what_a_target_of_the_shipped_contract_requires(target: str, requires: set[str]) -> None:
    assert set(of_shipped(target).requires) == requires


def test_the_continuation_model_is_due_on_the_last_of_june() -> None:
    assert SHIPPED.due_day(of_shipped("continuation-model")) == date(2011, 6, 30)


def test_the_shipped_contract_counts_what_the_design_says() -> None:
    assert SHIPPED.channels == {"visit", "meeting", "phone", "online"}
    assert SHIPPED.highly_educated == {"master", "phd"}
    assert SHIPPED.paid_terms == {"ordinary", "subsidised"}
    assert SHIPPED.sme == SmeLimits(250, 50.0, 43.0)


def test_the_shipped_contract_names_no_municipality_for_the_note_names_none() -> None:
    assert SHIPPED.participation == ()


QUOTED = {f"{t.id}": t.words for t in SHIPPED.targets} | {
    f"{t.id}, {rule}": words for t in SHIPPED.targets for rule, words in t.requires.items()
}


@pytest.mark.parametrize("words", QUOTED.values(), ids=QUOTED)
def test_what_is_given_as_the_words_of_the_note_is_in_the_note(words: Wording) -> None:
    for part in words.da.split("(…)"):
        assert part.strip() in NOTE


@pytest.mark.parametrize("words", QUOTED.values(), ids=QUOTED)
def test_the_words_leave_out_the_same_in_both_languages(words: Wording) -> None:
    assert words.da.count("(…)") == words.en.count("(…)")


def test_a_document_kept_as_json_reads_the_same() -> None:
    kept = json.loads(json.dumps(shipped_document(), default=date.isoformat))
    assert read_contract(kept) == SHIPPED


def test_every_requirement_is_one_that_some_target_can_have() -> None:
    assert all(rule.nouns and rule.nouns <= COUNTED_NOUNS for rule in REQUIREMENTS.values())


LEFT_OUT: Final[list[tuple[str, object, str, object]]] = [
    ("participation", [], "participation", ()),
    ("target.0.due", GONE, "due", None),
    ("target.0.minimum", GONE, "minimum", None),
    ("target.0.select", GONE, "selection", Selection()),
    ("target.0.requires", GONE, "requires", {}),
]


@pytest.mark.parametrize(("path", "value", "name", "found"), LEFT_OUT)
def test_what_may_be_left_out(path: str, value: object, name: str, found: object) -> None:
    made = read(path, value)
    assert getattr(made if name == "participation" else made.targets[0], name) == found


def test_the_shipped_contract_calls_only_a_visit_a_visit_and_asks_no_length() -> None:
    assert SHIPPED.visits == {"visit"}
    asked = {rule for target in SHIPPED.targets for rule in target.requires}
    assert not asked & {"visited_earlier", "lasting"}


def test_the_visits_and_the_length_that_a_contract_asks() -> None:
    document = shipped_document()
    document["counting"]["visits"] = ["visit", "meeting"]
    document["lasting"] = {"weeks": 26, "hours": 30}
    made = read_contract(document)
    assert made.visits == {"visit", "meeting"}
    assert made.lasting == Lasting(26, 30)


def test_hires_that_are_to_last_need_to_know_how_long() -> None:
    document = shipped_document()
    document["target"][3]["requires"] |= LASTING
    with pytest.raises(DocumentMistake) as refused:
        read_contract(document)
    assert (refused.value.key, refused.value.expected) == ("lasting", "table")
    document["lasting"] = {"weeks": 26, "hours": 30}
    assert "lasting" in read_contract(document).targets[3].requires


def test_an_operator_may_be_unknown_yet() -> None:
    assert read("parties.operator", "").operator == ""


READ = [
    pytest.param(
        "participation",
        [{"municipality": "791", "from": date(2011, 3, 1), "until": "2012-06-30"}],
        lambda made: made.participation,
        (Participation("791", date(2011, 3, 1), date(2012, 6, 30)),),
        id="days of a municipality",
    ),
    pytest.param(
        "target.2.select",
        {"kind": ["project", "internship"]},
        lambda made: made.targets[2].selection.kinds,
        {"project", "internship"},
        id="kinds of collaboration",
    ),
    pytest.param(
        "target.3.select",
        {"level": ["phd"]},
        lambda made: made.targets[3].selection.levels,
        {"phd"},
        id="levels of hires",
    ),
    pytest.param(
        "target.1.requires",
        {"sme": {"da": "virksomheder", "en": "enterprises"}},
        lambda made: dict(made.targets[1].requires),
        {"sme": Wording("virksomheder", "enterprises")},
        id="a requirement of another target",
    ),
    pytest.param(
        "sme.turnover_at_most", 40, lambda made: made.sme.turnover_at_most, 40.0, id="a whole sum"
    ),
    pytest.param(
        "period.last_day",
        date(2011, 1, 1),
        lambda made: made.last_day,
        date(2011, 1, 1),
        id="a period of one day",
    ),
]


@pytest.mark.parametrize(("path", "value", "look", "found"), READ)
def test_what_is_read(path: str, value: object, look: Any, found: object) -> None:
    assert look(read(path, value)) == found


OF_ROOT = [
    *("format", "id", "name", "parties", "period", "participation", "counting", "sme"),
    *("lasting", "reporting", "target"),
]
OF_COUNTING = ["channels", "visits", "highly_educated", "paid_terms"]
OF_LIMITS = ["employees_below", "turnover_at_most", "balance_at_most"]
OF_SPAN = ["municipality", "from", "until"]
OF_TARGET = [
    *("id", "counts", "select", "minimum", "due", "name", "words", "requires"),
    *("point", "logged_every_days"),
]
NOUNS = ["collaboration", "contact", "deliverable", "hire", "method", "survey"]
POINTS = [point["id"] for point in shipped_document()["target"][5]["point"]]
OF_CONTACT = [
    *("one_per_day", "visited_earlier", "identified", "in_period", "countable_channel"),
    *("participating", "sme"),
]
OF_COLLABORATION = ["identified", "in_period", "participating", "sme", "binding", "brokered"]
OF_HIRE = [*OF_COLLABORATION, "highly_educated", "paid", "lasting"]
LASTING = {"lasting": {"da": "ansættelser", "en": "hires"}}
NOON = datetime(2012, 12, 31, 12, tzinfo=UTC)


class Slip(NamedTuple):
    """A value put at `path` of the document, and the refusal: its key is the path unless said."""

    path: str
    value: object
    expected: str
    among: Sequence[str] = ()
    at: str | None = None

    @property
    def key(self) -> str:
        """The key that the refusal names, in which tables of a list are numbered from 1."""
        numbered = re.sub(r"\.(\d+)", lambda found: f"[{int(found[1]) + 1}]", self.path)
        return self.at or numbered


MISTAKES = {
    "no format": Slip("format", GONE, "format"),
    "a newer format": Slip("format", 2, "format", ["1"]),
    "a format in words": Slip("format", "1", "format"),
    "a format that is true": Slip("format", True, "format"),
    "an unknown key": Slip("targets", [], "known_key", OF_ROOT),
    "no id": Slip("id", GONE, "text"),
    "an empty id": Slip("id", "", "text"),
    "an id that is a number": Slip("id", 7, "text"),
    "no name": Slip("name", GONE, "table"),
    "a name in one language": Slip("name.en", GONE, "text"),
    "a name in a third language": Slip("name.de", "x", "known_key", ["da", "en"]),
    "a name that is a text": Slip("name", "x", "table"),
    "no parties": Slip("parties", GONE, "table"),
    "no region": Slip("parties.region", "", "text"),
    "no operator": Slip("parties.operator", GONE, "text"),
    "a third party": Slip("parties.council", "x", "known_key", ["region", "operator"]),
    "reporting that is no table": Slip("reporting", [], "table"),
    "an unknown key of reporting": Slip(
        "reporting.next", "x", "known_key", ["questions_to", "days"]
    ),
    "questions to nobody": Slip("reporting.questions_to", "", "text"),
    "a report on a day that not every year has": Slip(
        "reporting.days", [{"month": 2, "day": 29}], "year_day", at="reporting.days[1].day"
    ),
    "a report in no month": Slip(
        "reporting.days", [{"month": 13, "day": 1}], "year_day", at="reporting.days[1].day"
    ),
    "a report on a date": Slip("reporting.days", [NOON.date()], "table", at="reporting.days[1]"),
    "no period": Slip("period", GONE, "table"),
    "no first day": Slip("period.first_day", GONE, "day"),
    "no last day": Slip("period.last_day", GONE, "day"),
    "a day that does not exist": Slip("period.last_day", "2012-02-30", "day"),
    "a day in Danish": Slip("period.last_day", "31.12.2012", "day"),
    "a day that is a number": Slip("period.last_day", 2012, "day"),
    "a day with a time": Slip("period.last_day", NOON, "day"),
    "ends before it starts": Slip("period.last_day", date(2010, 12, 31), "not_before_first_day"),
    "a third day": Slip("period.due", NOON.date(), "known_key", ["first_day", "last_day"]),
    "participation that is no list": Slip("participation", {}, "list_of_tables"),
    "participation of a text": Slip("participation", ["791"], "table", at="participation[1]"),
    "participation of nobody": Slip(
        "participation", [{}], "text", at="participation[1].municipality"
    ),
    "participation of a number": Slip(
        "participation", [{"municipality": 791}], "text", at="participation[1].municipality"
    ),
    "participation from no day": Slip(
        "participation",
        [{"municipality": "791"}, {"municipality": "740", "from": "x"}],
        "day",
        at="participation[2].from",
    ),
    "participation until no day": Slip(
        "participation", [{"municipality": "791", "until": 1}], "day", at="participation[1].until"
    ),
    "participation with an unknown key": Slip(
        "participation",
        [{"municipality": "791", "to": "2012-01-01"}],
        "known_key",
        OF_SPAN,
        at="participation[1].to",
    ),
    "no counting": Slip("counting", GONE, "table"),
    "no channels": Slip("counting.channels", GONE, "list_of"),
    "one channel and no list": Slip("counting.channels", "visit", "list_of"),
    "an unknown channel": Slip("counting.channels", ["visit", "fax"], "list_of", CHANNELS),
    "a channel that is a list": Slip("counting.channels", [["visit"]], "list_of", CHANNELS),
    "an unknown level": Slip("counting.highly_educated", ["cand"], "list_of", LEVELS),
    "unknown terms": Slip("counting.paid_terms", ["free"], "list_of", TERMS),
    "an unknown visit": Slip("counting.visits", ["call"], "list_of", CHANNELS),
    "a visit in a text": Slip("counting.visits", "visit", "list_of"),
    "a length in months": Slip(
        "lasting", {"months": 6}, "known_key", ["weeks", "hours"], at="lasting.months"
    ),
    "a length of no hours": Slip("lasting", {"weeks": 26}, "whole_number", at="lasting.hours"),
    "no weeks": Slip("lasting", {"weeks": 0, "hours": 37}, "whole_number", at="lasting.weeks"),
    "half an hour": Slip(
        "lasting", {"weeks": 26, "hours": 37.5}, "whole_number", at="lasting.hours"
    ),
    "a length in words": Slip("lasting", "26 weeks", "table"),
    "another thing to count": Slip("counting.kinds", [], "known_key", OF_COUNTING),
    "no limits": Slip("sme", GONE, "table"),
    "no limit of employees": Slip("sme.employees_below", 0, "whole_number"),
    "half an employee": Slip("sme.employees_below", 249.5, "whole_number"),
    "a limit that is true": Slip("sme.employees_below", True, "whole_number"),
    "a turnover of nothing": Slip("sme.turnover_at_most", 0, "amount"),
    "a turnover below nothing": Slip("sme.turnover_at_most", -1.0, "amount"),
    "a turnover in words": Slip("sme.turnover_at_most", "50", "amount"),
    "a balance that is no number": Slip("sme.balance_at_most", float("nan"), "amount"),
    "another limit": Slip("sme.employees", 250, "known_key", OF_LIMITS),
    "no targets": Slip("target", GONE, "list_of_tables"),
    "one target and no list": Slip("target", {"id": "x"}, "list_of_tables"),
    "a target that is a text": Slip("target", ["hires"], "table", at="target[1]"),
    "a target without an id": Slip("target.2.id", GONE, "text"),
    "an id twice": Slip("target.1.id", "new-contacts", "only_once"),
    "an unknown key of a target": Slip("target.0.max", 1, "known_key", OF_TARGET),
    "a target that counts nothing": Slip("target.0.counts", GONE, "one_of", NOUNS),
    "a target that counts visits": Slip("target.0.counts", "visit", "one_of", NOUNS),
    "a target that counts a number": Slip("target.0.counts", 1, "one_of"),
    "a minimum of nothing": Slip("target.0.minimum", 0, "whole_number"),
    "a minimum in words": Slip("target.0.minimum", "50", "whole_number"),
    "due on no day": Slip("target.0.due", "soon", "day"),
    "a target without a name": Slip("target.0.name", GONE, "table"),
    "a target without words": Slip("target.0.words", GONE, "table"),
    "an unknown history": Slip("target.0.select.history", "2nd", "one_of", ["first", "later"]),
    "a kind of contact": Slip("target.0.select.kind", ["project"], "known_key", ["history"]),
    "an unknown kind": Slip(
        "target.2.select", {"kind": ["x"]}, "list_of", COLLABORATION_KINDS, "target[3].select.kind"
    ),
    "a level of collaborations": Slip(
        "target.2.select", {"level": ["phd"]}, "known_key", ["kind"], "target[3].select.level"
    ),
    "a history of hires": Slip(
        "target.3.select", {"history": "first"}, "known_key", ["level"], "target[4].select.history"
    ),
    "an unknown level to select": Slip(
        "target.3.select", {"level": ["x"]}, "list_of", LEVELS, "target[4].select.level"
    ),
    "a choice of deliverables": Slip(
        "target.4.select", {"history": "first"}, "known_key", at="target[5].select.history"
    ),
    "a choice that is a text": Slip("target.0.select", "first", "table"),
    "an unknown requirement": Slip("target.0.requires.nice", {}, "known_key", OF_CONTACT),
    "a contact that is paid": Slip("target.0.requires.paid", {}, "known_key", OF_CONTACT),
    "a collaboration of a level": Slip(
        "target.2.requires.highly_educated", {}, "known_key", OF_COLLABORATION
    ),
    "a hire once a day": Slip("target.3.requires.one_per_day", {}, "known_key", OF_HIRE),
    "a deliverable with requirements": Slip(
        "target.4.requires", {"sme": {}}, "known_key", at="target[5].requires.sme"
    ),
    "a point of what is counted": Slip("target.0.point", [{}], "of_deliverable"),
    "a log of what is counted": Slip("target.0.logged_every_days", 92, "of_deliverable"),
    "a point twice": Slip("target.5.point.1.id", "co-financing", "only_once"),
    "a point instead of none": Slip("target.5.point.1.instead_of", "money", "one_of", POINTS),
    "a point without words": Slip("target.5.point.0.words", GONE, "table"),
    "a requirement without words": Slip("target.0.requires.sme", "x", "table"),
    "a requirement with words in one language": Slip(
        "target.0.requires.sme", {"en": "x"}, "text", at="target[1].requires.sme.da"
    ),
}


@pytest.mark.parametrize("slip", MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_is_refused_with_its_place_and_what_was_expected(slip: Slip) -> None:
    with pytest.raises(DocumentMistake) as refused:
        read(slip.path, slip.value)
    found = refused.value
    assert (found.key, found.expected, found.among) == (slip.key, slip.expected, tuple(slip.among))


@pytest.mark.parametrize("document", [[], "contract", None, 1])
def test_what_is_no_document_at_all_is_refused(document: Any) -> None:
    with pytest.raises(DocumentMistake) as refused:
        read_contract(document)
    assert refused.value.expected == "table"


SEEN_LATE = [
    pytest.param("period.last_day", "20121231", id="a day without hyphens"),
    pytest.param("period.last_day", "2012-W52-1", id="a day of a week"),
    pytest.param(
        "participation",
        [{"municipality": "791", "from": "2012-01-01", "until": "2011-01-01"}],
        id="a municipality that leaves before it joins",
    ),
    pytest.param("target.0.id", "new contacts, all", id="an id that a list cannot take apart"),
    pytest.param("sme.turnover_at_most", float("inf"), id="a limit that is none"),
    pytest.param("target", [], id="a contract that asks for nothing"),
]


@pytest.mark.parametrize(("path", "value"), SEEN_LATE)
def test_a_mistake_that_would_only_show_later_is_refused(path: str, value: object) -> None:
    with pytest.raises(DocumentMistake):
        read(path, value)


@pytest.mark.parametrize("language", ["da", "en"])
@pytest.mark.parametrize(
    "name",
    ["{}", "{} ", "  {}", "\N{NO-BREAK SPACE}{}", "{}\N{ZERO WIDTH SPACE}", "{}\N{SOFT HYPHEN}"],
)
@pytest.mark.parametrize("case", [str, str.upper, str.title])
def test_a_name_that_reads_as_another_targets_is_refused(
    language: str, name: str, case: Callable[[str], str]
) -> None:
    first = case(getattr(SHIPPED.targets[0].name, language))
    contract = read(f"target.3.name.{language}", name.format(first))
    with pytest.raises(DocumentMistake) as refused:
        refuse_equal_names(contract)
    assert (refused.value.key, refused.value.expected) == (
        f"target[4].name.{language}",
        "name_once",
    )


@pytest.mark.parametrize("name", ["Nye kontakter*", "Nye kontakter?", ">Nye kontakter", "Nye"])
def test_names_that_only_a_pattern_takes_for_one_are_different(name: str) -> None:
    refuse_equal_names(read("target.3.name.da", name))


def test_the_shipped_contract_has_different_names() -> None:
    refuse_equal_names(SHIPPED)
