"""Each version of the schema has one text: `check` compares all of it in the ledgers that are there."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Final

from kmtrack.ledger.schema.tables import statements
from kmtrack.ledger.store.objects import plain
from kmtrack.ledger.store.postgres.schema import create_statements
from kmtrack.ledger.store.sqlite import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable

# The digests of what creates a ledger in a file, and one on a server. A released version keeps its own:
# with other tables, views or functions, and the same version, `check` would call every ledger altered.
# Then raise SCHEMA_VERSION, and add a line.
TEXTS: Final = {
    6: ("2b7f24f7a8543b05", "a9dc507405ef3277"),
}


def _digest(created: Iterable[str]) -> str:
    return sha256("\n".join(map(_in_order, created)).encode()).hexdigest()[:16]


def _in_order(statement: str) -> str:
    """Return a statement with the constraints of a table in one order: SQLAlchemy copies them in any."""
    if not statement.lstrip().startswith("CREATE TABLE"):
        return plain(statement)
    return plain(" ".join(sorted(line.strip(" \t,") for line in statement.splitlines())))


def test_the_text_of_the_schema_is_that_of_its_version() -> None:
    on_server = (each for each in create_statements() if not each.startswith("COMMENT"))
    assert (_digest(statements()), _digest(on_server)) == TEXTS[SCHEMA_VERSION]
