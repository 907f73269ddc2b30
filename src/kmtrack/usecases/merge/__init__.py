"""Merging: other brokers' ledgers taken into this one, and the news handed over to them."""

from kmtrack.usecases.merge.bundle import bundle
from kmtrack.usecases.merge.merge import merge_ledgers

__all__ = ["bundle", "merge_ledgers"]
