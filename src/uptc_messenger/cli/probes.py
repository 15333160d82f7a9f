"""The questions of `uptc-messenger doctor`: each answers ok, warn or fail, with the remedy."""

import asyncio
import base64
import secrets
import shutil
import ssl
import time
from collections.abc import Awaitable, Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

import msgspec

from uptc_messenger.cli.findings import Finding
from uptc_messenger.cli.output import size
from uptc_messenger.cli.remote import base_of, over_socket
from uptc_messenger.cli.storehouse import files
from uptc_messenger.controllers import admin
from uptc_messenger.database.health import Health, examine_health
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.models.admin import GetStatus, Status
from uptc_messenger.models.errors import Problem, Unavailable
from uptc_messenger.services.websocket.broker import BusError
from uptc_messenger.services.websocket.broker_nats import NatsBroker
from uptc_messenger.services.websocket.config import BusConfig
from uptc_messenger.settings import Settings

_PATIENCE_S: Final = 5.0
_OFF_WARN_S: Final = 2.0
_OFF_FAIL_S: Final = 60.0
_LITTLE: Final = 1 << 30
_TOO_LITTLE: Final = 1 << 27
_DAYS: Final = 14
_DAY_S: Final = 86_400
_LOCAL: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_UPGRADE: Final = (
    "GET /api/v1/ws HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nUpgrade: websocket\r\n"
    "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n"
    "Sec-WebSocket-Protocol: uptc.v1.json\r\n\r\n"
)
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


Probe = Callable[[Settings], Awaitable[list[Finding]]]


async def server(settings: Settings) -> list[Finding]:
    """Whether the server that runs on this folder is the one that these options describe."""
    socket = Path(settings.server.data) / admin.NAME
    try:
        answer = await asyncio.to_thread(over_socket, socket, settings.database.url, GetStatus())
    except OSError:
        return []  # none runs, or one that another user may ask
    where = _links_to(answer) if isinstance(answer, Status) else None
    if where is not None and where == _expected(settings):
        return [Finding(name="server", verdict="ok", told=f"A server runs here, at {where}.")]
    told = (
        f"A server runs here{f', at {where}' if where else ''}, with options other than these: "
        "run doctor with the same ones, or what follows is not about that server."
    )
    return [Finding(name="server", verdict="warn", told=told)]


def _links_to(status: Status) -> str | None:
    found = status.sections.get("server", {}).get("links_to")
    return found if isinstance(found, str) else None


def _expected(settings: Settings) -> str | None:
    try:
        return base_of(settings)
    except Problem:
        return None


async def database(settings: Settings) -> list[Finding]:
    """Whether it answers, has the schema of this program, and the same time."""
    try:
        found = await examine_health(settings.database)
    except (SchemaError, Unavailable) as error:
        return [Finding(name="database", verdict="fail", told=str(error))]
    told = f"{found.engine} {found.version} answers."
    return [Finding(name="database", verdict="ok", told=told), _schema(found), *_clock(found)]


def _schema(found: Health) -> Finding:
    if found.revision == found.wanted:
        return Finding(name="migrations", verdict="ok", told=f"The schema is {found.wanted}.")
    if found.revision is None:
        told = "The database is empty; the first `uptc-messenger serve` fills it."
        return Finding(name="migrations", verdict="warn", told=told)
    told = (
        f"The schema is {found.revision} and this program wants {found.wanted}: run "
        "`uptc-messenger upgrade`, or install the version that the database was used with."
    )
    return Finding(name="migrations", verdict="fail", told=told)


def _clock(found: Health) -> list[Finding]:
    return [] if found.clock_s is None else [off("clock", found.clock_s, "the database's")]


def off(name: str, seconds: float, whose: str) -> Finding:
    """What a difference between clocks means."""
    apart = abs(seconds)
    if apart < _OFF_WARN_S:
        told = f"This machine's clock and {whose} agree."
        return Finding(name=name, verdict="ok", told=told)
    told = (
        f"This machine's clock is {apart:.0f} s {'behind' if seconds > 0 else 'ahead of'} {whose}: "
        "let NTP set both (timedatectl set-ntp true)."
    )
    return Finding(name=name, verdict="fail" if apart > _OFF_FAIL_S else "warn", told=told)


async def bus(settings: Settings) -> list[Finding]:
    """Whether every server of the bus greets, and lets this node in."""
    if settings.bus.alone:
        several = settings.database.url.startswith("postgresql")
        told = "This node is by itself; a second one on this database needs --bus nats://…."
        return [Finding(name="bus", verdict="warn" if several else "ok", told=told)]
    return [await _lets_in(settings.bus, server) for server in settings.bus.servers]


async def _lets_in(config: BusConfig, server: str) -> Finding:
    greeted = await _greets(urlsplit(server))
    if greeted.verdict == "fail":
        return greeted
    broker = NatsBroker(msgspec.structs.replace(config, url=server), _Deaf())
    try:
        await broker.open()
    except BusError as error:
        told = f"{error} Mend the address, `bus_credentials`, `bus_nkey` or `bus_ca`."
        return Finding(name="bus", verdict="fail", told=told)
    finally:
        await broker.close()
    return greeted


