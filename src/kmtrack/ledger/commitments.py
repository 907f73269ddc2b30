"""Commitments: digests cover a commitment to each text, so that a name can be erased later."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

# A text that was redacted: the commitment to what was written, and what was left of it.
ERASED: Final = "erased"
LEFT: Final = "left"
_REASON: Final = "reason"
_BYTES: Final = 32
_COMMITMENT_DIGITS: Final = 2 * _BYTES  # a key has half as many


def commitment(secret: str, field: str, text: str) -> str:
    """Return the commitment that replaces a text in a digest; it hides the text without the secret (hex)."""
    message = f"{field}\x1f{text}".encode()
    return blake2b(message, key=bytes.fromhex(secret), digest_size=_BYTES).hexdigest()


def with_commitments(
    facts: Mapping[str, Any], texts: Collection[str], secret: str | None
) -> Mapping[str, Any]:
    """Return facts with each of the `texts` replaced by a commitment; unchanged without a secret."""
    if secret is None and not any(is_redacted(facts.get(name)) for name in texts):
        return facts
    committed = {name: _commit(name, facts[name], secret) for name in texts if name in facts}
    return {**facts, **committed}


def _commit(name: str, value: Any, secret: str | None) -> Any:
    if is_redacted(value):
        return value[ERASED]
    return commitment(secret, name, value) if secret and isinstance(value, str) else value


def is_redacted(value: object) -> bool:
    """Return whether a value of an entry is a redacted text."""
    return isinstance(value, dict) and value.keys() == {ERASED, LEFT}


def legible(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with each redacted text replaced by what is left of it."""
    if dict not in map(type, facts.values()):  # nearly always: nothing is redacted
        return dict(facts)
    return {name: value[LEFT] if is_redacted(value) else value for name, value in facts.items()}


def redacted(value: Any, secret: str | None, field: str, left: str) -> dict[str, str]:
    """Redact a text, redacted before or not, so that only `left` is left of it.

    Raises ValueError for a text that its digest does not cover by a commitment.
    """
    if is_redacted(value):
        return {ERASED: value[ERASED], LEFT: left}
    if secret is None:
        raise ValueError(field)
    return {ERASED: commitment(secret, field, value), LEFT: left}


def reason_commitment(reason: str | None, secret: str | None) -> str | None:
    """Return the commitment to the reason of a command, redacted or not; None without a reason.

    `secret` is stored beside the reason: the key (hex), which this commitment replaces when the
    reason is redacted. Raises ValueError for an invalid key.
    """
    if reason is None or secret is None or is_commitment(secret):
        return secret
    return commitment(secret, _REASON, reason)


def is_key(secret: object) -> bool:
    """Return whether a value is hex in the stored form: Python would accept capitals and blanks as well."""
    return isinstance(secret, str) and secret != "" and not secret.strip("0123456789abcdef")


def is_commitment(secret: str) -> bool:
    """Return whether the value stored beside a reason is its commitment, so the reason was redacted."""
    return len(secret) == _COMMITMENT_DIGITS
