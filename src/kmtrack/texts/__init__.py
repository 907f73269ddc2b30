"""The texts that a person reads, by key, a package for each language."""
