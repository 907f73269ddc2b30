"""Texts in English of help pages, and about command lines that are wrong or interrupted."""

USAGE: dict[str, str] = {
    # the help
    "usage.prefix": "Usage: ",
    "usage.options_metavar": "[OPTIONS]",
    "usage.subcommand_metavar": "COMMAND [ARGUMENTS]...",
    "usage.value": "VALUE",
    "usage.arguments": "Arguments",
    "usage.options": "Options",
    "usage.commands": "Commands",
    "usage.default": "default: {default}",
    "usage.environment_variable": "environment variable: {var}",
    "usage.required": "required",
    "usage.help_option": "Show this help.",
    "usage.install_completion": "Enable Tab completion of kmtrack commands in your shell.",
    "usage.completion_installed": "Completion for {shell} has been installed in {path}; open a new terminal",
    "error.no_completion": "completion is not available for “{shell}”; use {among}",
    "usage.show_completion": "Show what would be installed, to copy or adapt yourself.",
    # a command that is typed wrongly
    "error.unknown_language": "kmtrack does not speak “{value}”; choose da or en",
    "usage.no_such_option": "{command} has no option {option}; see them with: {command} --help",
    "usage.no_such_option_near": "{command} has no option {option}; did you mean {nearest}?",
    "usage.no_such_command": "{command} has no command “{name}”; see them with: {command} --help",
    "usage.no_such_command_near": "{command} has no command “{name}”; did you mean {nearest}?",
    "usage.missing_command": "a command is missing after {command}; choose one of: {among}",
    "usage.missing": "{name} is missing; type: {example}",
    "usage.extra": "unexpected “{extra}”; put quotes around text with spaces, or see: {command} --help",
    "usage.needs_value": "{option} needs a value; type: {option} {metavar}",
    "usage.takes_no_value": "{option} does not take a value; type only: {option}",
    "usage.wrong": "that is not how {command} is used; see: {command} --help",
    # a command that did not come to its end
    "usage.interrupted": "Interrupted. To see whether a change was stored: kmtrack history",
    "usage.no_space": "the output could not be written in full because the disk is full; free some space. A change may have been stored: check before you repeat it",
    "usage.output_failed": "the output could not be written in full; send it somewhere else. A change may have been stored: check before you repeat it",
    "usage.fault": "kmtrack has failed; please send {file} to the maintainers",
    "usage.fault_unrecorded": "kmtrack has failed ({kind}), and the details could not be written to a log file; please tell the maintainers",
}
