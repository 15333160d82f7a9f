"""The tables of notifications: keyed by person, but for how far each chat has been read.

They are in backups and copies: what is still to be told, and what was told already, belongs to
the log as it was then.
"""

from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.columns import CLUSTERED as _CLUSTERED
from uptc_messenger.database.schema import metadata
from uptc_messenger.database.types import ID, JSON

WANTS_MAIL: Final = sa.text("mail <> 'off' AND address_state = 'confirmed'")
"""As a text: an index of some rows serves who asks for them in the same words."""

notification_settings = sa.Table(
    "notification_settings",
    metadata,
    sa.Column("user_id", ID, primary_key=True),
    sa.Column("level", sa.Text, nullable=False, server_default="all"),
    sa.Column("keywords", JSON, nullable=False),
    sa.Column("quiet", JSON, nullable=True),
    sa.Column("time_zone", sa.Text, nullable=False, server_default="UTC"),
    sa.Column("snoozed_until", sa.BigInteger, nullable=True),
    sa.Column("preview", sa.Boolean, nullable=False, server_default=sa.true()),
    sa.Column("mail", sa.Text, nullable=False, server_default="off"),
    sa.Column("address", sa.Text, nullable=True),
    sa.Column("address_state", sa.Text, nullable=False, server_default="none"),
    sa.Column("address_problem", sa.Text, nullable=True),
    sa.Index(
        "ix_notification_settings_by_mail",
        "user_id",
        sqlite_where=WANTS_MAIL,
        postgresql_where=WANTS_MAIL,
    ),
    **_CLUSTERED,
)

push_subscriptions = sa.Table(
    "push_subscriptions",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("user_id", ID, nullable=False, index=True),
    sa.Column("session_id", ID, nullable=False),
    sa.Column("endpoint", sa.Text, nullable=False),
    sa.Column("endpoint_hash", sa.LargeBinary(32), nullable=False),
    sa.Column("p256dh", sa.LargeBinary(65), nullable=False),
    sa.Column("auth", sa.LargeBinary(16), nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("sent_at", sa.BigInteger, nullable=True),
    sa.Column("problem", sa.Text, nullable=True),
    sa.UniqueConstraint("session_id"),
    sa.UniqueConstraint("endpoint_hash"),
)

notification_cursors = sa.Table(
    "notification_cursors",
    metadata,
    sa.Column("chat_id", ID, primary_key=True),
    sa.Column("seq", sa.BigInteger, nullable=False),
    sa.Column("upto", sa.BigInteger, nullable=True),
    sa.Column("member_id", ID, nullable=True),
    **_CLUSTERED,
)
"""`upto` and `member_id`: the entries up to there were told to the members up to that one."""

notification_jobs = sa.Table(
    "notification_jobs",
    metadata,
    sa.Column("target_id", ID, primary_key=True),
    sa.Column("chat_id", ID, primary_key=True, index=True),
    sa.Column("user_id", ID, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("wanted", sa.BigInteger, nullable=False),
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("shown_n", sa.BigInteger, nullable=True),
    sa.Column("since", sa.BigInteger, nullable=False),
    sa.Column("due_at", sa.BigInteger, nullable=True),
    sa.Column("holder", ID, nullable=True),
    sa.Column("held_until", sa.BigInteger, nullable=True),
    sa.Column("attempts", sa.Integer, nullable=False, server_default=sa.text("0")),
    sa.Index(None, "kind", "due_at"),
)
"""One row for each device and chat, and one for each person's mail (`chat_id` is the person).

`wanted` and `done` are positions in the chat's log; of mail, instants.
"""
