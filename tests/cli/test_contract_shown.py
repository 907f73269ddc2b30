"""What a reader of the contract and of the status finds there."""

from __future__ import annotations

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
