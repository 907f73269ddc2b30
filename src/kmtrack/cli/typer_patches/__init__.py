"""Everything that patches Typer: its help, words and errors in the language in use."""
