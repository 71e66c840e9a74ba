"""Finds the articles that a question is about, and hears what is none: see guide.py."""

import os

# Read when numpy is loaded: answers that share out each product among all cores wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from adapters.guide.guide import Guide

__all__ = ["Guide"]
