"""The first tables."""

from collections.abc import Sequence

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "campaign",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("lesson", sqlmodel.AutoString(), nullable=False),
        sa.Column("audience", sqlmodel.AutoString(), nullable=False),
        sa.Column("audience_value", sqlmodel.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.Time(), nullable=False),
        sa.Column("launched_by", sqlmodel.AutoString(), nullable=False),
        sa.Column("launched_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("required_by", sa.Date(), nullable=True),
        sa.Column("stopped_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_day"), ["day"], unique=False)

    op.create_table(
        "case_file",
        sa.Column("number", sqlmodel.AutoString(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("draft", sqlmodel.AutoString(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_case_file")),
        sa.UniqueConstraint("draft", name=op.f("uq_case_file_draft")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "case_link",
        sa.Column("token_hash", sqlmodel.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(), nullable=False),
        sa.Column("reader", sqlmodel.AutoString(), nullable=False),
        sa.Column("until", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_case_link")),
    )
    op.create_table(
        "case_session",
        sa.Column("session_hash", sqlmodel.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(), nullable=False),
        sa.Column("reader", sqlmodel.AutoString(), nullable=False),
        sa.Column("until", sqlmodel.UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("session_hash", name=op.f("pk_case_session")),
    )
    op.create_table(
        "delivery",
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("key", sqlmodel.AutoString(), nullable=False),
        sa.Column("lane", sqlmodel.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.AutoString(), nullable=False),
        sa.Column("kind", sqlmodel.AutoString(), nullable=False),
        sa.Column("card", sqlmodel.AutoString(), nullable=True),
        sa.Column("replaces", sqlmodel.AutoString(), nullable=False),
        sa.Column("run", sqlmodel.AutoString(), nullable=False),
        sa.Column("lesson", sqlmodel.AutoString(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due_at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("not_after", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("again", sqlmodel.AutoString(), nullable=False),
        sa.Column("status", sqlmodel.AutoString(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("gen", sa.Integer(), nullable=False),
        sa.Column("intent_at", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("platform_id", sqlmodel.AutoString(), nullable=False),
        sa.Column("conversation", sqlmodel.AutoString(), nullable=False),
        sa.Column("error", sqlmodel.AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_delivery")),
        sa.UniqueConstraint("id", name=op.f("uq_delivery_id")),
        sa.UniqueConstraint("key", name=op.f("uq_delivery_key")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_due_at_later",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("status IN ('planned', 'retry_at')"),
            postgresql_where=sa.text("status IN ('planned', 'retry_at')"),
        )
        batch_op.create_index(
            "ix_delivery_intent_at_unknown",
            ["intent_at"],
            unique=False,
            sqlite_where=sa.text("status = 'unknown'"),
            postgresql_where=sa.text("status = 'unknown'"),
        )
        batch_op.create_index(
            batch_op.f("ix_delivery_lane_due_at"),
            ["lane", "due_at"],
            unique=False,
            sqlite_where=sa.text("status = 'due'"),
            postgresql_where=sa.text("status = 'due'"),
        )
        batch_op.create_index(
            "ix_delivery_lane_sending",
            ["lane"],
            unique=False,
            sqlite_where=sa.text("status = 'sending'"),
            postgresql_where=sa.text("status = 'sending'"),
        )
        batch_op.create_index(batch_op.f("ix_delivery_person"), ["person"], unique=False)
        batch_op.create_index(
            "ix_delivery_replaces_due",
            ["replaces"],
            unique=False,
            sqlite_where=sa.text("status = 'due' AND replaces <> ''"),
            postgresql_where=sa.text("status = 'due' AND replaces <> ''"),
        )
        batch_op.create_index(batch_op.f("ix_delivery_run_lesson_person"), ["run", "lesson", "person"], unique=False)

    op.create_table(
        "lane",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("gen", sa.Integer(), nullable=False),
        sa.Column("pause_until", sqlmodel.UTCDateTime(), nullable=True),
        sa.Column("rate", sa.Float(), nullable=False),
        sa.Column("reply_debit", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lane")),
    )
    op.create_table(
        "person",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.AutoString(), nullable=False),
        sa.Column("email", sqlmodel.AutoString(), nullable=True),
        sa.Column("zone", sqlmodel.AutoString(), nullable=False),
        sa.Column("language", sqlmodel.AutoString(), nullable=False),
        sa.Column("country", sqlmodel.AutoString(), nullable=False),
        sa.Column("team", sqlmodel.AutoString(), nullable=False),
        sa.Column("manager", sqlmodel.AutoString(), nullable=True),
        sa.Column("role", sqlmodel.AutoString(), nullable=False),
        sa.Column("hired", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("chosen_zone", sqlmodel.AutoString(), nullable=True),
        sa.Column("chosen_language", sqlmodel.AutoString(), nullable=True),
        sa.Column("availability", sqlmodel.AutoString(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_manager"), ["manager"], unique=False)

    op.create_table(
        "record",
        sa.Column("person", sqlmodel.AutoString(), nullable=False),
        sa.Column("run", sqlmodel.AutoString(), nullable=False),
        sa.Column("lesson", sqlmodel.AutoString(), nullable=False),
        sa.Column("what", sqlmodel.AutoString(), nullable=False),
        sa.Column("question", sqlmodel.AutoString(), nullable=False),
        sa.Column("version", sqlmodel.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("person", "run", "lesson", "what", "question", name=op.f("pk_record")),
    )
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_run"), ["run"], unique=False)

    op.create_table(
        "seen",
        sa.Column("id", sqlmodel.AutoString(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen")),
    )
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seen_seen_on"), ["seen_on"], unique=False)

    op.create_table(
        "tally",
        sa.Column("topic", sqlmodel.AutoString(), nullable=False),
        sa.Column("outcome", sqlmodel.AutoString(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("topic", "outcome", "day", name=op.f("pk_tally")),
    )
    op.create_table(
        "address",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sqlmodel.AutoString(), nullable=False),
        sa.Column("platform", sqlmodel.AutoString(), nullable=False),
        sa.Column("tenant", sqlmodel.AutoString(), nullable=False),
        sa.Column("account", sqlmodel.AutoString(), nullable=False),
        sa.Column("conversation", sqlmodel.AutoString(), nullable=False),
        sa.Column("service_url", sqlmodel.AutoString(), nullable=False),
        sa.Column("bot", sqlmodel.AutoString(), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_address_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("platform", "tenant", "account", name=op.f("uq_address_platform_tenant_account")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_address_person"), ["person"], unique=False)

    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sqlmodel.AutoString(), nullable=False),
        sa.Column("reader", sqlmodel.AutoString(), nullable=False),
        sa.Column("what", sqlmodel.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["case_file.number"], name=op.f("fk_case_note_number_case_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_note")),
    )
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_note_number"), ["number"], unique=False)

    op.create_table(
        "case_reader",
        sa.Column("number", sqlmodel.AutoString(), nullable=False),
        sa.Column("reader", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["number"], ["case_file.number"], name=op.f("fk_case_reader_number_case_file")),
        sa.PrimaryKeyConstraint("number", "reader", name=op.f("pk_case_reader")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("case_reader", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_reader_reader"), ["reader"], unique=False)

    op.create_table(
        "slot",
        sa.Column("person", sqlmodel.AutoString(), nullable=False),
        sa.Column("dialogue", sqlmodel.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_slot_person_person")),
        sa.PrimaryKeyConstraint("person", "dialogue", name=op.f("pk_slot")),
    )
    op.create_table(
        "wake",
        sa.Column("key", sqlmodel.AutoString(), nullable=False),
        sa.Column("person", sqlmodel.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.UTCDateTime(), nullable=False),
        sa.Column("action", sqlmodel.AutoString(), nullable=False),
        sa.Column("value", sqlmodel.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_wake_person_person")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_wake")),
    )
    with op.batch_alter_table("wake", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_wake_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_wake_person"), ["person"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("wake", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_wake_person"))
        batch_op.drop_index(batch_op.f("ix_wake_at"))

    op.drop_table("wake")
    op.drop_table("slot")
    with op.batch_alter_table("case_reader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_reader_reader"))

    op.drop_table("case_reader")
    with op.batch_alter_table("case_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_note_number"))

    op.drop_table("case_note")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_address_person"))

    op.drop_table("address")
    op.drop_table("tally")
    with op.batch_alter_table("seen", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seen_seen_on"))

    op.drop_table("seen")
    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_run"))

    op.drop_table("record")
    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_manager"))

    op.drop_table("person")
    op.drop_table("lane")
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delivery_run_lesson_person"))
        batch_op.drop_index(
            "ix_delivery_replaces_due",
            sqlite_where=sa.text("status = 'due' AND replaces <> ''"),
            postgresql_where=sa.text("status = 'due' AND replaces <> ''"),
        )
        batch_op.drop_index(batch_op.f("ix_delivery_person"))
        batch_op.drop_index(
            "ix_delivery_lane_sending",
            sqlite_where=sa.text("status = 'sending'"),
            postgresql_where=sa.text("status = 'sending'"),
        )
        batch_op.drop_index(
            batch_op.f("ix_delivery_lane_due_at"),
            sqlite_where=sa.text("status = 'due'"),
            postgresql_where=sa.text("status = 'due'"),
        )
        batch_op.drop_index(
            "ix_delivery_intent_at_unknown",
            sqlite_where=sa.text("status = 'unknown'"),
            postgresql_where=sa.text("status = 'unknown'"),
        )
        batch_op.drop_index(
            "ix_delivery_due_at_later",
            sqlite_where=sa.text("status IN ('planned', 'retry_at')"),
            postgresql_where=sa.text("status IN ('planned', 'retry_at')"),
        )

    op.drop_table("delivery")
    op.drop_table("case_session")
    op.drop_table("case_link")
    op.drop_table("case_file")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_day"))

    op.drop_table("campaign")
