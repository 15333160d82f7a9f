"""Blocks between people, pinned messages, drafts that follow a person."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import ID

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

PARTITIONED = ("pins", "drafts")
PARTITIONS = 8


def upgrade() -> None:
    op.add_column(
        "chats", sa.Column("barred", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "blocks",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("blocked_id", ID, nullable=False),
        sa.Column("blocked_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "blocked_id", name="pk_blocks"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_blocks_blocked_id", "blocks", ["blocked_id"])
    op.create_table(
        "pins",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("pin_seq", sa.BigInteger(), nullable=False),
        sa.Column("pinned_by", ID, nullable=False),
        sa.Column("pinned_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", name="pk_pins"),
        postgresql_partition_by="HASH (chat_id)",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "drafts",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("useq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "chat_id", name="pk_drafts"),
        postgresql_partition_by="HASH (user_id)",
        sqlite_with_rowid=False,
    )
    if op.get_bind().dialect.name == "postgresql":
        _create_partitions()


def _create_partitions() -> None:
    for table in PARTITIONED:
        for part in range(PARTITIONS):
            op.execute(
                f"CREATE TABLE {table}_p{part:02d} PARTITION OF {table} "
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            )
