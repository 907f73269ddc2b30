"""What to try on the demonstration: commands that work, with ids and names out of the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kmtrack.errors import KmtrackError
from kmtrack.ledger.store import open_store
from kmtrack.usecases.demonstration.making import AS_OF, is_demonstration

if TYPE_CHECKING:
    from kmtrack.ledger.store import Store
    from kmtrack.usecases.demonstration.making import Places

_LETTERS: Final = 6  # of an id: enough to be the only one, and quick to type
_WAITING: Final = """
    SELECT record_id FROM verdict
    WHERE outcome = 'waiting' AND noun = 'contact' AND reasons LIKE '%no_headcount%'
    ORDER BY day DESC, record_id LIMIT 1
"""
_NOT_MET: Final = """
    SELECT name FROM company
    WHERE withdrawn IS NULL AND cvr IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM contact WHERE contact.company_id = company.id)
    ORDER BY name_key, id LIMIT 1
"""


class Try(NamedTuple):
    """One command to try: the key of the text that says what it shows, and its words."""

    text: str
    words: tuple[str, ...]


def things_to_try(store: Store, places: Places) -> list[Try]:
    """The commands to try next; those whose record is no longer as they need it are left out."""
    waiting, not_met = store.one(_WAITING), store.one(_NOT_MET)
    day, earlier = f"{AS_OF}", "2012-09-01"
    workbook = str(places.workbook.with_name(f"region-{earlier}.xlsx"))
    tries = [Try("demo.try.status", ("status", "--by", "broker", "--as-of", day))]
    if waiting:
        tries.append(Try("demo.try.why", ("why", waiting["record_id"][:_LETTERS])))
    tries.append(Try("demo.try.target", ("why", "hires", "--as-of", day)))
    if not_met:
        words = ("contact", "add", not_met["name"], "--date", "2012-12-20", "--channel", "visit")
        tries.append(Try("demo.try.contact", words))
    tries += [
        Try("demo.try.methods", ("why", "methods", "--as-of", day)),
        Try("demo.try.outcome", ("survey", "report", "--by", "municipality")),
        Try("demo.try.due", ("followup", "due", "--until", "2013-01-31")),
        Try("demo.try.export", ("export", workbook, "--as-of", earlier)),
        Try("demo.try.check", ("check",)),
    ]
    ledger = ("--ledger", str(places.ledger))
    return [one._replace(words=(*ledger, *one.words)) for one in tries]


def things_to_try_there(places: Places) -> list[Try]:
    """The commands to try on a demonstration made earlier; none if another file is in its place."""
    try:
        store = open_store(places.ledger)
    except KmtrackError:
        return []
    try:
        return things_to_try(store, places) if is_demonstration(store) else []
    finally:
        store.close()
