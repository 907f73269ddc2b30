"""The entry point: from the command line to an exit code."""

import sys


def run() -> None:
    from kmtrack.cli.app import build_app

    build_app(sys.argv[1] if len(sys.argv) > 1 else None)()
