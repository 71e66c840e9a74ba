"""Ledger to lane to Messenger: who drains which lane now, at what pace, and what became of each message."""
