"""Count the targets of a contact broker contract from the facts that brokers record."""

__version__ = "0.1.0"
# Of the JSON that commands print: docs/json.md says when it rises.
JSON_VERSION = 1
