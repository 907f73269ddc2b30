"""Check a ledger in a process of its own: `python -m kmtrack.usecases.check LEDGER [but-verdicts]`."""

from __future__ import annotations

import sys
from contextlib import closing
from pathlib import Path

from kmtrack.ledger.open import open_store
from kmtrack.ledger.store.errors import LedgerDamaged
from kmtrack.usecases.check import BUT_VERDICTS, DAMAGED, WHOLE
from kmtrack.usecases.check.integrity import faults_in


def main(path: Path, *, but_verdicts: bool) -> int:
    """Return DAMAGED or WHOLE; any other failure ends the process with another code."""
    try:
        with closing(open_store(path)) as store, store.reading():
            return DAMAGED if faults_in(store, but_verdicts=but_verdicts) else WHOLE
    except LedgerDamaged:
        return DAMAGED


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), but_verdicts=BUT_VERDICTS in sys.argv[2:]))
