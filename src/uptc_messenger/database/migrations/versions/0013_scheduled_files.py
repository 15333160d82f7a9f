"""Messages that wait for their time may have files, which wait with them."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import JSON

revision = "0013"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scheduled", sa.Column("file_ids", JSON, nullable=True))


def downgrade() -> None:
    op.drop_column("scheduled", "file_ids")
