"""The search behind the read "which articles match?"; it ranks and declines, and never writes a word itself."""

from adapters.guide.fts import Guide

__all__ = ["Guide"]
