"""Corpora that need no ledger, read by many processes or machines into Parquet; and from there into a ledger."""
