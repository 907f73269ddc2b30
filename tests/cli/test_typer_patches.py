"""What our patches of Typer hold on to: where Typer changes it, a test says which patch is broken."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Final

import pytest
import typer
from typer import core
from typer._click.core import Command, Context
from typer._click.exceptions import BadOptionUsage, NoSuchOption, UsageError
from typer.main import get_command

from kmtrack.cli.typer_patches.coercion import take_texts_as_typed
from kmtrack.cli.typer_patches.localise import localise

if TYPE_CHECKING:
    from collections.abc import Sequence

# Name of a module, of what it must have, and the patch that holds on to it.
_HELD: Final = [
    ("typer.core", "build_runtime_param", "coercion"),
    ("typer.core", "_", "localise"),
    ("typer.core", "TyperArgument.display_type_rich", "localise"),
    ("typer.core", "TyperOption.is_flag", "localise"),
    ("typer._coercion", "RuntimeParam._coerce_value", "coercion"),
    ("typer._coercion", "RuntimeParam.coerce", "coercion"),
    ("typer._click.core", "Command.context_class", "localise"),
    ("typer._click.core", "Command.get_help_option", "localise"),
    ("typer._click.core", "Context.formatter_class", "localise"),
    ("typer._click.core", "Context.get_help", "localise"),
    ("typer._click.formatting", "HelpFormatter.write_usage", "localise"),
    ("typer._click.formatting", "HelpFormatter.write_heading", "localise"),
    ("typer._click.shell_completion", "_resolve_context", "completion"),
    ("typer._click.shell_completion", "_resolve_incomplete", "completion"),
    ("typer._click.core", "Context._protected_args", "completion"),
    ("typer._completion_shared", "_completion_scripts", "completion"),
    ("typer._completion_shared", "get_completion_script", "completion"),
    ("typer._completion_shared", "Shells", "completion"),
    ("typer._completion_shared", "_get_shell_name", "completion"),
    ("typer._completion_shared", "install", "completion"),
    ("typer._click.core", "Command.parse_args", "words"),
    ("typer.core", "TyperGroup._click_resolve_command", "aliases"),
    ("typer.core", "TyperGroup.resolve_command", "words"),
    ("typer._click.core", "Context.meta", "words"),
    ("typer._click.exceptions", "NoArgsIsHelpError", "usage"),
]


@pytest.mark.parametrize(("module", "path", "patch"), _HELD, ids=str)
def test_typer_has_what_a_patch_holds_on_to(module: str, path: str, patch: str) -> None:
    found: object = import_module(module)
    for name in path.split("."):
        assert hasattr(found, name) or f"self.{name}" in _set_by(found), (
            f"Typer {typer.__version__} has no {module}.{path} any more:"
            f" cli/typer_patches/{patch}.py needs another way"
        )
        found = getattr(found, name, None)


def _set_by(class_: object) -> str:
    """Return the source of a class, which names the attributes that it sets."""
    return inspect.getsource(class_) if isinstance(class_, type) else ""


def _command() -> Command:
    app = typer.Typer(rich_markup_mode=None)
    contact = typer.Typer(no_args_is_help=True)
    app.add_typer(contact, name="contact")

    @contact.command("add")
    def add(
        company: Annotated[str, typer.Argument()],
        note: Annotated[str | None, typer.Option("--note")] = None,
        with_: Annotated[list[str] | None, typer.Option("--with")] = None,
        json: Annotated[bool, typer.Option("--json")] = False,
    ) -> None:
        typer.echo((company, note, with_, json))

    @contact.command("list")
    def list_() -> None: ...

    return get_command(app)


def _refused(*words: str) -> UsageError:
    with pytest.raises(UsageError) as refusal:
        _command().main(args=list(words), prog_name="km", standalone_mode=False)
    return refusal.value


@pytest.mark.parametrize(
    ("words", "begins"),
    [
        (("contac",), "No such command 'contac'"),
        (("contact", "ad"), "No such command 'ad'"),
        (("contact", "add", "x", "y"), "Got unexpected extra argument"),
        (("contact", "add", "x", "--json=1"), "Option '--json' does not take a value"),
    ],
)
def test_refusals_still_have_the_words_that_tell_them_apart(
    words: Sequence[str], begins: str
) -> None:
    message = _refused(*words).message
    assert message.startswith(begins), (
        f"Typer {typer.__version__} says {message!r}: cli/typer_patches/usage.py goes by its words"
    )


def test_refusals_still_are_of_the_kinds_that_tell_them_apart() -> None:
    assert isinstance(_refused("contact", "add", "x", "--nte"), NoSuchOption)
    assert isinstance(_refused("contact", "add", "x", "--note"), BadOptionUsage)


def test_texts_go_round_the_validators(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(core), "build_runtime_param", vars(core)["build_runtime_param"])
    take_texts_as_typed()
    used: list[object] = []
    monkeypatch.setattr("kmtrack.cli.typer_patches.coercion.build_runtime_param", used.append)
    words = ["contact", "add", "x", "--note", "y", "--with", "a", "--with", "b"]
    _command().main(args=words, prog_name="km", standalone_mode=False)
    assert not used, "cli/typer_patches/coercion.py: Typer builds validators in another way now"


def test_our_words_reach_the_help(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(core), "_", vars(core)["_"])
    monkeypatch.setattr("kmtrack.cli.typer_patches.localise.say", lambda key, **_: f"<{key}>")
    command = _command()
    localise(command)
    shown = Context(command, info_name="km").command.get_help(Context(command, info_name="km"))
    assert "<usage.commands>" in shown, "cli/typer_patches/localise.py: Typer words help elsewhere"
