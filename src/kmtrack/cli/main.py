"""The entry point: from the command line to an exit code."""

import sys

import typer

def run() -> None:
    from kmtrack.cli.app import app
    app()
