"""Messages may show the page behind a link, and people may do without."""

import sqlalchemy as sa
from alembic import op

from uptc_messenger.database.types import JSON

revision = "0012"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("preview", JSON, nullable=True))
    hides = sa.Column("hides_previews", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("users", hides)


def downgrade() -> None:
    op.drop_column("users", "hides_previews")
    op.drop_column("messages", "preview")
