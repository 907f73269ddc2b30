"""Danish municipalities: codes, names, regions and former spellings."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from kmtrack.errors import BadValue
from kmtrack.resources import DATA_FOLDER

_LONGEST_CODE: Final = 4
# Suggest a name if at most one letter in four differs, or if it starts with the typed text.
_CLOSE: Final = 0.75
_BEGINNING: Final = 3
_SUGGESTED: Final = 3
# What stands between the names of a list; no name has one of these words in it.
_BETWEEN: Final = r"(?i)\s*(?:[,;&/+\n]|\b(?:og|samt|and)\b)\s*"
# What says no more than that it is one or several municipalities, or the whole of a region.
_KINDS: Final = frozenset({"kommune", "kommuner", "kommunerne", "municipality", "municipalities"})
_ALL_OF: Final = frozenset(
    {"region", "regionen", "hele", "alle", "i", "the", "whole", "all", "of", "in"}
)
_REGIONS_IN_ENGLISH: Final = {
    "capital denmark": "Region Hovedstaden",
    "capital": "Region Hovedstaden",
    "central denmark": "Region Midtjylland",
    "north denmark": "Region Nordjylland",
    "southern denmark": "Region Syddanmark",
    "zealand": "Region Sjælland",
}


class Municipality(NamedTuple):
    """A Danish municipality since the reform of 2007; `code` is a text without leading zeros."""

    code: str
    name: str
    region: str
    former: tuple[str, ...]


@cache
def municipalities() -> dict[str, Municipality]:
    """Return all 98 municipalities by code."""
    with (DATA_FOLDER / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Municipality(
                row["code"],
                row["name"],
                row["region"],
                tuple(filter(None, row["former"].split("|"))),
            )
            for row in csv.DictReader(file)
        }


@cache
def municipality_code(text: str) -> str:
    """Return the code of the municipality that `text` names by code, name or former spelling.

    Raises BadValue `unknown_municipality` with similar names, or `no_such_municipality` if none
    is similar.
    """
    names = _codes_by_name()
    wanted = _normalised(text)
    if wanted in names:
        return names[wanted]
    if code := _with_its_code(wanted) or names.get(wanted.removesuffix("s")):
        return code
    nearest = _nearest(wanted)
    if not nearest:
        raise BadValue("no_such_municipality", value=_masked(text))
    raise BadValue("unknown_municipality", value=_masked(text), nearest=", ".join(nearest))


def names_in(text: str) -> list[str]:
    """Return the names in a list such as "Viborg, Skive og Silkeborg", each as it is written.

    Known names may be separated by blanks alone.
    """
    names: list[str] = []
    for piece in filter(None, re.split(_BETWEEN, text.strip(" ."))):
        names += [piece] if _is_known(piece) else _known_apart(piece.split())
    return names


def _known_apart(words: list[str]) -> list[str]:
    """Split words at the known names among them; without any they are one name."""
    found: list[str] = []
    unknown: list[str] = []
    is_any_known = False
    at = 0
    while at < len(words):
        ends = range(len(words), at, -1)
        end = next((end for end in ends if _is_known(" ".join(words[at:end]))), None)
        if end is None:
            unknown.append(words[at])
            at += 1
            continue
        is_any_known = True
        found += [" ".join(unknown)] if unknown else []
        found.append(" ".join(words[at:end]))
        unknown, at = [], end
    found += [" ".join(unknown)] if unknown else []
    return found if is_any_known else [" ".join(words)]


def _is_known(name: str) -> bool:
    try:
        codes_named(name)
    except BadValue:
        return False
    return True


def codes_named(name: str) -> tuple[str, ...]:
    """Return the codes that one name stands for: a municipality, or all those of a region.

    Raises BadValue as `municipality_code` does; similar regions count as similar names.
    """
    words = [word for word in _normalised(name).split() if word not in _ALL_OF]
    found = _codes_by_region().get(" ".join(words))
    if found:
        return found
    try:
        return (municipality_code(name),)
    except BadValue as error:
        region = _nearest_region(_normalised(name))
        if error.key == "unknown_municipality" or not region:
            raise
        raise BadValue("unknown_municipality", value=_masked(name), nearest=region) from None


def _nearest_region(wanted: str) -> str | None:
    import difflib

    by_name = {_normalised(place.region): place.region for place in municipalities().values()}
    close = difflib.get_close_matches(wanted, list(by_name), n=1, cutoff=_CLOSE)
    return by_name[close[0]] if close else None


@cache
def _codes_by_region() -> dict[str, tuple[str, ...]]:
    codes: dict[str, list[str]] = {}
    for place in municipalities().values():
        codes.setdefault(place.region, []).append(place.code)
    names = {_normalised(region).removeprefix("region "): region for region in codes}
    return {name: tuple(codes[region]) for name, region in {**names, **_REGIONS_IN_ENGLISH}.items()}


def _with_its_code(wanted: str) -> str | None:
    """Return the code of a municipality given by code and name, if these agree: "791 viborg"."""
    parts = re.sub(r"[\s.,:;/()\[\]]+", " ", wanted).split()
    # A program that works with fractions writes 791.0 for 791.
    codes = [part for part in parts if part.isdecimal() and part.strip("0")]
    name = _normalised(" ".join(part for part in parts if not part.isdecimal()))
    names = _codes_by_name()
    found = {names.get(given) for given in (*codes, *filter(None, [name]))}
    return found.pop() if len(found) == 1 else None


def municipality_name(code: str) -> str:
    """Return the name of a municipality, or the code itself if it is unknown."""
    found = municipalities().get(code)
    return found.name if found else code


@cache
def _codes_by_name() -> dict[str, str]:
    names: dict[str, str] = {}
    for place in municipalities().values():
        for name in (place.code, place.code.zfill(4), place.name, *place.former):
            names[_normalised(name)] = place.code
    return names


def _normalised(text: str) -> str:
    normalised = unicodedata.normalize("NFC", text).casefold().replace("-", " ")
    words = [word for word in normalised.split() if word not in _KINDS]
    return " ".join(words)


def _masked(text: str) -> str:
    """Return the text as an error message may repeat it.

    Digits are masked if there are more than a code has: the number could be a CPR number.
    """
    is_long = sum(map(str.isdigit, text)) > _LONGEST_CODE
    return "".join("*" if is_long and letter.isdigit() else letter for letter in text[:60])


def _nearest(wanted: str) -> list[str]:
    import difflib

    by_name = {_normalised(place.name): place.name for place in municipalities().values()}
    close = difflib.get_close_matches(wanted, list(by_name), n=_SUGGESTED, cutoff=_CLOSE)
    if len(wanted) >= _BEGINNING:
        begun = [name for name in by_name if name.startswith(wanted)]
        close = list(dict.fromkeys([*close, *begun]))[:_SUGGESTED]
    return [by_name[name] for name in close]
