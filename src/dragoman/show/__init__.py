"""What people and other programs see of the ledger: pages, an API, exports, and readings on the screen."""
