"""The ledger: facts, entries, rows and verdicts in a store; the only place that knows a database."""
