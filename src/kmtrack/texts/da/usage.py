"""Texts in Danish of help pages, and about command lines that are wrong or interrupted."""

USAGE: dict[str, str] = {
    # the help
    "usage.prefix": "Brug: ",
    "usage.options_metavar": "[TILVALG]",
    "usage.subcommand_metavar": "KOMMANDO [ARGUMENTER]...",
    "usage.value": "VÆRDI",
    "usage.arguments": "Argumenter",
    "usage.options": "Tilvalg",
    "usage.commands": "Kommandoer",
    "usage.default": "standard: {default}",
    "usage.environment_variable": "miljøvariabel: {var}",
    "usage.required": "skal angives",
    "usage.help_option": "Vis denne hjælp.",
    "usage.install_completion": "Slå fuldførelse til, så Tab fuldfører kmtracks kommandoer i dit kommandovindue.",
    "usage.completion_installed": "Fuldførelse er installeret for {shell} i {path}; åbn et nyt vindue",
    "error.no_completion": "fuldførelse findes ikke til »{shell}«; brug {among}",
    "usage.show_completion": "Vis det, der ellers installeres, så du selv kan kopiere eller tilpasse det.",
    # a command that is typed wrongly
    "error.unknown_language": "kmtrack kan ikke sproget »{value}«; vælg da eller en",
    "usage.no_such_option": "{command} har ikke tilvalget {option}; se tilvalgene med: {command} --help",
    "usage.no_such_option_near": "{command} har ikke tilvalget {option}; mente du {nearest}?",
    "usage.no_such_command": "{command} har ikke kommandoen »{name}«; se kommandoerne med: {command} --help",
    "usage.no_such_command_near": "{command} har ikke kommandoen »{name}«; mente du {nearest}?",
    "usage.missing_command": "der mangler en kommando efter {command}; vælg mellem: {among}",
    "usage.missing": "der mangler {name}; skriv: {example}",
    "usage.extra": 'der står for meget: »{extra}«; sæt anførselstegn om tekst med mellemrum, fx "Inger Holm", eller se: {command} --help',
    "usage.needs_value": "der skal stå noget efter {option}; skriv: {option} {metavar}",
    "usage.takes_no_value": "{option} skal ikke have en værdi; skriv blot: {option}",
    "usage.wrong": "sådan bruges {command} ikke; se: {command} --help",
    # a command that did not come to its end
    "usage.interrupted": "Afbrudt. Er du i tvivl, om en ændring blev gemt, så se: kmtrack history",
    "usage.no_space": "svaret kunne ikke skrives færdigt, for der er ikke mere plads; frigør plads. En ændring kan være gemt: se efter, før du gentager den",
    "usage.output_failed": "svaret kunne ikke skrives færdigt; send det et andet sted hen. En ændring kan være gemt: se efter, før du gentager den",
    "usage.fault": "der er opstået en fejl i selve kmtrack; send {file} til dem, der vedligeholder programmet",
    "usage.fault_unrecorded": "der er opstået en fejl i selve kmtrack ({kind}), og den kunne ikke skrives i en logfil; kontakt dem, der vedligeholder programmet",
}
