"""Show the current user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.brokers import CurrentBroker


def render_current_broker(broker: CurrentBroker, typed: str | None) -> Iterator[str]:
    """Yield the current user and the source; `typed` are initials typed just now, if any."""
    if broker.initials is None:
        yield say("broker.me.nobody")
        return
    council = say("broker.me.council", council=broker.council) if broker.council else ""
    yield say("broker.me", initials=broker.initials, council=council)
    if broker.said_by == "environment":
        is_other = typed is not None and typed.strip().upper() != broker.initials
        yield say("broker.me.environment_first" if is_other else "broker.me.environment")
    elif broker.said_by == "login" and not typed:
        yield say("broker.me.login")
    if broker.overruled:
        yield say("broker.me.overruled", initials=broker.overruled)
    if not broker.is_registered:
        yield say("broker.me.not_registered", initials=broker.initials)


def current_broker_as_dict(broker: CurrentBroker) -> dict[str, Any]:
    """Return the current user as data."""
    return {
        "initials": broker.initials,
        "council": broker.council,
        "registered": broker.is_registered,
        "said_by": broker.said_by,
    }
