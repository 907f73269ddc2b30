"""Stores: where a ledger is kept, in a SQLite file or on a PostgreSQL server."""
