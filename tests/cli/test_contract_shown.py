"""What a reader of the contract and of the status finds there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builders import contract

if TYPE_CHECKING:
    from cli_runner import Runner

_COUNTED = {
    "da": (
        "Kanaler, der tæller: besøg, møde, telefon, online",
        "Uddannelsesniveauer, der tæller: kandidat, ph.d.",
        "Vilkår, der tæller: ordinær, med tilskud",
        "under 250 ansatte, og ikke både omsætning over 50 og balance over 43 mio. EUR",
    ),
    "en": (
        "Channels that count: visit, meeting, phone, online",
        "Levels of education that count: master, PhD",
        "Terms that count: ordinary, subsidised",
        "fewer than 250 employees, and not both turnover over EUR 50 m and balance over EUR 43 m",
    ),
}
_REQUIRED = {
    "da": "Kræver: virksomheden er kontaktet før, CVR-nummer kendt, i kontraktperioden,"
    " tællende kanal, én pr. dag",
    "en": "Requires: company contacted before, CVR number known, in the contract period,"
    " countable channel, one per day",
}


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_contract_shows_what_counts_its_limits_and_what_each_target_asks(
    stocked: Runner, lang: str
) -> None:
    shown = stocked.done("contract", "show", lang=lang)
    for line in (*_COUNTED[lang], _REQUIRED[lang]):
        assert line in shown


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("command", [("contract", "show"), ("status", "--details")])
def test_each_target_is_shown_with_its_name_and_its_id(
    stocked: Runner, command: tuple[str, ...], lang: str
) -> None:
    shown = stocked.done(*command, lang=lang)
    for target in contract().targets:
        assert f"{target.name.in_language(lang)} ({target.id})" in shown


def test_who_answers_and_when_the_region_follows_up(stocked: Runner) -> None:
    said = stocked.done(
        *("contract", "amend", "--questions-to", "Kontoret, tlf. 12 34 56 78"),
        *("--report-day", "1. april", "--report-day", "1/10", "--report-day", "1.4."),
        lang="da",
    )
    assert "Spørgsmål til: - -> Kontoret, tlf. 12 34 56 78" in said
    assert "Regionen følger op: 1. marts · 1. september -> 1. april · 1. oktober" in said
    assert "\nPå opgørelsens forside står: Spørgsmål: Kontoret, tlf. 12 34 56 78." in said
    assert "\nI spørgeskemaerne står: Send skemaet tilbage til " in said
    shown = stocked.done("contract", "show", lang="da")
    assert "\nSpørgsmål til: Kontoret, tlf. 12 34 56 78\n" in shown
    assert "\nRegionen følger op: 1. april, 1. oktober\n" in shown
    document = json.loads(stocked.done("contract", "show", "--json"))
    days = [{"month": 4, "day": 1}, {"month": 10, "day": 1}]
    assert document["reporting"] == {"days": days, "questions_to": "Kontoret, tlf. 12 34 56 78"}
    again = stocked("contract", "amend", "--report-day", "1/10", "--report-day", "1/4", lang="da")
    assert (again.code, "Regionen følger op: 1. april · 1. oktober" in again.err) == (1, True)
    stocked.done("undo", "--yes")
    assert "\nRegionen følger op: 1. marts, 1. september\n" in stocked.done(
        "contract", "show", lang="da"
    )


def test_what_is_not_given_is_said_with_the_command_and_can_be_taken_away(stocked: Runner) -> None:
    stocked.done("contract", "amend", "--report-day", "")
    shown = stocked.done("contract", "show", lang="da")
    assert "Spørgsmål til: ikke angivet (kmtrack contract amend --questions-to TEKST)" in shown
    assert "Regionen følger op: ikke angivet (kmtrack contract amend --report-day DAG)" in shown


@pytest.mark.parametrize("day", ["29/2", "i går", "uge 9", "31/4", "snart"])
def test_a_day_that_not_every_year_has_is_no_day_of_report(stocked: Runner, day: str) -> None:
    refused = stocked("contract", "amend", "--report-day", day)
    assert (refused.code, "--report-day" in refused.err) == (1, True)
