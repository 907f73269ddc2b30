"""kmtrack counts what a contact broker contract asks for, from what brokers state."""

__version__ = "0.1.0"
