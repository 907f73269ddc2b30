"""Danish municipalities: codes, names, regions and former spellings."""

from __future__ import annotations

import csv
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
    nearest = _nearest(wanted)
    if not nearest:
        raise BadValue("no_such_municipality", value=_masked(text))
    raise BadValue("unknown_municipality", value=_masked(text), nearest=", ".join(nearest))


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
    words = [word for word in normalised.split() if word not in {"kommune", "municipality"}]
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
