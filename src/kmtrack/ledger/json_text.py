"""JSON text: values as the ledger keeps them, byte for byte, as digests are over that text."""

from __future__ import annotations

import json
import re
from json.encoder import encode_basestring as _quoted
from typing import Any, Final

# A text of JSON, or a number with a negative exponent, of which zeros in front are left out.
_SMALL_NUMBER: Final = r'"(?:[^"\\]|\\.)*"|(-?([0-9])(?:\.([0-9]+))?)e-0*([1-9][0-9]*)'
# Made once: `json.dumps` makes one for every value.
_JSON: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def as_json(value: Any) -> str:
    """Return a value as the JSON text that the ledger keeps: compact, and with every letter as it is.

    Digests cover this text, so its bytes never change. pydantic wrote it first, hence a small
    number is `1e-7` and not `1e-07`, as Python would write it.
    """
    if type(value) is dict:  # texts, nearly always: half the time of the encoder
        pairs = [
            f"{_quoted(name)}:{_quoted(each) if type(each) is str else _JSON.encode(each)}"
            for name, each in value.items()
        ]
        text = f"{{{','.join(pairs)}}}"
    else:
        text = _JSON.encode(value)
    return re.sub(_SMALL_NUMBER, _shortened, text) if "e-" in text else text


def _shortened(found: re.Match[str]) -> str:
    number, whole, decimals, exponent = found.groups()
    if number is None:  # a text, whatever it spells
        return found[0]
    if exponent == "5":
        return f"{'-' if number[0] == '-' else ''}0.0000{whole}{decimals or ''}"
    return f"{number}e-{exponent}"
