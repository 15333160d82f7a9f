"""Entries of the search index on PostgreSQL have a term of their time: it is made anew."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _begin_again()


def downgrade() -> None:
    _begin_again()


def _begin_again() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DELETE FROM search_cursors")
        op.execute("TRUNCATE search_entries")
