"""People may keep to themselves when they were here and how far they have read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FLAGS = ("hides_last_seen", "hides_receipts")


def upgrade() -> None:
    for name in _FLAGS:
        flag = sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        op.add_column("users", flag)


def downgrade() -> None:
    for name in _FLAGS:
        op.drop_column("users", name)
