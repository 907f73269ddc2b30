"""Localise help: keys become texts, and Typer's own words are replaced by ours."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

from typer import core
from typer._click.core import Command, Context, Parameter
from typer._click.exceptions import UsageError
from typer._click.formatting import HelpFormatter
from typer.core import TyperArgument, TyperGroup, TyperOption

from kmtrack.cli.typer_patches.completion import install_completion, show_completion
from kmtrack.i18n import say

if TYPE_CHECKING:
    from types import TracebackType

_KEYS: Final = ("help.", "metavar.")
_COMPLETION_HELP: Final = {
    "install_completion": "usage.install_completion",
    "show_completion": "usage.show_completion",
}
_COMPLETION_CALLBACKS: Final = {
    "install_completion": install_completion,
    "show_completion": show_completion,
}
_NO_BREAK: Final = "\u00a0"  # stands for a space at which Typer is to break no line
_LONG_DEFAULT: Final = 20  # letters
_TYPERS_WORDS: Final = {
    "Arguments": "usage.arguments",
    "Options": "usage.options",
    "Commands": "usage.commands",
    "default: {default}": "usage.default",
    "env var: {var}": "usage.environment_variable",
    "required": "usage.required",
}


def localise_when_shown(command: Command) -> None:
    """Localise `command` and the commands under it when their help or a refusal is shown.

    A command that just runs looks up no text of an option.
    """
    command.context_class = LocalisedContext
    for parameter in command.params:
        if parameter.name in _COMPLETION_CALLBACKS:
            parameter.callback = _COMPLETION_CALLBACKS[parameter.name]
    if isinstance(command, TyperGroup):
        for below in command.commands.values():
            localise_when_shown(below)


def localise(command: Command) -> None:
    """Replace every key in `command` and the commands under it by its text.

    Texts stay as they are, so a command may be localised again but keeps its language.
    """
    vars(core).update(_=_typers_word)
    command.context_class = LocalisedContext
    command.help = _text(command.help)
    # Without one Typer would cut the help short in the list of commands.
    command.short_help = _text(command.short_help) or command.help
    command.epilog = _text(command.epilog)
    if command.options_metavar:
        command.options_metavar = say("usage.options_metavar")
    for parameter in command.params:
        _localise_parameter(parameter)
    if isinstance(command, TyperGroup):
        command.subcommand_metavar = say("usage.subcommand_metavar")
        for below in command.commands.values():
            localise(below)


class RootGroup(TyperGroup):
    """The command `kmtrack`, whose help shows the others in groups."""

    def format_help(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the help, which fits on one screen."""
        from kmtrack.cli.typer_patches.help_page import write_root_page

        write_root_page(ctx, formatter)


class LocalisedFormatter(HelpFormatter):
    """Writes help as plain lines, with our word before the usage and headings in bold."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line."""
        super().write_usage(prog, args, say("usage.prefix") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section, in bold where a terminal shows it."""
        from kmtrack.cli.typer_patches.help_page import bold

        self.write(f"{bold(heading)}:\n")


class LocalisedContext(Context):
    """The context of a running command, with help in our language and refusals that name the command."""

    formatter_class = LocalisedFormatter

    def _localise_help_option(self) -> None:
        # Typer makes this option when it first needs it, and then keeps it.
        option = self.command.get_help_option(self)
        if option is not None:
            option.help = say("usage.help_option")
            option.metavar = ""

    def get_help(self) -> str:
        """Return the help of the command, with examples."""
        self._localise_all()
        from kmtrack.cli.typer_patches.help_page import write_examples

        examples = self.make_formatter()
        write_examples(self, examples)
        page = [super().get_help(), examples.getvalue().strip("\n")]
        return _printable("\n\n".join(filter(None, page)))

    def options_help(self) -> str:
        """Return the help of the options of the command, and nothing else."""
        from kmtrack.cli.typer_patches.help_page import options_page

        self._localise_all()
        return _printable(options_page(self, self.make_formatter()))

    def _localise_all(self) -> None:
        localise(self.command)
        self._localise_help_option()

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        tb: TracebackType | None,
    ) -> bool | None:
        # The parser refuses an option without saying of which command.
        if isinstance(exc_value, UsageError) and exc_value.ctx is None:
            exc_value.ctx = self
        return super().__exit__(exc_type, exc_value, tb)


def _printable(page: str) -> str:
    """Return a page, already broken into lines, in letters that stdout accepts; Typer's are always UTF-8."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return page.replace(_NO_BREAK, " ").encode(encoding, "replace").decode(encoding)


def _text(value: str | None) -> str | None:
    return say(value) if value is not None and value.startswith(_KEYS) else value


def _localise_parameter(parameter: Parameter) -> None:
    if not isinstance(parameter, (TyperArgument, TyperOption)):
        return
    parameter.help = _text(parameter.help)
    if isinstance(parameter.show_default, str):
        # Typer would put what is no value in brackets of its own.
        default = partial(_default_in_words, parameter.show_default)
        parameter._get_default_string = default  # type: ignore[method-assign]  # noqa: SLF001
    if parameter.name in _COMPLETION_HELP:
        parameter.help = say(_COMPLETION_HELP[parameter.name])
    # Without a placeholder of our own the help shows the name of a Python type.
    if isinstance(parameter, TyperArgument):
        parameter.metavar = _text(parameter.metavar) or parameter.name.upper()
        parameter.display_type_rich = _no_type  # type: ignore[method-assign]
    elif parameter.is_flag:
        parameter.metavar = ""
    else:
        parameter.metavar = _text(parameter.metavar) or say("usage.value")


def _typers_word(message: str) -> str:
    """Return our word for one that Typer puts into help, with its placeholders."""
    key = _TYPERS_WORDS.get(message)
    if key is None:
        return message
    word = say(key, default="{default}", var="{var}")
    return word.replace(" ", _NO_BREAK) if "{" in word else word


def _default_in_words(key: str, **_: object) -> str:
    """Return the text of an option's default, by its key.

    A few words stay together on one line.
    """
    words = say(key)
    return words.replace(" ", _NO_BREAK) if len(words) < _LONG_DEFAULT else words


def _no_type(ctx: Context) -> None:
    del ctx
