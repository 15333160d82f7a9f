"""The search index has terms of words that follow each other and of 200 days: it is made anew."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _begin_again()


def downgrade() -> None:
    _begin_again()


def _begin_again() -> None:
    op.execute("DELETE FROM search_cursors")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("TRUNCATE search_entries")
    else:
        op.execute("DELETE FROM search_entries")
        op.execute("INSERT INTO search_terms (search_terms) VALUES ('delete-all')")
