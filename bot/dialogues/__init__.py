"""One file for each conversation: what it remembers, its step, its cards."""
