"""The English texts, gathered from the files of this folder."""

from kmtrack.texts.en.config import CONFIG
from kmtrack.texts.en.deliverables import DELIVERABLES
from kmtrack.texts.en.demo import DEMO
from kmtrack.texts.en.erasure import ERASURE
from kmtrack.texts.en.errors import ERRORS
from kmtrack.texts.en.front import FRONT
from kmtrack.texts.en.help import HELP
from kmtrack.texts.en.imports import IMPORTS
from kmtrack.texts.en.maintenance import MAINTENANCE
from kmtrack.texts.en.messages import MESSAGES
from kmtrack.texts.en.survey import SURVEY
from kmtrack.texts.en.usage import USAGE
from kmtrack.texts.en.value_errors import VALUE_ERRORS
from kmtrack.texts.en.words import WORDS
from kmtrack.texts.en.workbook import WORKBOOK

TEXTS: dict[str, str] = {
    **CONFIG,
    **DELIVERABLES,
    **DEMO,
    **ERASURE,
    **ERRORS,
    **FRONT,
    **HELP,
    **IMPORTS,
    **MAINTENANCE,
    **SURVEY,
    **MESSAGES,
    **USAGE,
    **VALUE_ERRORS,
    **WORDS,
    **WORKBOOK,
}
