"""All that reaches into Typer: its help, its words and its errors in the language in use."""
