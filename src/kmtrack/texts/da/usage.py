"""Hjælpens egne ord, og linjerne om en kommando der er skrevet forkert eller gik i stå."""

USAGE: dict[str, str] = {
    # the help
    "usage.prefix": "Brug: ",
    "usage.options_metavar": "[TILVALG]",
    "usage.subcommand_metavar": "KOMMANDO [ARGUMENTER]...",
    "usage.value": "VÆRDI",
    "usage.arguments": "Argumenter",
    "usage.options": "Tilvalg",
    "usage.commands": "Kommandoer",
    "usage.default": "[ellers: {}]",
    "usage.environment_variable": "[miljøvariabel: {}]",
    "usage.required": "[skal angives]",
    "usage.deprecated": "(udgår) ",
    "usage.help_option": "Vis denne hjælp.",
    "usage.install_completion": "Lad din kommandolinje fuldføre kmtracks kommandoer, når du trykker Tab.",
    "usage.show_completion": "Vis det, der ellers installeres, så du selv kan kopiere eller tilpasse det.",
    # a command that is typed wrongly
    "error.UnknownLanguage": "»{value}« er ikke et sprog i kmtrack; skriv da eller en",
    "usage.no_such_option": "{command} har intet tilvalg {option}; se dem med: {command} --help",
    "usage.no_such_option_near": "{command} har intet tilvalg {option}; mente du {nearest}?",
    "usage.no_such_command": "{command} har ingen kommando »{name}«; se dem med: {command} --help",
    "usage.no_such_command_near": "{command} har ingen kommando »{name}«; mente du {nearest}?",
    "usage.missing_command": "der mangler en kommando efter {command}; skriv en af: {among}",
    "usage.missing": "der mangler {name}; skriv: {example}",
    "usage.extra": "»{extra}« er for meget; sæt anførselstegn om tekst med mellemrum, eller se: {command} --help",
    "usage.needs_value": "{option} mangler sin værdi; skriv: {option} {metavar}",
    "usage.takes_no_value": "{option} tager ingen værdi; skriv blot: {option}",
    "usage.wrong": "sådan kan {command} ikke bruges; se: {command} --help",
    # a command that did not come to its end
    "usage.interrupted": "Afbrudt",
    "usage.no_space": "svaret kunne ikke skrives færdigt, for der er ikke mere plads; skaf plads. En ændring kan være gemt: se efter, før du gentager den",
    "usage.output_failed": "svaret kunne ikke skrives færdigt; send det et andet sted hen. En ændring kan være gemt: se efter, før du gentager den",
    "usage.fault": "der er en fejl i selve kmtrack; send {file} til dem, der vedligeholder programmet",
    "usage.fault_unrecorded": "der er en fejl i selve kmtrack ({kind}), og den kunne ikke skrives i en logfil; sig det til dem, der vedligeholder programmet",
}
