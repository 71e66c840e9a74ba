"""What a lane sends next is found in that order, however much is waiting behind it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

DUE = sa.text("status = 'due'")


def upgrade() -> None:
    columns: list[str | sa.TextClause] = ["lane", sa.text("priority DESC"), "due_at", "seq"]
    op.create_index("ix_delivery_next", "delivery", columns, sqlite_where=DUE, postgresql_where=DUE)
    op.drop_index(op.f("ix_delivery_lane_due_at"), table_name="delivery")


def downgrade() -> None:
    columns = ["lane", "due_at"]
    op.create_index(op.f("ix_delivery_lane_due_at"), "delivery", columns, sqlite_where=DUE, postgresql_where=DUE)
    op.drop_index("ix_delivery_next", table_name="delivery")
