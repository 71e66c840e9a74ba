"""An operating-system lock beside the SQLite file: a second process would only make both slower, and race."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


class AlreadyOpen(Exception):
    """Another process, or another part of this one, has the database file open."""


class FileLock:
    """Held until ``release``, or until the process ends, however it ends."""

    def __init__(self, database: Path) -> None:
        """Raises AlreadyOpen."""
        path = database.with_name(database.name + ".lock")
        self._file = path.open("ab")
        try:
            _take(self._file)
        except OSError:
            self._file.close()
            raise AlreadyOpen(
                f"{database} is already in use by another process ({path} is locked). "
                "Stop that process first, or set DATABASE_URL to a PostgreSQL database, which several may share."
            ) from None
        os.set_inheritable(self._file.fileno(), False)

    def release(self) -> None:
        self._file.close()
