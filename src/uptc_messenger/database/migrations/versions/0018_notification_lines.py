"""Pushes and letters are queues of their own, and who wants mail is found at once."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_WANTS = sa.text("mail <> 'off' AND address_state = 'confirmed'")


def upgrade() -> None:
    op.drop_index("ix_notification_jobs_due_at", table_name="notification_jobs")
    op.create_index("ix_notification_jobs_kind_due_at", "notification_jobs", ["kind", "due_at"])
    op.create_index(
        "ix_notification_settings_by_mail",
        "notification_settings",
        ["user_id"],
        sqlite_where=_WANTS,
        postgresql_where=_WANTS,
    )


def downgrade() -> None:
    op.drop_index("ix_notification_settings_by_mail", table_name="notification_settings")
    op.drop_index("ix_notification_jobs_kind_due_at", table_name="notification_jobs")
    op.create_index("ix_notification_jobs_due_at", "notification_jobs", ["due_at"])
