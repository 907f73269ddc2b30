"""Count the targets of a contact broker contract from the facts that brokers record."""

__version__ = "0.1.0"
