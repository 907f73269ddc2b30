"""The pages for contributors: every path that they name is there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = (
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/architecture.md", "docs/contract.md"),
    *("docs/commands.md", "docs/json.md", "docs/tables.md"),
    *("docs/kontaktmaegler.md", "docs/operatoer.md", "docs/region.md"),
    *("docs/guide.md", "docs/server.md", "docs/proof.md"),
)
# A path in code marks or as the target of a link: with a folder or a suffix that we use.
CODE: Final = re.compile(r"`([^`\s]+)`")
LINK: Final = re.compile(r"\]\(([^)#\s]+)\)")
OURS: Final = re.compile(r"^(src|tests|data|bench|docs|\.ci)(/|$)|^[A-Z]+\.md$|^pyproject\.toml$")


def paths_in(page: str) -> list[str]:
    """Return the paths of the checkout that a page names."""
    text = (ROOT / page).read_text(encoding="utf-8")
    linked = [target for target in LINK.findall(text) if "://" not in target]
    folder = Path(page).parent
    named = [path for path in CODE.findall(text) if OURS.search(path)]
    return named + [(folder / target).as_posix() for target in linked]


@pytest.mark.parametrize("page", PAGES)
def test_every_path_that_a_page_names_is_there(page: str) -> None:
    missing = [path for path in paths_in(page) if not (ROOT / path).resolve().exists()]
    assert missing == []


def test_the_pages_name_paths_at_all() -> None:
    assert len(paths_in("docs/architecture.md")) > 40
