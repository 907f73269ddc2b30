"""The command line: parses, calls and shows; the only place that knows Typer."""
