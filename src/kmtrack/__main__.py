"""Entry point of `python -m kmtrack`."""

from kmtrack.cli.main import run

run()
