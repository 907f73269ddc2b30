"""Settings: what belongs to one copy of a ledger and to no other, each by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from kmtrack.ledger.store.base import Store

OWN_BROKER: Final = "broker"
RESTORED: Final = "restored"
# Up to which command the news were handed over last, and what a bundle of them goes on from.
LAST_BUNDLED: Final = "bundled"
HEADS: Final = "heads"
_VALUE: Final = "SELECT value FROM setting WHERE name = :name"
_NAMES: Final = "SELECT name FROM setting WHERE substr(name, 1, length(:before)) = :before"
_PUT: Final = """
    INSERT INTO setting (name, value) VALUES (:name, :value)
    ON CONFLICT (name) DO UPDATE SET value = excluded.value
"""


def setting(store: Store, name: str) -> str | None:
    """The value of a setting; None if it was never put."""
    row = store.one(_VALUE, name=name)
    return None if row is None else str(row["value"])


def put_setting(store: Store, name: str, value: str = "") -> None:
    """Put a setting, over the value that it has."""
    store.run(_PUT, name=name, value=value)


def noted(store: Store, before: str) -> list[str]:
    """What is noted as names of settings that begin alike: their rests."""
    return [row["name"].removeprefix(before) for row in store.all(_NAMES, before=before)]
