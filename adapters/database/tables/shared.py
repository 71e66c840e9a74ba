"""What every table starts from: one MetaData whose constraint names are the same on every database."""

from __future__ import annotations

from typing import cast

from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel

BY_KEY = {"sqlite_with_rowid": False}
"""Of a table whose rows must not tell in which order they came."""


class Row(SQLModel):
    """Rows are written and read with Core statements, so a class here only declares columns."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


def table(row: type[Row]) -> Table:
    return cast(Table, row.__table__)  # type: ignore[attr-defined]
