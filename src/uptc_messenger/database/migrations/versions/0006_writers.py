"""Nodes count their commits, to notice that a server took over which lacks some of them."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import ID

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "writers",
        sa.Column("node", ID, nullable=False),
        sa.Column("commits", sa.BigInteger(), nullable=False),
        sa.Column("timeline", sa.Text(), nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("node", name="pk_writers"),
    )


def downgrade() -> None:
    op.drop_table("writers")
