"""Many reports through a reader, in several processes, and into a ledger."""
