"""Writes: how a command's entries, rows and verdicts are written to a ledger on a server.

Entries are inserted, as brokers may; everything else goes through the functions of the database,
each call with many rows as JSON.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.store.base import VERDICT_COLUMNS, Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kmtrack.ledger.schema.nouns import Noun

_APPEND: Final = """
    INSERT INTO entry (number, command, noun, record_id, action, facts, secret, digest)
    SELECT (SELECT coalesce(max(number), 0) FROM entry) + place, (entry ->> 0)::integer,
        entry ->> 1, entry ->> 2, entry ->> 3, entry ->> 4, entry ->> 5, entry ->> 6
    FROM json_array_elements(CAST(:rows AS json)) WITH ORDINALITY AS added (entry, place)
"""
_PUT: Final = "SELECT kmtrack.put_{noun}(CAST(:rows AS json), {are_new})"
_REPLACE_VERDICTS: Final = (
    "SELECT kmtrack.replace_verdicts(CAST(:gone AS json), CAST(:new AS json))"
)
_REPLACE_WORDS: Final = "SELECT kmtrack.replace_name_words(CAST(:gone AS json), CAST(:new AS json))"
_PUT_PLACES: Final = "SELECT kmtrack.put_places(CAST(:places AS json))"
_PUT_SETTING: Final = "SELECT kmtrack.put_setting(:name, :value)"
_PUT_MOMENTS: Final = "SELECT kmtrack.put_moments(CAST(:moments AS json))"


class ServerWrites(Store):
    """How commands write on a server."""

    def append_entries(self, rows: Iterable[Sequence[object]]) -> None:
        """Append entries: command, noun, record_id, action, facts (JSON), secret and digest of each."""
        self.run(_APPEND, rows=json.dumps(list(rows)))

    def add_rows(self, noun: Noun, rows: Iterable[Mapping[str, object]]) -> None:
        """Store the rows of records that are new."""
        self._put(noun, rows, "true")

    def put_rows(self, noun: Noun, rows: Sequence[Mapping[str, object]]) -> None:
        """Store the rows of records, replacing existing ones.

        Companies may exchange their numbers. A broker replaces no name of a person.
        """
        if rows:
            self._put(noun, rows, "false")

    def replace_verdicts(
        self, gone: Sequence[tuple[object, ...]], new: Sequence[tuple[object, ...]]
    ) -> None:
        """Remove verdicts and store others, as StoredVerdict has them; the server counts them."""
        keys = VERDICT_COLUMNS
        self.run(
            _REPLACE_VERDICTS,
            gone=json.dumps([dict(zip(keys[:3], each[:3], strict=True)) for each in gone]),
            new=json.dumps([dict(zip(keys, each, strict=True)) for each in new]),
        )

    def add_to_tally(self, changes: Mapping[tuple[str, str, str], int]) -> None:
        """Leave the tallies alone: the server counts as it replaces verdicts."""

    def replace_name_words(
        self, gone: Iterable[tuple[str, str]], new: Iterable[tuple[str, str]]
    ) -> None:
        """Remove words of names and store others, each with the id of its company."""
        self.run(_REPLACE_WORDS, gone=json.dumps(list(gone)), new=json.dumps(list(new)))

    def put_places(self, places: Iterable[tuple[str, str]]) -> None:
        """Store where records (ids) were read from, replacing earlier places."""
        self.run(_PUT_PLACES, places=json.dumps(list(places)))

    def put_settings(self, settings: Mapping[str, str]) -> None:
        """Store settings by their names, replacing their values; a broker may store few, no key again."""
        for name, value in settings.items():
            self.run(_PUT_SETTING, name=name, value=value)

    def put_moments(self, moments: Iterable[tuple[int, str, str | None]]) -> None:
        """Store the moments of commands: number, the one in force, and the one that the clock gave."""
        keys = ("number", "recorded_at", "stated_at")
        self.run(
            _PUT_MOMENTS,
            moments=json.dumps([dict(zip(keys, each, strict=True)) for each in moments]),
        )

    def _put(self, noun: Noun, rows: Iterable[Mapping[str, object]], are_new: str) -> None:
        # As in a file, a yes is 1.
        plain = [
            {name: int(each) if isinstance(each, bool) else each for name, each in row.items()}
            for row in rows
        ]
        self.run(_PUT.format(noun=noun.name, are_new=are_new), rows=json.dumps(plain))
