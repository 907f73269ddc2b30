"""Words as they are typed at the command line of this machine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_typed(words: Sequence[str]) -> str:
    """The words with a blank between, in quotation marks where they need them."""
    if os.name == "nt":
        import subprocess

        return subprocess.list2cmdline(words)
    import shlex

    return shlex.join(words)
