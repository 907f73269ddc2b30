"""`python -m kmtrack` is `kmtrack`."""

from kmtrack.cli.main import run

run()
