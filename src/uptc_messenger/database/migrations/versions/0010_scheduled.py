"""Messages may wait for their time."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import ID, JSON

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "messages", sa.Column("scheduled", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.create_table(
        "scheduled",
        sa.Column("user_id", ID, nullable=False),
        sa.Column("id", ID, nullable=False),
        sa.Column("chat_id", ID, nullable=False),
        sa.Column("body", JSON, nullable=False),
        sa.Column("reply_to", ID, nullable=True),
        sa.Column("send_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("failure", JSON, nullable=True),
        sa.PrimaryKeyConstraint("user_id", "id", name="pk_scheduled"),
        sqlite_with_rowid=False,
    )
    waits = sa.text("failure IS NULL")
    op.create_index(
        "ix_scheduled_send_at",
        "scheduled",
        ["send_at"],
        sqlite_where=waits,
        postgresql_where=waits,
    )


def downgrade() -> None:
    op.drop_table("scheduled")
    op.drop_column("messages", "scheduled")
