"""Writers: name the login behind the damage that a check finds on a server."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.queries.writers import last_on, writers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from kmtrack.ledger.queries.writers import Writer
    from kmtrack.ledger.store.base import Store
    from kmtrack.usecases.check.issues import Issue

# The row that an issue is about, as its table and what names it there.
_ROWS: Final[Mapping[str, Callable[[Issue], tuple[str, str]]]] = {
    "row_differs": lambda issue: (issue.facts["noun"], issue.facts["id"]),
    "row_without_entry": lambda issue: (issue.facts["noun"], issue.facts["id"]),
    "person_altered": lambda issue: ("person", issue.facts["id"]),
    "words_differ": lambda issue: ("name_word", issue.facts["id"]),
    "verdict_differs": lambda issue: (
        "verdict",
        f"{issue.facts['id']} {issue.facts['target']}",
    ),
    "tally_differs": lambda issue: (
        "tally",
        " ".join(str(issue.facts[name]) for name in ("target", "outcome", "day")),
    ),
}
# More are damage of another kind, and one line for each of the first is enough.
_MOST: Final = 1000


def with_writers(store: Store, damage: Sequence[Issue]) -> list[Issue]:
    """Return the damage with the login that wrote it, if a server knows.

    That is the login that wrote or removed the row; for a row that was never written, the one that
    last recorded something on the record.
    """
    if not store.is_served:
        return list(damage)
    first = damage[:_MOST]
    writers = _writers(store, first)
    named = (_by(issue, writer) for issue, writer in zip(first, writers, strict=True))
    return [*named, *damage[_MOST:]]


def logins_behind(store: Store, damage: Iterable[Issue]) -> list[str]:
    """Return the logins behind damage on a server, in order; none for a ledger in a file."""
    if not store.is_served:
        return []
    first = [issue for issue, _ in zip(damage, range(_MOST), strict=False)]
    named = {writer.login for writer in _writers(store, first) if writer is not None}
    return sorted(named | {issue.facts["login"] for issue in first if issue.facts.get("login")})


def _writers(store: Store, damage: Sequence[Issue]) -> list[Writer | None]:
    rows = [_ROWS[issue.kind](issue) if issue.kind in _ROWS else None for issue in damage]
    by_table: dict[str, list[str]] = defaultdict(list)
    for row in filter(None, rows):
        by_table[row[0]].append(row[1])
    found = {table: writers_of(store, table, ids) for table, ids in by_table.items()}
    last = last_on(store, {id_ for issue in damage for id_ in issue.records})
    return [
        (found[row[0]].get(row[1]) if row else None)
        or next((last[id_] for id_ in issue.records if id_ in last), None)
        for issue, row in zip(damage, rows, strict=True)
    ]


def _by(issue: Issue, writer: Writer | None) -> Issue:
    if writer is None or "login" in issue.facts:
        return issue
    return issue._replace(
        facts={**issue.facts, "login": writer.login, "written_with": writer.number}
    )
