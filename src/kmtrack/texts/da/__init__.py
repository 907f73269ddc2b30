"""The Danish texts, gathered from the files of this folder."""

from kmtrack.texts.da.errors import ERRORS
from kmtrack.texts.da.help import HELP
from kmtrack.texts.da.talk import TALK
from kmtrack.texts.da.usage import USAGE
from kmtrack.texts.da.value_errors import VALUE_ERRORS
from kmtrack.texts.da.words import WORDS

TEXTS: dict[str, str] = {**ERRORS, **HELP, **TALK, **USAGE, **VALUE_ERRORS, **WORDS}
