"""Finds the articles that a question is about, and hears what is none: see guide.py."""

from adapters.guide.guide import Guide

__all__ = ["Guide"]
