"""The SQL of how people want to be told."""

from collections.abc import Collection
from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.database.lookups import each
from uptc_messenger.database.notices import WANTS_MAIL, notification_settings
from uptc_messenger.models.base import UserId

_USER: Final = notification_settings.c.user_id == sa.bindparam("user")
_OF: Final = sa.select(notification_settings).where(
    notification_settings.c.user_id.in_(sa.bindparam("ids", expanding=True))
)
_HOLD: Final = sa.select(notification_settings).where(_USER).with_for_update()
_NAMES: Final = tuple(c.name for c in notification_settings.columns if c.name != "user_id")
_SET: Final = {
    name: sa.update(notification_settings).where(_USER).values({name: sa.bindparam(f"new_{name}")})
    for name in _NAMES
}
_BY_ADDRESS: Final = sa.select(notification_settings.c.user_id).where(
    sa.func.lower(notification_settings.c.address) == sa.bindparam("given", type_=sa.Text)
)
_BY_MAIL: Final = sa.select(notification_settings.c.user_id).where(WANTS_MAIL)
_SOME_BY_MAIL: Final = _BY_MAIL.where(
    notification_settings.c.user_id.in_(sa.bindparam("ids", expanding=True))
)


def of(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, Row]:
    """The rows of those who ever said how they want it."""
    return {row.user_id: row for row in each(reader, _OF, user_ids)}


def hold(tx: Transaction, user_id: UserId) -> Row | None:
    """A person's row, made where there was none, locked until the commit."""
    tx.add_absent(notification_settings, {"user_id": user_id, "keywords": []})
    return tx.first(_HOLD, {"user": user_id})


def change(tx: Transaction, user_id: UserId, values: dict[str, Any]) -> None:
    """Set these columns of a row that is held."""
    for name, value in values.items():
        tx.run(_SET[name], {"user": user_id, f"new_{name}": value})


def with_address(reader: Reader, address: str) -> list[UserId]:
    """Who has this address, whatever its case."""
    return [row.user_id for row in reader.all(_BY_ADDRESS, {"given": address.lower()})]


def by_mail(reader: Reader, user_ids: Collection[UserId]) -> set[UserId]:
    """Those of these who want mail and have an address that takes it."""
    return {row.user_id for row in each(reader, _SOME_BY_MAIL, user_ids)}


def anybody_by_mail(reader: Reader) -> bool:
    """Whether anybody wants mail."""
    return reader.value(_BY_MAIL.limit(1)) is not None
