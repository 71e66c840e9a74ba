"""Decides: what happened goes in, what should happen comes out. No I/O, no vendor, no clock, no chance."""
