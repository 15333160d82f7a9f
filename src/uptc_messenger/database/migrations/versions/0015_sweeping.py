"""What is swept is found without reading what stays."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_UNUSED = sa.text("uses = 0")


def upgrade() -> None:
    op.drop_index("ix_files_state_touched_at", table_name="files")
    op.create_index(
        "ix_files_unused",
        "files",
        ["state", "touched_at", "id"],
        sqlite_where=_UNUSED,
        postgresql_where=_UNUSED,
    )
    op.create_index(
        "ix_chats_deleted",
        "chats",
        ["id"],
        sqlite_where=sa.text("deleted = 1"),
        postgresql_where=sa.text("deleted"),
    )


def downgrade() -> None:
    op.drop_index("ix_chats_deleted", table_name="chats")
    op.drop_index("ix_files_unused", table_name="files")
    op.create_index("ix_files_state_touched_at", "files", ["state", "touched_at"])
