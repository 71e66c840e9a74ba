"""Whether the keys we were given open everything that is sealed here."""

from __future__ import annotations

from sqlalchemy import Column, Connection, func, select

from adapters.database.tables.questions import questions
from adapters.database.tables.reports import cases
from adapters.database.vault import Vault, Vaults


class LostKey(Exception):
    """Something is stored that none of the keys opens: better not to start than to seal more under another key."""


def check_keys(connection: Connection, vaults: Vaults) -> None:
    """Each sealed text names the key it was sealed with, and we must have all of those. Raises LostKey."""
    _check(connection, cases.c.sealed, vaults.reports, "reports")
    for column in (questions.c.sealed, questions.c.answer):
        _check(connection, column, vaults.questions, "questions")


def _check(connection: Connection, sealed: Column[bytes], vault: Vault, what: str) -> None:
    used = connection.execute(select(func.substr(sealed, 1, 1)).where(sealed.is_not(None)).distinct()).scalars()
    if not all(vault.has_key(bytes(id)) for id in used):
        raise LostKey(
            f"UPSTANDER_KEY: {what} are stored here that it does not open. Start with the key they were sealed with; "
            "to change keys, write the new and the old one: new,old"
        )
