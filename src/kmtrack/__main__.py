"""Entry point of `python -m kmtrack`."""

from kmtrack.cli.process import run

run()
