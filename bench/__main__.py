"""Run the benchmarks: `python -m bench`, from the checkout."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.bulk import bulk
from bench.growth import growth
from bench.machine import machine
from bench.peers import peers
from bench.plan import PARTS, SIZES, plan_for
from bench.programs import CHECKOUT, programs_in
from bench.results import page, show, with_summary
from bench.server import server
from bench.start_up import start_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.plan import Plan
    from bench.programs import Programs
    from bench.results import Part

_RUN: Final[dict[str, Callable[[Plan, Programs], Part]]] = dict(
    zip(PARTS, (start_up, peers, growth, bulk, server), strict=True)
)
_RESULTS: Final = Path(__file__).with_name("RESULTS.md")
_PROOF: Final = CHECKOUT / "docs" / "proof.md"
_IN_PROOF: Final = ("Start-up", "Bulk")


def main() -> None:
    """Measure and print all parts asked for; write RESULTS.md and the table of docs/proof.md after a full run.

    A quick or partial run writes its page to the work folder instead.
    """
    asked = _arguments()
    about = machine()
    plan = plan_for(asked.work, asked.peers, asked.sizes, quick=asked.quick)
    programs = programs_in(plan.run_folder)
    parts = []
    for name in asked.only or PARTS:
        print(f"measuring {name} …", file=sys.stderr)
        part = _RUN[name](plan, programs)
        if asked.quick:  # at these sizes start-up dominates, which the goals do not allow for
            part = part.without_goals()
        show(part)
        parts.append(part)
    whole = not (asked.quick or asked.only) and tuple(asked.sizes) == SIZES
    results = _RESULTS if whole else plan.run_folder / _RESULTS.name
    results.write_text(page(about, parts), encoding="utf-8", newline="\n")
    if whole:
        shown = [part for part in parts if part.title in _IN_PROOF]
        proof = with_summary(_PROOF.read_text(encoding="utf-8"), shown)
        _PROOF.write_text(proof, encoding="utf-8", newline="\n")
    print(f"written: {results}", file=sys.stderr)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="only show that everything runs")
    parser.add_argument("--work", type=Path, metavar="FOLDER", help="where ledgers are kept")
    parser.add_argument("--peers", type=Path, metavar="FOLDER", help="other programs, before PATH")
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="contacts, for growth"
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="one part; may be repeated")
    return parser.parse_args()


if __name__ == "__main__":
    main()
