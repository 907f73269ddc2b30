"""The facts: what a person states of each noun, checked where it enters, written once."""
