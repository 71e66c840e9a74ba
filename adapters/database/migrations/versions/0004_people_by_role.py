"""Those who answer questions, and those who read reports, are found without reading everybody."""

from collections.abc import Sequence

from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(op.f("ix_person_role"), "person", ["role"])


def downgrade() -> None:
    op.drop_index(op.f("ix_person_role"), table_name="person")
