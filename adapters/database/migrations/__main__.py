"""Write the migration from the newest version to the tables as they are declared now: ``URL "what it is for"``."""

from __future__ import annotations

import sys

from alembic import command

from adapters.database.migrations import HERE, config, migrate, opened

URL_AND_REASON = 3  # words of the command line, the program's own among them


def main(words: list[str]) -> None:
    if len(words) != URL_AND_REASON:
        sys.exit('Usage: python -m adapters.database.migrations sqlite:///new.db "What it is for"')
    _, url, reason = words
    migrate(url)
    number = f"{len(list((HERE / 'versions').glob('[0-9]*.py'))) + 1:04}"
    with opened(url) as connection:
        command.revision(config(connection), reason, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(sys.argv)
