"""Lists of municipalities as they are typed, and the names of regions among them."""

from __future__ import annotations

import pytest

from kmtrack.errors import BadValue
from kmtrack.municipalities import codes_named, municipalities, municipality_code, names_in

MIDTJYLLAND = {
    "615", "657", "661", "665", "671", "706", "707", "710", "727", "730", "740", "741", "746",
    "751", "756", "760", "766", "779", "791",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Viborg", ["Viborg"]),
        ("Viborg, Skive og Silkeborg", ["Viborg", "Skive", "Silkeborg"]),
        ("Viborg, Skive, og Silkeborg.", ["Viborg", "Skive", "Silkeborg"]),
        ("viborg;SKIVE & silkeborg", ["viborg", "SKIVE", "silkeborg"]),
        ("Viborg Skive Silkeborg", ["Viborg", "Skive", "Silkeborg"]),
        ("Viborg and Skive", ["Viborg", "Skive"]),
        ("791 740, 0751", ["791", "740", "0751"]),
        ("Ikast-Brande og Ringkøbing-Skjern", ["Ikast-Brande", "Ringkøbing-Skjern"]),
        ("Høje Taastrup Ikast Brande Viborg", ["Høje Taastrup", "Ikast Brande", "Viborg"]),
        ("Viborg Kommune Skive Kommune", ["Viborg Kommune", "Skive Kommune"]),
        ("Viborg Skve Silkeborg", ["Viborg", "Skve", "Silkeborg"]),
        ("Ny By", ["Ny By"]),
        ("Region Midtjylland", ["Region Midtjylland"]),
        ("hele Region Midtjylland og Vejle", ["hele Region Midtjylland", "Vejle"]),
        (" , ", []),
        ("", []),
    ],
)
def test_names_in_a_list(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "name",
    ["Region Midtjylland", "region midtjylland", "Midtjylland", "hele Region Midtjylland",
     "alle kommuner i Region Midtjylland", "Central Denmark Region"],
)  # fmt: skip
def test_a_region_is_all_its_municipalities(name: str) -> None:
    assert set(codes_named(name)) == MIDTJYLLAND


def test_every_region_is_known_by_its_name() -> None:
    for place in municipalities().values():
        assert place.code in codes_named(place.region)


@pytest.mark.parametrize("name", ["Region", "alle", "Region Viborgg", ""])
def test_what_is_no_municipality_is_refused(name: str) -> None:
    with pytest.raises(BadValue):
        codes_named(name)


def test_a_company_is_in_one_municipality() -> None:
    with pytest.raises(BadValue):
        municipality_code("Region Midtjylland")


@pytest.mark.parametrize("typed", ["Region Mitjylland", "regon midtjylland", "region midt-jylland"])
def test_what_is_nearly_a_region_is_refused_with_it(typed: str) -> None:
    with pytest.raises(BadValue) as refused:
        codes_named(typed)
    assert refused.value.facts["nearest"] == "Region Midtjylland"
