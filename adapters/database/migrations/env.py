"""Run by Alembic for every command; the connection is handed in by ``migrations.config``."""

from typing import Any

from alembic import context

from adapters.database.tables import METADATA


def ours(thing: Any, name: str | None, kind: str, reflected: bool, compared: Any) -> bool:
    """Procrastinate migrates its own tables, which may share the database.

    From SQLite no index comes back with its direction; PostgreSQL compares the one that has any.
    """
    if kind == "index" and name == "ix_delivery_next":
        return context.get_context().dialect.name != "sqlite"
    return not (kind == "table" and (name or "").startswith("procrastinate_"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    include_object=ours,
    render_as_batch=True,
    user_module_prefix="sqlmodel.",
)
with context.begin_transaction():
    context.run_migrations()
