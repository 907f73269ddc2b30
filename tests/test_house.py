"""The gates of the house: SQL, words, imports, names and errors stay where they belong."""

from __future__ import annotations

import ast
import re
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import kmtrack

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE: Final = Path(kmtrack.__file__).parent
SQL: Final = re.compile(
    r"\b(SELECT\b.+\bFROM\b|INSERT\s+INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b)", re.DOTALL
)
# Functions that look a text up; what they return is for a person's eyes.
WORDING: Final = frozenset({"say", "say_in"})
WORDING_ROOMS: Final = frozenset({"cli", "views", "errors.py", "i18n.py"})
LONGEST_MODULE: Final = 500


@cache
def trees() -> dict[str, ast.Module]:
    """Return the syntax tree of each module, by its path below the package."""
    return {
        path.relative_to(SOURCE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(SOURCE.rglob("*.py"))
    }


def room_of(path: str) -> str:
    """Return the package, or the module of the ground floor, in which a module lies."""
    return path.partition("/")[0]


def module_of(path: str) -> str:
    """Return the dotted name of a module."""
    return f"kmtrack.{path.removesuffix('.py').replace('/', '.')}".removesuffix(".__init__")


def found(path: str, node: ast.AST) -> str:
    """Where a node is, as an editor takes it."""
    return f"{path}:{getattr(node, 'lineno', 0)}"


def test_sql_lives_in_the_ledger_only() -> None:
    outside = [
        found(path, node)
        for path, tree in trees().items()
        if room_of(path) != "ledger"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value)
    ]
    assert outside == []


def test_words_live_in_views_and_the_command_line_only() -> None:
    outside = [
        found(path, node)
        for path, tree in trees().items()
        if room_of(path) not in WORDING_ROOMS
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) in WORDING
    ]
    assert outside == []


def imports_of(tree: ast.Module, known: frozenset[str]) -> Iterator[str]:
    """Yield every module of the package that one imports, lazily and for types included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            for alias in node.names:
                module = f"{node.module}.{alias.name}"
                yield module if module in known else node.module


# Modules that read our own data, the system's files, or a ledger that is open already.
_READS_ITS_OWN: Final = frozenset(
    {
        "named_files.py",
        "municipalities.py",
        "usecases/demo.py",
        "usecases/surveys/questionnaire.py",
        "ledger/store/address.py",
        "ledger/store/quarantine.py",
        "ledger/store/sqlite_file.py",
    }
)


def test_a_file_that_a_user_names_is_opened_in_one_module() -> None:
    outside = [
        found(path, node)
        for path, tree in trees().items()
        if path not in _READS_ITS_OWN
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in {"read_bytes", "read_text"}
        or (
            node.func.attr == "open"
            and any(isinstance(each, ast.Constant) and each.value == "rb" for each in node.args)
        )
    ]
    assert outside == []


def test_imports_run_in_no_circle() -> None:
    known = frozenset(map(module_of, trees()))
    graph = {
        module_of(path): set(imports_of(tree, known)) - {module_of(path)}
        for path, tree in trees().items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        raise AssertionError(" imports ".join(reversed(circle.args[1]))) from None


def test_no_module_is_named_by_a_gerund() -> None:
    names = [Path(path).stem for path in trees()]
    assert [name for name in names if name.endswith("ing") and name != "string"] == []


def test_no_module_is_too_long_to_read() -> None:
    long = {
        path: lines
        for path in trees()
        if room_of(path) != "texts"
        and (lines := (SOURCE / path).read_text(encoding="utf-8").count("\n")) > LONGEST_MODULE
    }
    assert long == {}


def names_in(node: ast.AST) -> set[str]:
    """Return all names that an expression mentions, plain ones and those behind a dot."""
    return {
        part.id if isinstance(part, ast.Name) else part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Name | ast.Attribute)
    }


def caught_names() -> set[str]:
    """Return the names that an `except`, an `isinstance` or a tuple for one of them mentions."""
    caught: set[str] = set()
    tuples: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler) and node.type is not None:
                caught |= names_in(node.type)
            elif isinstance(node, ast.Call) and names_in(node.func) & {
                "isinstance",
                "issubclass",
                "suppress",
            }:
                caught |= {name for argument in node.args for name in names_in(argument)}
            elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    if isinstance(target, ast.Name):
                        tuples[target.id] = names_in(node.value)
    return caught.union(*(names for name, names in tuples.items() if name in caught))


def test_an_error_class_exists_where_something_catches_it() -> None:
    bases: dict[str, set[str]] = {}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {name for base in node.bases for name in names_in(base)}
    errors = {"Refusal", "Exception"}
    while more := {name for name, own in bases.items() if own & errors} - errors:
        errors |= more
    used = caught_names().union(*(bases[name] for name in errors if name in bases))
    assert sorted(name for name in errors & bases.keys() if name not in used) == []
