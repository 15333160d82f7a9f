"""Work that one node at a time should do: whoever holds the row does it until it expires.

Two holders at once do no harm, for all such work may be done twice; a holder that slept past
its time finds the lease taken.
"""

from typing import Any, Final

import sqlalchemy as sa

from uptc_messenger.database.schema import leases
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.models.base import Millis

_ONE: Final = leases.c.name == sa.bindparam("lease")
_FIND: Final = sa.select(leases.c.holder, leases.c.expires_at).where(_ONE)
_TAKE: Final = (
    sa.update(leases)
    .where(
        _ONE,
        sa.or_(leases.c.holder == sa.bindparam("node"), leases.c.expires_at < sa.bindparam("now")),
    )
    .values(
        holder=sa.bindparam("node"),
        epoch=leases.c.epoch + 1,
        expires_at=sa.bindparam("until"),
    )
)
_RELEASE: Final = sa.delete(leases).where(_ONE, leases.c.holder == sa.bindparam("node"))


def is_free(reader: Reader, name: str, node: str, now: Millis) -> bool:
    """Whether it is worth a write to ask for the lease."""
    row = reader.first(_FIND, {"lease": name})
    return row is None or row.holder == node or row.expires_at < now


def take(tx: Transaction, name: str, node: str, lasts_ms: Millis) -> bool:
    """Take or renew a lease; False where another node has it."""
    values: dict[str, Any] = {"lease": name, "node": node, "now": tx.now}
    if tx.run(_TAKE, {**values, "until": tx.now + lasts_ms}):
        return True
    if tx.first(_FIND, {"lease": name}) is not None:
        return False
    row = {"name": name, "holder": node, "epoch": 1, "expires_at": tx.now + lasts_ms}
    return tx.add_absent(leases, row)


def release(tx: Transaction, name: str, node: str) -> None:
    """Let go of a lease, if it is ours, so that the next node need not wait."""
    tx.run(_RELEASE, {"lease": name, "node": node})
