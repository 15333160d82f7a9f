"""Tables and indexes.

The chat side (keyed by chat) and the user side (keyed by user) are never joined in SQL:
each can move to servers of its own. `messages` and `changes` together are the log: for
every chat the union of their `seq` is exactly 1..last_seq.
"""

import sqlalchemy as sa

from uptc_messenger.database.columns import CLUSTERED as _CLUSTERED
from uptc_messenger.database.columns import big as _big
from uptc_messenger.database.columns import by as _by
from uptc_messenger.database.columns import flag as _flag
from uptc_messenger.database.columns import id_ as _id
from uptc_messenger.database.columns import metadata
from uptc_messenger.database.columns import text as _text
from uptc_messenger.database.types import JSON

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    *(_id("holder", nullable=False), _big("epoch"), _big("expires_at")),
)

installation = sa.Table(
    "installation", metadata, sa.Column("name", sa.Text, primary_key=True), _text("value")
)

chats = sa.Table(
    "chats",
    metadata,
    _id("id", primary_key=True),
    _text("kind"),
    _text("title", nullable=True),
    _text("topic", default=""),
    sa.Column("settings", JSON, nullable=False),
    *(_big(name, default=0) for name in ("last_seq", "last_n", "floor_seq")),
    sa.Column("route", sa.SmallInteger, nullable=False, server_default=sa.text("0")),
    *(_big(name, default=0) for name in ("routed_at", "roster_seq")),
    sa.Column("member_count", sa.Integer, nullable=False, server_default=sa.text("0")),
    _id("creator_id", nullable=False),
    _big("created_at"),
    _big("updated_at"),
    _flag("deleted"),
    _flag("barred"),
    _id("picture_file_id", nullable=True),
    **_by("id"),
)

sa.Index(
    "ix_chats_deleted", chats.c.id, sqlite_where=chats.c.deleted, postgresql_where=chats.c.deleted
)

direct_chats = sa.Table(
    "direct_chats",
    metadata,
    _id("low_id", primary_key=True),
    _id("high_id", primary_key=True),
    _id("chat_id", nullable=False),
    **_CLUSTERED,
)

messages = sa.Table(
    "messages",
    metadata,
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _big("n"),
    _id("id", nullable=False),
    _id("sender_id", nullable=False),
    _text("kind", default="text"),
    sa.Column("body", JSON, nullable=True),
    sa.Column("mentions", JSON, nullable=True),
    sa.Column("file_ids", JSON, nullable=True),
    _big("reply_seq", nullable=True),
    sa.Column("origin", JSON, nullable=True),
    _flag("scheduled"),
    _big("created_at"),
    _big("edited_at", nullable=True),
    sa.Column("revision", sa.Integer, nullable=False, server_default=sa.text("1")),
    _flag("deleted"),
    sa.Column("digest", sa.LargeBinary(16), nullable=False),
    sa.Column("preview", JSON, nullable=True),
    sa.UniqueConstraint("chat_id", "id"),
    **_by("chat_id"),
)

changes = sa.Table(
    "changes",
    metadata,
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("kind"),
    _big("ref_seq", nullable=True),
    _id("actor_id", nullable=False),
    _id("change_id", nullable=True),
    _big("created_at"),
    sa.Column("data", JSON, nullable=True),
    sa.UniqueConstraint("chat_id", "change_id"),
    **_by("chat_id"),
)

revisions = sa.Table(
    "revisions",
    metadata,
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("body", JSON, nullable=True),
    _big("written_at"),
    **_by("chat_id"),
)

reactions = sa.Table(
    "reactions",
    metadata,
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("emoji", sa.Text, primary_key=True),
    _id("user_id", primary_key=True),
    _big("created_at"),
    **_by("chat_id"),
)

pins = sa.Table(
    "pins",
    metadata,
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _big("pin_seq"),
    _id("pinned_by", nullable=False),
    _big("pinned_at"),
    **_by("chat_id"),
)

members = sa.Table(
    "members",
    metadata,
    _id("chat_id", primary_key=True),
    _id("user_id", primary_key=True),
    _text("role"),
    _big("joined_seq"),
    _big("joined_at"),
    _big("left_seq", nullable=True),
    **_by("chat_id"),
)

