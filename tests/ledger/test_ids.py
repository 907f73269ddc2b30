"""Ids: form, uniqueness and prefixes."""

from __future__ import annotations

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kmtrack.ledger.schema import ids
from kmtrack.ledger.schema.ids import LETTERS, id_from, new_id, noun_of

FORM = re.compile("[cpkshmvfbdqt][0-9a-hjkmnp-tv-z]{10}")
NOUNS = list(LETTERS)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_id_begins_with_the_letter_of_its_noun(noun: str) -> None:
    assert new_id(noun)[0] == LETTERS[noun]


def test_no_two_nouns_share_a_letter() -> None:
    assert len(set(LETTERS.values())) == len(NOUNS)


@pytest.mark.parametrize("noun", NOUNS)
def test_an_id_has_the_form_of_one(noun: str) -> None:
    assert FORM.fullmatch(new_id(noun))


def test_ids_differ() -> None:
    assert len({new_id("contact") for _ in range(10_000)}) == 10_000


@pytest.mark.parametrize("place", range(1, 11))
def test_every_character_of_an_id_is_by_chance(place: int) -> None:
    assert len({new_id("contact")[place] for _ in range(2_000)}) == 32


@given(st.sampled_from(NOUNS), st.binary(max_size=20))
def test_the_id_of_a_digest_is_always_the_same_and_of_the_form(noun: str, row: bytes) -> None:
    digest = sha256(row).digest()
    found = id_from(noun, digest)
    assert FORM.fullmatch(found)
    assert found == id_from(noun, digest)


@pytest.mark.parametrize(
    ("digest", "id_"),
    [
        (bytes(8), "k0000000000"),
        (b"\xff" * 8, "kzzzzzzzzzz"),
        (bytes.fromhex("8000000000000000"), "kg000000000"),
        (bytes.fromhex("0000000000004000"), "k0000000001"),
        (bytes.fromhex("0000000000003fff"), "k0000000000"),
    ],
    ids=["nothing", "everything", "the first bit", "the last bit taken", "the bits left over"],
)
def test_the_id_of_a_digest_spells_its_first_fifty_bits(digest: bytes, id_: str) -> None:
    assert id_from("contact", digest) == id_


@given(st.sampled_from(NOUNS), st.integers(4, 11))
def test_each_beginning_of_four_or_more_tells_the_noun(noun: str, length: int) -> None:
    assert noun_of(new_id(noun)[:length]) == noun


@pytest.mark.parametrize("text", ["K12A", " k12a ", "k12a\n"])
def test_capitals_and_blanks_around_it_do_not_matter(text: str) -> None:
    assert noun_of(text) == "contact"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k",
        "k1",
        "k12345678901",
        "a1234",
        "k12i",
        "k12l",
        "k12o",
        "k12u",
        "k1 2a",
        "k12-a",
        "k12å",
        "k１２３",
        "13748136",
    ],
)
def test_what_has_not_the_form_of_an_id(text: str) -> None:
    assert noun_of(text) is None


def test_the_shortest_beginning_is_of_three_characters() -> None:
    assert ids.SHORTEST == 3
