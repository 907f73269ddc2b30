"""The floor of a command: a minimal Typer app that inserts one row."""

import sqlite3
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()

TABLE = "CREATE TABLE contact (id INTEGER PRIMARY KEY, company TEXT, date TEXT, note TEXT)"


@app.command()
def add(
    ledger: Annotated[Path, typer.Argument()],
    company: Annotated[str, typer.Argument()],
    date: Annotated[str, typer.Option()],
    note: Annotated[str, typer.Option()] = "",
) -> None:
    """Store a contact."""
    connection = sqlite3.connect(ledger)
    with connection:
        connection.execute(
            "INSERT INTO contact (company, date, note) VALUES (?, ?, ?)", (company, date, note)
        )
    connection.close()
    typer.echo(f"Stored: {company}, {date}")


def run() -> None:
    """Run the app with the arguments of this process."""
    app()
