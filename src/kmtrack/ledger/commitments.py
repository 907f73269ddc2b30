"""Commitments: digests cover commitments to texts, so that a name can be taken out later."""

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
    """Return facts with commitments in place of the `texts` among them; as they are without secret."""
    if secret is None and not any(is_redacted(facts.get(name)) for name in texts):
        return facts
    committed = {name: _commit(name, facts[name], secret) for name in texts if name in facts}
    return {**facts, **committed}


def _commit(name: str, value: Any, secret: str | None) -> Any:
    if is_redacted(value):
        return value[ERASED]
    return commitment(secret, name, value) if secret and isinstance(value, str) else value


def is_redacted(value: object) -> bool:
    """Return whether a value of an entry is a text that was redacted."""
    return isinstance(value, dict) and value.keys() == {ERASED, LEFT}


def legible(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Return facts with what was left of redacted texts in their place."""
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
    """Return the commitment to the reason of a command, redacted or not; None where there is none.

    `secret` is what is stored beside the reason: the key (hex), in whose place this commitment is
    stored when the reason is redacted. Raises ValueError for a key that is none.
    """
    if reason is None or secret is None or is_commitment(secret):
        return secret
    return commitment(secret, _REASON, reason)


def is_key(secret: object) -> bool:
    """Return whether a value is hex as it is stored here: Python would read capitals and blanks as well."""
    return isinstance(secret, str) and secret != "" and not secret.strip("0123456789abcdef")


def is_commitment(secret: str) -> bool:
    """Return whether what is stored beside a reason is the commitment to it, so that it was redacted."""
    return len(secret) == _COMMITMENT_DIGITS
