"""Print the command of the README's code block below a mark: readme_line.py MARK."""

import sys
from pathlib import Path

_README = Path(__file__).parents[1] / "README.md"


def line_below(mark: str) -> str:
    """Return the first line of the code block below `<!-- mark -->`; exits if there is none."""
    lines = _README.read_text(encoding="utf-8").splitlines()
    try:
        return lines[lines.index(f"<!-- {mark} -->") + 2]
    except (ValueError, IndexError):
        sys.exit(f"README.md has no code block below <!-- {mark} -->")


if __name__ == "__main__":
    print(line_below(sys.argv[1]))