class _Deaf:
    """Listens to nothing: only the door is tried."""

    def heard(self, subject: str, payload: bytes) -> None:
        pass

    def linked(self, *, up: bool) -> None:
        pass


async def _greets(server: SplitResult) -> Finding:
    place = f"{server.hostname}:{server.port or 4222}"
    try:
        async with asyncio.timeout(_PATIENCE_S):
            reader, writer = await asyncio.open_connection(server.hostname, server.port or 4222)
            greeting = await reader.readline()
            writer.close()
    except (OSError, TimeoutError) as error:
        told = f"No bus answers at {place} ({reason(error)}): start nats-server, or mend `bus`."
        return Finding(name="bus", verdict="fail", told=told)
    if not greeting.startswith(b"INFO "):
        told = f"What answers at {place} is not NATS: mend `bus`."
        return Finding(name="bus", verdict="fail", told=told)
    return Finding(name="bus", verdict="ok", told=f"NATS answers at {place} and lets this node in.")


async def disk(settings: Settings) -> list[Finding]:
    """Whether there is room where the data is."""
    folder = _existing(settings.server.data)
    free = shutil.disk_usage(folder).free
    told = f"{size(free)} are free at {folder}."
    if free > _LITTLE:
        return [Finding(name="disk", verdict="ok", told=told)]
    told += " Make room: without any, messages are refused until there is some."
    return [Finding(name="disk", verdict="fail" if free < _TOO_LITTLE else "warn", told=told)]


def _existing(folder: str) -> Path:
    whole = Path(folder).absolute()
    return next(path for path in (whole, *whole.parents) if path.exists())


async def public(settings: Settings) -> list[Finding]:
    """Whether the address that people type leads here, with TLS and WebSockets."""
    url = settings.server.public_url
    if not url:
        local = settings.server.host in _LOCAL
        told = (
            "Only this machine is served, over HTTP."
            if local
            else "Other machines are served without `public_url`: set it to the https address "
            "that people type, so that links, cookies and origins are right."
        )
        return [Finding(name="origin", verdict="ok" if local else "warn", told=told)]
    where = urlsplit(url)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await _walk_in(where)
    except ssl.SSLCertVerificationError as error:
        why = error.verify_message.rstrip(".")
        told = (
            f"The certificate of {where.netloc} is refused ({why}): browsers do the same. Renew "
            "it, with this name in it, from an authority that they know."
        )
        return [Finding(name="tls", verdict="fail", told=told)]
    except (OSError, TimeoutError) as error:
        told = f"{url} cannot be reached from here ({reason(error)}): look at DNS, the proxy, TLS."
        return [Finding(name="public address", verdict="fail", told=told)]


async def _walk_in(where: SplitResult) -> list[Finding]:
    secure = where.scheme == "https"
    port = where.port or (443 if secure else 80)
    context = ssl.create_default_context() if secure else None
    stream = await asyncio.open_connection(where.hostname, port, ssl=context)
    try:
        findings = [_certificate(stream[1])] if secure else [_plain(where)]
        return [*findings, *await _upgrade(stream, where)]
    finally:
        stream[1].close()


def _plain(where: SplitResult) -> Finding:
    if where.hostname in _LOCAL:
        return Finding(name="tls", verdict="ok", told="This machine needs no TLS to itself.")
    told = "Passwords cross the network in the clear: put a proxy with TLS in front (deploy/)."
    return Finding(name="tls", verdict="fail", told=told)


def _certificate(writer: asyncio.StreamWriter) -> Finding:
    ends = ssl.cert_time_to_seconds(str(writer.get_extra_info("peercert")["notAfter"]))
    days = int((ends - time.time()) / _DAY_S)
    told = f"The certificate is good for {days} days."
    if days >= _DAYS:
        return Finding(name="tls", verdict="ok", told=told)
    return Finding(name="tls", verdict="warn", told=f"{told} See why it is not renewed.")


async def _upgrade(stream: Stream, where: SplitResult) -> list[Finding]:
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    origin = f"{where.scheme}://{where.netloc}"
    stream[1].write(_UPGRADE.format(host=where.netloc, origin=origin, key=key).encode())
    head = (await stream[0].readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in head[1:])}
    findings = [_websocket(head[0])]
    if "date" in headers:
        theirs = parsedate_to_datetime(headers["date"]).timestamp()
        findings.append(off("http clock", theirs - time.time(), "the public address's"))
    return findings


def _websocket(status: str) -> Finding:
    code = status.partition(" ")[2][:3]
    if code == "101":
        told = "WebSockets pass through the public address."
        return Finding(name="websocket", verdict="ok", told=told)
    remedies = {
        "403": "set `public_url` to exactly this address, or add it to `origins`",
        "502": "start the server that the proxy forwards to",
        "503": "see `uptc-messenger status` on the nodes",
    }
    remedy = remedies.get(code, "let the proxy pass on Upgrade and Connection (deploy/)")
    told = f"A WebSocket through the public address is answered {code}: {remedy}."
    return Finding(name="websocket", verdict="fail", told=told)


def reason(error: Exception) -> str:
    """An error of the network in a few words."""
    if isinstance(error, TimeoutError):
        return "no answer in five seconds"
    return str(error) or type(error).__name__


PROBES: Final[tuple[Probe, ...]] = (server, database, bus, files, disk, public)
