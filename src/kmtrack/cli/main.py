"""The entry point: from the command line to an exit code."""


def run() -> None:
    from kmtrack.cli.app import app

    app()
