"""Feeds that are polled politely, and their articles added to a ledger, for as long as it runs."""
