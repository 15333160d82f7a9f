"""The key of the search index on PostgreSQL leads to one entry and to nothing else."""

from alembic import op

revision = "0016"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _key("place, chat_id, seq")


def downgrade() -> None:
    _key("seq, chat_id")


def _key(columns: str) -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "ALTER TABLE search_entries DROP CONSTRAINT pk_search_entries, "
            f"ADD CONSTRAINT pk_search_entries PRIMARY KEY ({columns})"
        )
