"""The Danish texts, gathered from the files of this folder."""

from kmtrack.texts.da.config import CONFIG
from kmtrack.texts.da.deliverables import DELIVERABLES
from kmtrack.texts.da.demo import DEMO
from kmtrack.texts.da.erasure import ERASURE
from kmtrack.texts.da.errors import ERRORS
from kmtrack.texts.da.front import FRONT
from kmtrack.texts.da.help import HELP
from kmtrack.texts.da.imports import IMPORTS
from kmtrack.texts.da.maintenance import MAINTENANCE
from kmtrack.texts.da.messages import MESSAGES
from kmtrack.texts.da.survey import SURVEY
from kmtrack.texts.da.usage import USAGE
from kmtrack.texts.da.value_errors import VALUE_ERRORS
from kmtrack.texts.da.words import WORDS
from kmtrack.texts.da.workbook import WORKBOOK

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
