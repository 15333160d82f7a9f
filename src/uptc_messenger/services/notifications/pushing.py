"""Requests to push services (RFC 8030): to a checked address, once, and not a byte too many."""

import asyncio
import hashlib
import ssl
from collections import Counter, OrderedDict
from email.utils import parsedate_to_datetime
from typing import Final, Literal

import httpx

from uptc_messenger.models.base import Millis, Record
from uptc_messenger.services.notifications.destinations import Destination
from uptc_messenger.services.notifications.outcomes import SENT, Outcome
from uptc_messenger.services.notifications.sealing import Keys, seal
from uptc_messenger.services.notifications.vapid import Vapid, encoded
from uptc_messenger.toolkit.clock import Clock
from uptc_messenger.toolkit.networks import Remembering, Resolver, Unreachable, resolve

TIMEOUT_S: Final = 10.0
MAX_ANSWER: Final = 4_096
MAX_WAIT_MS: Final = 6 * 3_600_000
_MOST_HOSTS: Final = 16
_MOST_CONNECTIONS: Final = 8
_THREADS: Final = 4
_GONE: Final = frozenset({404, 410})
_TAKEN: Final = frozenset({200, 201, 202, 204})
_TOO_MANY: Final = 429
_FAILS: Final = 500
Urgency = Literal["very-low", "low", "normal", "high"]


class Parcel(Record, frozen=True):
    """What to send, to whom; it replaces one with the same `topic` that still waits there."""

    to: Destination
    keys: Keys
    payload: bytes
    topic: str
    ttl_s: int
    urgency: Urgency = "normal"


class Pusher:
    """Sends parcels; with `loopback` also to this machine, which only tests want."""

    def __init__(self, vapid: Vapid, clock: Clock, *, loopback: bool = False) -> None:
        self._vapid = vapid
        self._clock = clock
        self._loopback = loopback
        self._lookup = Remembering(Resolver(_THREADS))
        self._clients: OrderedDict[tuple[str, str], httpx.AsyncClient] = OrderedDict()
        self._using = Counter[tuple[str, str]]()
        self._context: ssl.SSLContext | None = None

    async def push(self, parcel: Parcel) -> Outcome:
        """Send one; whatever happens on the way is an outcome."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                return await self._push(parcel)
        except Unreachable as error:
            verdict = "later" if error.temporary else "refused"
            return Outcome(verdict=verdict, detail=str(error))
        except TimeoutError:
            return Outcome(verdict="later", detail="no answer in time")
        except Exception as error:  # noqa: BLE001 - anybody may have written what answers there
            return Outcome(verdict="later", detail=type(error).__name__)

    async def close(self) -> None:
        """Let the connections go."""
        for client in self._clients.values():
            await client.aclose()
        self._clients.clear()

    async def _push(self, parcel: Parcel) -> Outcome:
        to = parcel.to
        address = await resolve(to.host, to.port, self._lookup, loopback=self._loopback)
        key = (to.host, address)
        self._using[key] += 1
        try:
            return await self._send(self._client(key), address, parcel)
        finally:
            self._using -= Counter([key])
            await self._tidy()

    async def _send(self, client: httpx.AsyncClient, address: str, parcel: Parcel) -> Outcome:
        to = parcel.to
        shown = f"[{address}]" if ":" in address else address
        request = client.build_request(
            "POST",
            f"{to.scheme}://{shown}:{to.port}{to.path}",
            headers=self._headers(parcel),
            content=seal(parcel.payload, parcel.keys),
            extensions={"sni_hostname": to.host},
        )
        answer = await client.send(request, stream=True)
        try:
            return _outcome(answer, await _beginning(answer), self._clock())
        finally:
            await answer.aclose()

    def _headers(self, parcel: Parcel) -> dict[str, str]:
        return {
            "host": parcel.to.netloc,
            "authorization": self._vapid.authorization(parcel.to.origin, self._clock()),
            "content-encoding": "aes128gcm",
            "content-type": "application/octet-stream",
            "ttl": str(parcel.ttl_s),
            "urgency": parcel.urgency,
            "topic": parcel.topic,
        }

    def _client(self, key: tuple[str, str]) -> httpx.AsyncClient:
        # One for each host: a connection that was verified for one is never used for another.
        if key not in self._clients:
            if self._context is None:
                self._context = ssl.create_default_context()
            limits = httpx.Limits(max_connections=_MOST_CONNECTIONS)
            self._clients[key] = httpx.AsyncClient(
                verify=self._context,
                limits=limits,
                timeout=TIMEOUT_S,
                trust_env=False,
                follow_redirects=False,
            )
        self._clients.move_to_end(key)
        return self._clients[key]

    async def _tidy(self) -> None:
        """Let go of services that were not used for longest and are not being used."""
        idle = [key for key in self._clients if not self._using[key]]
        for key in idle[: max(len(self._clients) - _MOST_HOSTS, 0)]:
            await self._clients.pop(key).aclose()


def topic_of(chat_id: str, device_id: str) -> str:
    """A topic of 32 characters (RFC 8030, section 5.4) that tells nothing about the chat."""
    return encoded(hashlib.sha256(f"{device_id} {chat_id}".encode()).digest()[:24])


async def _beginning(answer: httpx.Response) -> str:
    read = b""
    async for part in answer.aiter_raw():
        read += part
        if len(read) >= MAX_ANSWER:
            break
    return " ".join(read[:160].decode("utf-8", "replace").split())


def _outcome(answer: httpx.Response, said: str, now: Millis) -> Outcome:
    status = answer.status_code
    detail = f"{status} {said}".strip()
    if status in _TAKEN:
        return SENT
    if status in _GONE:
        return Outcome(verdict="gone", detail=detail)
    if status == _TOO_MANY or status >= _FAILS:
        after = _after(answer.headers.get("retry-after", ""), now)
        return Outcome(verdict="later", detail=detail, after_ms=after)
    return Outcome(verdict="refused", detail=detail)


def _after(header: str, now: Millis) -> Millis:
    """`Retry-After` in either form, in milliseconds and within reason."""
    said = header.strip()
    # Of what Python calls digits ("²" is one) only these are numbers.
    if said.isascii() and said.isdecimal():
        wait = int(said[:9]) * 1000
    else:
        try:
            wait = round(parsedate_to_datetime(header).timestamp() * 1000) - now
        except (ValueError, TypeError, OverflowError):
            wait = 0
    return min(max(wait, 0), MAX_WAIT_MS)
