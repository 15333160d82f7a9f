"""How the nodes of a cluster follow a chat, and since when each member does."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NEW = (("chats", "roster_seq"), ("chats", "routed_at"), ("user_chats", "joined_seq"))


def upgrade() -> None:
    for table, name in NEW:
        column = sa.Column(name, sa.BigInteger, nullable=False, server_default=sa.text("0"))
        op.add_column(table, column)


def downgrade() -> None:
    for table, name in reversed(NEW):
        op.drop_column(table, name)
