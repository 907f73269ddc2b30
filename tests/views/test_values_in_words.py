"""Values are worded by the kind of their field, never by what they happen to look like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from builders import company, contacts, contract, shipped_document
from kmtrack.i18n import use
from kmtrack.ledger.schema.fields import fields_of
from kmtrack.ledger.schema.nouns import NOUNS
from kmtrack.municipalities import municipalities
from kmtrack.rules.amendments import Term
from kmtrack.rules.contract_format import read_contract
from kmtrack.rules.dossier import CompanyVersion, Dossier
from kmtrack.rules.judgement import judge
from kmtrack.usecases.contract import term_phrase
from kmtrack.views.format import answer_in_words, reason_in_words, value_in_words

if TYPE_CHECKING:
    from kmtrack.i18n import Language

_PLAIN = [
    (noun, field.name)
    for noun, described in NOUNS.items()
    for field in (fields_of(described.facts) if described.facts else ())
    if field.name != "asks"
    and field.type is str
    and not field.kind.choice
    and field.kind.filled_from is None
]


@pytest.mark.parametrize(("language", "word"), [("da", "ansatte"), ("en", "employees")])
def test_a_headcount_that_is_a_municipalitys_code_is_a_number(
    language: Language, word: str
) -> None:
    use(language)
    for code in municipalities():
        small = company(version=CompanyVersion("791", code))
        verdict, *_ = judge(Dossier(small, contacts("2011-03-01")), contract())
        [answer] = [answer for rule, answer in verdict.answers if rule == "sme"]
        assert answer_in_words(answer).startswith(f"{code} {word}")


@pytest.mark.parametrize("value", ["751", "visit", "master", "company", "yes", "2011-03-01"])
def test_a_text_is_shown_as_it_is(value: str) -> None:
    shown = {(noun, field): value_in_words(noun, field, value) for noun, field in _PLAIN}
    assert shown == dict.fromkeys(_PLAIN, value)


@pytest.mark.parametrize(
    ("noun", "field", "value", "words"),
    [
        ("company", "municipality", "751", "Aarhus"),
        ("company", "sme", 1, "ja"),
        ("company", "sme", 0, "nej"),
        ("company", "kind", "public", "offentlig"),
        ("company", "turnover", 50.5, "50,5"),
        ("company", "visited_before", "0001-01-01", "dato ukendt"),
        ("contact", "channel", "visit", "besøg"),
        ("method", "kind", "method", "metode"),
        (
            "method",
            "disseminated",
            ["companies", "institutions"],
            "virksomheder, uddannelsesinstitutioner",
        ),
        ("hire", "terms", "unpaid", "ulønnet"),
    ],
)
def test_a_value_is_worded_by_its_field(noun: str, field: str, value: Any, words: str) -> None:
    use("da")
    assert value_in_words(noun, field, value) == words


def test_a_target_whose_id_is_a_municipalitys_code_keeps_its_name() -> None:
    use("en")
    document = shipped_document()
    document["target"][0]["id"] = "791"
    own = read_contract(document)
    assert "Viborg" not in str(term_phrase(own, Term("minimum", "791")))
    assert "791" in str(term_phrase(contract(), Term("minimum", "791")))  # a target it has no more
    assert "Viborg" in str(term_phrase(own, Term("participation", "791")))


def test_a_reason_that_is_none_is_shown_as_it_is() -> None:
    assert reason_in_words("not_agreed") != "not_agreed"
    assert reason_in_words("as_a_forger_wrote_it") == "as_a_forger_wrote_it"
