"""What went wrong, in one sentence a person can act on, instead of a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console

from adapters.content import Broken
from adapters.database.database import NotMigrated
from adapters.database.keys import LostKey
from adapters.database.lock import AlreadyOpen
from adapters.directory.csv_file import BadFile
from adapters.guide.encode import BadEncoder
from adapters.settings import BadSettings

SAID = (BadSettings, Broken, NotMigrated, LostKey, AlreadyOpen, BadFile, BadEncoder)
FAILED = 2

screen = Console(soft_wrap=True, highlight=False)
errors = Console(stderr=True, soft_wrap=True, highlight=False)


@contextmanager
def said_plainly() -> Iterator[None]:
    """Whatever a person can mend is printed and ends the command with 2; anything else is a bug and shows itself."""
    try:
        yield
    except SAID as wrong:
        raise refuse(str(wrong)) from None
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError, PermissionError) as wrong:
        raise refuse(f"{wrong.filename}: {wrong.strerror}") from None


def refuse(why: str) -> typer.Exit:
    """To be raised."""
    errors.print(why, markup=False, style="red")
    return typer.Exit(FAILED)
