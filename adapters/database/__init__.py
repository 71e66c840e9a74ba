"""Everything that is kept, in SQLite or PostgreSQL; the only folder that knows SQL."""

from adapters.database.database import Database, NotMigrated
from adapters.database.lock import AlreadyOpen
from adapters.database.migrations import head_is_current, migrate
from adapters.database.roster import Diff, RosterError
from adapters.database.vault import CannotOpen

__all__ = [
    "AlreadyOpen",
    "CannotOpen",
    "Database",
    "Diff",
    "NotMigrated",
    "RosterError",
    "head_is_current",
    "migrate",
]
