"""How people want to be told, on which devices, and what is still to be told."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import ID, JSON

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notification_settings",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("level", sa.Text(), server_default="all", nullable=False),
        sa.Column("keywords", JSON, nullable=False),
        sa.Column("quiet", JSON, nullable=True),
        sa.Column("time_zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("snoozed_until", sa.BigInteger(), nullable=True),
        sa.Column("preview", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("mail", sa.Text(), server_default="off", nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("address_state", sa.Text(), server_default="none", nullable=False),
        sa.Column("address_problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name="pk_notification_settings"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "push_subscriptions",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("session_id", ID, nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("endpoint_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("p256dh", sa.LargeBinary(65), nullable=False),
        sa.Column("auth", sa.LargeBinary(16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_push_subscriptions"),
        sa.UniqueConstraint("session_id", name="uq_push_subscriptions_session_id"),
        sa.UniqueConstraint("endpoint_hash", name="uq_push_subscriptions_endpoint_hash"),
    )
    op.create_index("ix_push_subscriptions_user_id", "push_subscriptions", ["user_id"])
    op.create_table(
        "notification_cursors",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("upto", sa.BigInteger(), nullable=True),
        sa.Column("member_id", ID, nullable=True),
        sa.PrimaryKeyConstraint("chat_id", name="pk_notification_cursors"),
        sqlite_with_rowid=False,
    )
    # What was said before there were notifications is no news; a chat without a cursor is new.
    op.execute("INSERT INTO notification_cursors (chat_id, seq) SELECT id, last_seq FROM chats")
    op.create_table(
        "notification_jobs",
        sa.Column("target_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wanted", sa.BigInteger(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("shown_n", sa.BigInteger(), nullable=True),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("holder", ID, nullable=True),
        sa.Column("held_until", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.PrimaryKeyConstraint("target_id", "chat_id", name="pk_notification_jobs"),
    )
    op.create_index("ix_notification_jobs_chat_id", "notification_jobs", ["chat_id"])
    op.create_index("ix_notification_jobs_user_id", "notification_jobs", ["user_id"])
    op.create_index("ix_notification_jobs_due_at", "notification_jobs", ["due_at"])


def downgrade() -> None:
    for table in ("jobs", "cursors"):
        op.drop_table(f"notification_{table}")
    op.drop_table("push_subscriptions")
    op.drop_table("notification_settings")
