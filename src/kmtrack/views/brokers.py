"""Show the current user."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kmtrack.i18n import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kmtrack.usecases.brokers import Me


def render_me(me: Me, typed: str | None) -> Iterator[str]:
    """Yield the current user and the source; `typed` are initials typed just now, if any."""
    if me.initials is None:
        yield say("broker.me.nobody")
        return
    council = say("broker.me.council", council=me.council) if me.council else ""
    yield say("broker.me", initials=me.initials, council=council)
    if me.said_by == "environment":
        is_other = typed is not None and typed.strip().upper() != me.initials
        yield say("broker.me.environment_first" if is_other else "broker.me.environment")
    elif me.said_by == "login" and not typed:
        yield say("broker.me.login")
    if not me.is_registered:
        yield say("broker.me.not_registered", initials=me.initials)


def me_as_dict(me: Me) -> dict[str, Any]:
    """Return the current user as data."""
    return {
        "initials": me.initials,
        "council": me.council,
        "registered": me.is_registered,
        "said_by": me.said_by,
    }
