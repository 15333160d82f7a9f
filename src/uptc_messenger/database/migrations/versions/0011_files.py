"""Files: what is stored of whom, of which parts, and on which messages they hang."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import ID, JSON

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

PARTITIONS = 8


def upgrade() -> None:
    op.add_column("chats", sa.Column("picture_file_id", ID, nullable=True))
    op.create_table(
        "files",
        sa.Column("id", ID, nullable=False),
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("upload_id", ID, nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), server_default="", nullable=False),
        sa.Column("kind", sa.Text(), server_default="file", nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=True),
        sa.Column("about", JSON, nullable=True),
        sa.Column("uses", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("picture_of", ID, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_files"),
        sa.UniqueConstraint("owner_id", "upload_id", name="uq_files_owner_id_upload_id"),
    )
    op.create_index("ix_files_state_touched_at", "files", ["state", "touched_at"])
    op.create_table(
        "file_parts",
        sa.Column("file_id", ID, nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("object", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("file_id", "start", name="pk_file_parts"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "storage",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_storage"),
        sqlite_with_rowid=False,
    )
    _create_attachments()


def _create_attachments() -> None:
    op.create_table(
        "attachments",
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("file_id", ID, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "seq", "position", name="pk_attachments"),
        postgresql_partition_by="HASH (chat_id)",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_attachments_file_id", "attachments", ["file_id"])
    op.create_index("ix_attachments_chat_id_kind_seq", "attachments", ["chat_id", "kind", "seq"])
    if op.get_bind().dialect.name == "postgresql":
        for part in range(PARTITIONS):
            op.execute(
                f"CREATE TABLE attachments_p{part:02d} PARTITION OF attachments "
                f"FOR VALUES WITH (MODULUS {PARTITIONS}, REMAINDER {part})"
            )


def downgrade() -> None:
    for table in ("attachments", "storage", "file_parts", "files"):
        op.drop_table(table)
    op.drop_column("chats", "picture_file_id")
