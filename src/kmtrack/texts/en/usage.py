"""The help's own words, and the lines about a command that is typed wrongly or came to a halt."""

USAGE: dict[str, str] = {
    # the help
    "usage.prefix": "Usage: ",
    "usage.options_metavar": "[OPTIONS]",
    "usage.subcommand_metavar": "COMMAND [ARGUMENTS]...",
    "usage.value": "VALUE",
    "usage.arguments": "Arguments",
    "usage.options": "Options",
    "usage.commands": "Commands",
    "usage.default": "[default: {}]",
    "usage.environment_variable": "[environment variable: {}]",
    "usage.required": "[required]",
    "usage.deprecated": "(deprecated) ",
    "usage.help_option": "Show this help.",
    "usage.install_completion": "Let your shell complete the commands of kmtrack when you press Tab.",
    "usage.show_completion": "Show what would be installed, to copy or adapt it yourself.",
    # a command that is typed wrongly
    "error.UnknownLanguage": "“{value}” is no language of kmtrack; type da or en",
    "usage.no_such_option": "{command} has no option {option}; see them with: {command} --help",
    "usage.no_such_option_near": "{command} has no option {option}; did you mean {nearest}?",
    "usage.no_such_command": "{command} has no command “{name}”; see them with: {command} --help",
    "usage.no_such_command_near": "{command} has no command “{name}”; did you mean {nearest}?",
    "usage.missing_command": "a command is missing after {command}; type one of: {among}",
    "usage.missing": "{name} is missing; type: {example}",
    "usage.extra": "“{extra}” is too much; put quotation marks around text with blanks, or see: {command} --help",
    "usage.needs_value": "{option} lacks its value; type: {option} {metavar}",
    "usage.takes_no_value": "{option} takes no value; type only: {option}",
    "usage.wrong": "{command} cannot be used like that; see: {command} --help",
    # a command that did not come to its end
    "usage.interrupted": "Interrupted",
    "usage.no_space": "the answer could not be written to its end, for there is no room left; make room. A change may be stored: look before you repeat it",
    "usage.output_failed": "the answer could not be written to its end; send it elsewhere. A change may be stored: look before you repeat it",
    "usage.fault": "there is a fault in kmtrack itself; send {file} to those who maintain the program",
    "usage.fault_unrecorded": "there is a fault in kmtrack itself ({kind}), and it could not be written to a log file; tell those who maintain the program",
}
