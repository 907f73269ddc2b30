"""The ledger's schema: facts of each noun, their fields, and the tables made from them."""
