"""A message that was forwarded keeps who wrote it first, when and where."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import JSON

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("origin", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "origin")
