"""The ledger: readings kept for good, in one SQLite file. `store` writes, `query` asks."""
