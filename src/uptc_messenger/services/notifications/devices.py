"""The devices of people that get push messages: each belongs to one session, and ends with it."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Final

from msgspec import UNSET

from uptc_messenger.database import Reader, Row, Transaction
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import SessionId, UserId
from uptc_messenger.models.errors import BadRequest, NotFound
from uptc_messenger.models.notifications import PushDevice, PushDevices, PushSubscription
from uptc_messenger.services.auth import sessions
from uptc_messenger.services.notifications import destinations
from uptc_messenger.services.notifications.pushing import Parcel, topic_of
from uptc_messenger.services.notifications.repository import devices as repository
from uptc_messenger.services.notifications.sealing import Keys, is_point
from uptc_messenger.services.notifications.vapid import decoded
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import uuid7

_DAY_S: Final = 86_400


def put(
    tx: Transaction, who: Principal, wanted: PushSubscription, *, loopback: bool = False
) -> PushDevice:
    """From now on push messages go to this session's browser; the same again changes nothing.

    A browser has one subscription: whoever was told through it before is so no longer.
    """
    destinations.parse(wanted.endpoint, loopback=loopback)
    keys = Keys(p256dh=decoded(wanted.p256dh), auth=decoded(wanted.auth))
    if not is_point(keys.p256dh):
        raise BadRequest("p256dh: the public key of a subscription.")
    fingerprint = hashlib.sha256(wanted.endpoint.encode()).digest()
    before = repository.same(tx, who.session_id, fingerprint)
    if not any(_is_same(row, who, wanted, keys) for row in before) or len(before) > 1:
        repository.remove(tx, [row.id for row in before])
        repository.add(tx, _row(tx, who, wanted, keys))
    return one(tx, who)


def one(reader: Reader, who: Principal) -> PushDevice:
    """The device of this session; raises `NotFound`."""
    found = find(reader, who)
    if found is None:
        raise NotFound
    return found


def find(reader: Reader, who: Principal) -> PushDevice | None:
    """The device of this session, if it gets push messages."""
    listed = page(reader, who).devices
    return next((device for device in listed if device.current), None)


def page(reader: Reader, who: Principal) -> PushDevices:
    """All of a person's devices: there are never more than sessions."""
    names = {s.session_id: s.device for s in sessions.entries(reader, who.user_id, None)}
    rows = [row for row in repository.of_user(reader, who.user_id) if row.session_id in names]
    return PushDevices(devices=[_device(row, names[row.session_id], who) for row in rows])


def remove(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    """No more push messages to this session; raises `NotFound` where it is not this person's."""
    rows = [row for row in repository.of_user(tx, user_id) if row.session_id == session_id]
    if not rows:
        raise NotFound
    repository.remove(tx, [row.id for row in rows])


def remove_silently(tx: Transaction, user_id: UserId, session_id: SessionId) -> None:
    """The same, also where there was none."""
    rows = repository.of_user(tx, user_id)
    repository.remove(tx, [row.id for row in rows if row.session_id == session_id])


def ended(reader: Reader, rows: Collection[Row]) -> list[str]:
    """Those of these devices whose session has ended."""
    alive = set(sessions.living(reader, [row.session_id for row in rows]))
    return [row.id for row in rows if row.session_id not in alive]


def keys_of(row: Row) -> Keys:
    """What a row of a device seals with."""
    return Keys(p256dh=bytes(row.p256dh), auth=bytes(row.auth))


def parcel(row: Row, payload: bytes, about: str, *, loopback: bool) -> Parcel:
    """A push to a device, in place of one about the same that still waits there.

    Raises `BadRequest` for a device whose endpoint is taken no more.
    """
    return Parcel(
        to=destinations.parse(row.endpoint, loopback=loopback),
        keys=keys_of(row),
        payload=payload,
        topic=topic_of(about, row.id),
        ttl_s=_DAY_S,
    )


def of_session(reader: Reader, who: Principal) -> Row | None:
    """The row of this session's device."""
    rows: Sequence[Row] = repository.of_user(reader, who.user_id)
    return next((row for row in rows if row.session_id == who.session_id), None)


def _is_same(row: Row, who: Principal, wanted: PushSubscription, keys: Keys) -> bool:
    return (row.user_id, row.session_id, row.endpoint, bytes(row.p256dh), bytes(row.auth)) == (
        *(who.user_id, who.session_id),
        *(wanted.endpoint, keys.p256dh, keys.auth),
    )


def _row(
    tx: Transaction, who: Principal, wanted: PushSubscription, keys: Keys
) -> dict[str, object]:
    return {
        "id": uuid7(),
        "user_id": who.user_id,
        "session_id": who.session_id,
        "endpoint": wanted.endpoint,
        "endpoint_hash": hashlib.sha256(wanted.endpoint.encode()).digest(),
        "p256dh": keys.p256dh,
        "auth": keys.auth,
        "created_at": tx.now,
    }


def _device(row: Row, name: str, who: Principal) -> PushDevice:
    return PushDevice(
        session_id=row.session_id,
        device=name,
        service=destinations.parse(row.endpoint, loopback=True).host,
        current=row.session_id == who.session_id,
        since=rfc3339(row.created_at),
        last_sent_at=UNSET if row.sent_at is None else rfc3339(row.sent_at),
        problem=UNSET if row.problem is None else row.problem,
    )
