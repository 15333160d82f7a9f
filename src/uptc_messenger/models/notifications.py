"""What a person wants to be told of, on which devices, and how it is going."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, UnsetType

from uptc_messenger.models.base import Millis, Record, SessionId, Timestamp

DefaultLevel = Literal["all", "mentions", "none"]
MailMode = Literal["off", "missed", "daily", "weekly"]
AddressState = Literal["none", "unconfirmed", "confirmed", "refused"]
Channel = Literal["push", "mail"]

Keyword = Annotated[str, Meta(min_length=1, max_length=60)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]\Z", max_length=5)]
Zone = Annotated[str, Meta(max_length=64, pattern=r"^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*\Z")]
Address = Annotated[str, Meta(min_length=3, max_length=254)]


class QuietHours(Record, frozen=True):
    """Every day from `start` to `end` in the person's time zone; over midnight where it is less."""

    start: TimeOfDay
    end: TimeOfDay


class Wishes(Record, frozen=True):
    """Body of `PUT /notifications/settings`: the whole of them, as they shall be.

    `level` is for the chats that have none of their own; `preview` says whether a
    notification shows what was written.
    """

    level: DefaultLevel
    keywords: Annotated[list[Keyword], Meta(max_length=50)]
    quiet: QuietHours | None
    time_zone: Zone
    preview: bool
    mail: MailMode
    snoozed_until: Annotated[datetime, Meta(tz=True)] | None = None


class NotificationSettings(Record, frozen=True):
    """How I want to be told, on all my devices; `address` is mine and is shown to nobody else."""

    level: DefaultLevel
    keywords: list[str]
    quiet: QuietHours | None
    time_zone: str
    preview: bool
    mail: MailMode
    address: str | None
    address_state: AddressState
    snoozed_until: Timestamp | UnsetType = UNSET


class MailAddress(Record, frozen=True):
    """Body of `PUT /notifications/address`; null takes it away."""

    address: Address | None


class PushSubscription(Record, frozen=True):
    """Body of `PUT /notifications/push`: what the browser was given by its push service."""

    endpoint: Annotated[str, Meta(min_length=12, max_length=1024)]
    p256dh: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{87}=?\Z")]
    auth: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{22}={0,2}\Z")]


class PushDevice(Record, frozen=True):
    """A device that gets push messages; `problem` is why the last one did not arrive."""

    session_id: SessionId
    device: str
    service: str
    current: bool
    since: Timestamp
    last_sent_at: Timestamp | UnsetType = UNSET
    problem: str | UnsetType = UNSET


class PushDevices(Record, frozen=True):
    devices: list[PushDevice]
    next_cursor: str | None = None


class PushKey(Record, frozen=True):
    """`key` is for `applicationServerKey`; `device` is this session's, if it is subscribed."""

    push: Literal["on", "off"]
    key: str
    device: PushDevice | None


class WorkerHealth(Record, frozen=True):
    """How far behind the worker is that tells people, as the database shows it."""

    waiting: int
    lag_ms: Millis


class NotificationHealth(Record, frozen=True):
    """Each hop on the way to me; the first that is not well is the one to mend."""

    public_key: str
    push: Literal["on", "off"]
    device: PushDevice | None
    worker: WorkerHealth
    mail: Literal["on", "off"]
    address_state: AddressState
    quiet: bool
    mail_problem: str | UnsetType = UNSET


class Trial(Record, frozen=True):
    """Body of `POST /notifications/test`: which way to try."""

    channel: Channel


Hop = Literal["none", "off", "subscription", "endpoint", "gone", "service", "address", "smtp"]


class Tried(Record, frozen=True):
    """What became of a test: `hop` is where it stopped, `none` where it was taken."""

    hop: Hop
    detail: str
