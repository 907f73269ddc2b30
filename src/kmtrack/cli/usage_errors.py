"""What the command line itself refuses, before a command of kmtrack begins."""

from __future__ import annotations

from kmtrack.errors import Refusal


class UnknownLanguage(Refusal):
    """`--lang` or KMTRACK_LANG names a language that there are no texts in."""

    exit_code = 2


class AddressForFile(Refusal):
    """The address of a server is typed where only a file can be named."""

    exit_code = 2


class NotAgreed(Refusal):
    """Whoever was asked did not agree, or nobody could be asked."""
