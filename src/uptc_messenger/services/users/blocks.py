"""Who has blocked whom: only the person who blocks is ever told."""

from collections.abc import Collection
from functools import partial
from typing import Final

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Millis, Seq, UserId
from uptc_messenger.models.errors import BadRequest, NotFound
from uptc_messenger.models.events import Apart, BlockUpdate, BlockUpdated
from uptc_messenger.models.users import Block, Profile
from uptc_messenger.services.users import log, repository, service
from uptc_messenger.toolkit.clock import rfc3339

_FIRST: Final = UserId("00000000-0000-0000-0000-000000000000")


def hold(tx: Transaction, one: UserId, other: UserId) -> None:
    """Nobody else blocks or unblocks, or starts a direct chat, between the two until the commit."""
    repository.hold(tx, {one, other})


def add(tx: Transaction, user_id: UserId, other_id: UserId) -> bool:
    """Block a person; False where that is so already. Raises `BadRequest` and `NotFound`."""
    if user_id == other_id:
        raise BadRequest("user_id: one does not block oneself.")
    if repository.by_id(tx, other_id) is None:
        raise NotFound("There is no such person.")
    if repository.blocked_at(tx, user_id, other_id) is not None:
        return False
    row = {"user_id": user_id, "blocked_id": other_id, "blocked_at": tx.now}
    repository.add_block(tx, row)
    _tell(tx, user_id, BlockUpdate(user_id=other_id, on=True))
    tx.emit(Apart(one=user_id, other=other_id, on=True))
    return True


def remove(tx: Transaction, user_id: UserId, other_id: UserId) -> bool:
    """Take a block back; False where there is none."""
    if not repository.remove_block(tx, user_id, other_id):
        return False
    _tell(tx, user_id, BlockUpdate(user_id=other_id, on=False))
    if not is_between(tx, user_id, other_id):
        tx.emit(Apart(one=user_id, other=other_id, on=False))
    return True


def one(reader: Reader, user_id: UserId, other_id: UserId) -> Block:
    """A block of mine; raises `NotFound`."""
    since = repository.blocked_at(reader, user_id, other_id)
    if since is None:
        raise NotFound
    return _block(service.profile(reader, other_id), since)


def page(
    reader: Reader, user_id: UserId, after: UserId | None, limit: int
) -> tuple[list[Block], UserId | None]:
    """Whom the user has blocked, in the order of their ids, and the last if more follow."""
    rows = repository.blocks_after(reader, user_id, after or _FIRST, limit + 1)
    shown = rows[:limit]
    people = service.profiles(reader, [row.blocked_id for row in shown])
    found = [_block(people[row.blocked_id], row.blocked_at) for row in shown]
    return found, shown[-1].blocked_id if len(rows) > limit else None


def is_between(reader: Reader, one: UserId, other: UserId) -> bool:
    """Whether one of the two has blocked the other."""
    pairs = ((one, other), (other, one))
    return any(repository.blocked_at(reader, *pair) is not None for pair in pairs)


def apart(reader: Reader, user_id: UserId) -> set[UserId]:
    """Whom the user has blocked, and who has blocked the user."""
    return repository.apart(reader, user_id)


def blocking(reader: Reader, user_id: UserId, among: Collection[UserId]) -> set[UserId]:
    """Those among some who have blocked the user."""
    return repository.blocking(reader, user_id, among)


def _tell(tx: Transaction, user_id: UserId, update: BlockUpdate) -> None:
    log.append(tx, user_id, partial(_updated, update))


def _updated(update: BlockUpdate, useq: Seq) -> BlockUpdated:
    return BlockUpdated(useq=useq, data=update)


def _block(person: Profile, since: Millis) -> Block:
    return Block(user=person, blocked_at=rfc3339(since))