chat_mentions = sa.Table(
    "chat_mentions",
    metadata,
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _big("n"),
    **_by("chat_id"),
)

users = sa.Table(
    "users",
    metadata,
    _id("id", primary_key=True),
    _text("username"),
    _text("display_name"),
    _text("search_key"),
    _text("about", default=""),
    _text("locale", default="es"),
    _text("email", nullable=True),
    _text("role", default="member"),
    _id("avatar_file_id", nullable=True),
    *map(_flag, ("disabled", "hides_last_seen", "hides_receipts", "hides_previews")),
    _big("useq", default=0),
    _big("created_at"),
    _big("last_seen_at", nullable=True),
    sa.UniqueConstraint("username"),
)

blocks = sa.Table(
    "blocks",
    metadata,
    _id("user_id", primary_key=True),
    _id("blocked_id", primary_key=True, index=True),
    _big("blocked_at"),
    **_CLUSTERED,
)

credentials = sa.Table(
    "credentials",
    metadata,
    _id("user_id", primary_key=True),
    _text("password_hash"),
    _big("changed_at"),
    **_CLUSTERED,
)

sessions = sa.Table(
    "sessions",
    metadata,
    _id("id", primary_key=True),
    _id("user_id", nullable=False, index=True),
    sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
    _text("device", default=""),
    _big("created_at"),
    _big("last_seen_at"),
    _big("expires_at"),
    sa.UniqueConstraint("token_hash"),
)

codes = sa.Table(
    "codes",
    metadata,
    sa.Column("code_hash", sa.LargeBinary(32), primary_key=True),
    _text("purpose"),
    _id("user_id", nullable=True),
    _big("created_at"),
    _big("expires_at"),
    **_CLUSTERED,
)

invites = sa.Table(
    "invites",
    metadata,
    _id("id", primary_key=True),
    sa.Column("secret_hash", sa.LargeBinary(32), nullable=False),
    _id("inviter_id", nullable=False, index=True),
    sa.Column("chat_ids", JSON, nullable=False),
    _text("role"),
    _big("created_at"),
    _big("expires_at", nullable=True),
    sa.Column("max_uses", sa.Integer, nullable=True),
    sa.Column("uses", sa.Integer, nullable=False, server_default=sa.text("0")),
    _flag("revoked"),
    sa.UniqueConstraint("secret_hash"),
)

user_chats = sa.Table(
    "user_chats",
    metadata,
    _id("user_id", primary_key=True),
    _id("chat_id", primary_key=True),
    _big("read_n", default=0),
    _big("joined_seq", default=0),
    _text("level", default="all"),
    _big("muted_until", nullable=True),
    _flag("pinned"),
    _flag("archived"),
    **_by("user_id"),
)

drafts = sa.Table(
    "drafts",
    metadata,
    _id("user_id", primary_key=True),
    _id("chat_id", primary_key=True),
    _text("text"),
    _big("version"),
    _big("useq"),
    **_by("user_id"),
)

scheduled = sa.Table(
    "scheduled",
    metadata,
    _id("user_id", primary_key=True),
    _id("id", primary_key=True),
    _id("chat_id", nullable=False),
    sa.Column("body", JSON, nullable=False),
    _id("reply_to", nullable=True),
    sa.Column("file_ids", JSON, nullable=True),
    _big("send_at"),
    _big("created_at"),
    sa.Column("failure", JSON, nullable=True),
    **_CLUSTERED,
)
_waits = scheduled.c.failure.is_(None)
sa.Index("ix_scheduled_send_at", scheduled.c.send_at, sqlite_where=_waits, postgresql_where=_waits)

user_log = sa.Table(
    "user_log",
    metadata,
    _id("user_id", primary_key=True),
    sa.Column("useq", sa.BigInteger, primary_key=True, autoincrement=False),
    _text("kind"),
    sa.Column("data", JSON, nullable=False),
    _big("created_at"),
    **_by("user_id"),
)

mentions = sa.Table(
    "mentions",
    metadata,
    _id("user_id", primary_key=True),
    _id("chat_id", primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    _big("n"),
    **_by("user_id"),
)
