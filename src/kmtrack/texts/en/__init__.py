"""The English texts, gathered from the files of this folder."""

from kmtrack.texts.en.delivered import DELIVERED
from kmtrack.texts.en.demo import DEMO
from kmtrack.texts.en.errors import ERRORS
from kmtrack.texts.en.help import HELP
from kmtrack.texts.en.imports import IMPORTS
from kmtrack.texts.en.maintenance import MAINTENANCE
from kmtrack.texts.en.survey import SURVEY
from kmtrack.texts.en.talk import TALK
from kmtrack.texts.en.usage import USAGE
from kmtrack.texts.en.value_errors import VALUE_ERRORS
from kmtrack.texts.en.words import WORDS
from kmtrack.texts.en.workbook import WORKBOOK

TEXTS: dict[str, str] = {
    **DELIVERED,
    **DEMO,
    **ERRORS,
    **HELP,
    **IMPORTS,
    **MAINTENANCE,
    **SURVEY,
    **TALK,
    **USAGE,
    **VALUE_ERRORS,
    **WORDS,
    **WORKBOOK,
}
