"""The command `config`: a person's preferences for all their commands."""

import os
from typing import Annotated

import typer

from kmtrack import i18n, preferences
from kmtrack.cli import options
from kmtrack.cli.output import notify, show, show_json
from kmtrack.i18n import say


def register(app: typer.Typer) -> None:
    """Register `config` with the root command."""
    app.command("config", help="help.config")(config)


def config(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="metavar.preference", help="help.argument.preference")
    ] = None,
    value: Annotated[
        str | None, typer.Argument(metavar="metavar.value", help="help.argument.value")
    ] = None,
    reset: Annotated[bool, typer.Option("--reset", help="help.option.reset")] = False,
    json: options.Json = False,
) -> None:
    from kmtrack.errors import WrongUsage
    from kmtrack.usecases.config import named_preference, preferences_in_force, set_preference
    from kmtrack.views.config import (
        config_as_dict,
        show_config,
        source_in_words,
        value_in_words,
    )

    if reset and (name is None or value is not None):
        raise WrongUsage("reset_what")
    asked = named_preference(name) if name is not None else None
    is_set = name is not None and (reset or value is not None)
    if name is not None and is_set:
        set_preference(os.environ, name, value)
    is_typed = bool(context.find_root().params.get("lang"))
    if not is_typed:
        from kmtrack.cli.command_line import choose_language

        choose_language([], os.environ)  # which may just have been set
    found = preferences_in_force(os.environ, i18n.current(), is_typed=is_typed)
    found = [one for one in found if asked in {None, one.name}]
    file = preferences.file_of(os.environ)
    if json:
        show_json(config_as_dict(found, file))
    elif not is_set:
        show_config(found, file)
    else:
        (one,) = found
        heading = say(f"choice.preference.{one.name}").capitalize()
        is_overruled = one.source not in {"file", "machine", "default"}
        if is_overruled and not reset:
            show(say("config.stored", name=heading, file=file))
        else:
            show(say("config.set", name=heading, value=value_in_words(one)))
        if is_overruled:
            notify("config.overruled", source=source_in_words(one))
