"""Queries of the ledger, as named functions that return rows: one module for each subject."""
