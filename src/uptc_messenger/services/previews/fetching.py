"""Fetching what a stranger linked to: from a checked address, for so long, so much, no more.

A host is resolved once for each hop, all of its addresses are judged, and the connection goes
to one that was judged: what the name means a moment later does not matter. Nothing is sent
but the request: no cookie, no name, no proxy of the environment. What is compressed is
refused, for it may be anything once it is unpacked.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address
from typing import Final, Literal

import httpx

from uptc_messenger.models.base import Record
from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.previews.targets import Refused, Target, parse
from uptc_messenger.toolkit.networks import Address, Lookup, Unreachable, is_public

USER_AGENT: Final = "Mozilla/5.0 (compatible; UPTC-Messenger; link preview)"
MAX_HOPS: Final = 4
_OK: Final = 200
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_ADDRESSES: Final = 2
_ENDS: Final = (b"</head", b"<body")
_ACCEPTED: Final = {
    "page": "text/html,application/xhtml+xml;q=0.9",
    "image": "image/webp,image/png,image/jpeg,image/*;q=0.8",
}
Kind = Literal["page", "image"]


class Fetched(Record, frozen=True):
    """An answer; `body` is the beginning of a page, or the whole of an image."""

    target: Target
    type: str
    body: bytes


@dataclass(frozen=True)
class Surroundings:
    """What tests put in the place of the network around us."""

    lookup: Lookup
    allowed: Callable[[Address], bool] = is_public
    make_context: Callable[[], ssl.SSLContext] = ssl.create_default_context


class Fetcher:
    """Fetches pages and images; whatever goes wrong is `Refused`."""

    def __init__(self, config: PreviewsConfig, surroundings: Surroundings) -> None:
        self._config = config
        self._around = surroundings

    @cached_property
    def _context(self) -> ssl.SSLContext:
        return self._around.make_context()

    async def fetch(self, url: str, kind: Kind) -> Fetched:
        """Follow a link to its end, within the time of all of it."""
        try:
            async with asyncio.timeout(self._config.timeout_s):
                return await self._follow(url, kind)
        except TimeoutError as error:
            raise Refused("no answer in time") from error
        except Unreachable as error:
            raise Refused(str(error)) from error
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise Refused(type(error).__name__) from error

    async def _follow(self, url: str, kind: Kind) -> Fetched:
        ports = None if self._config.loopback else self._config.ports
        for _ in range(MAX_HOPS + 1):
            target = parse(url, ports)
            found = await self._ask(target, kind)
            if isinstance(found, Fetched):
                return found
            url = found
        raise Refused("too many redirects")

    async def _ask(self, target: Target, kind: Kind) -> Fetched | str:
        """The answer, or where it sends us."""
        addresses = await self._addresses(target)
        for address in addresses[:-1]:
            try:
                return await self._ask_at(target, address, kind)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._ask_at(target, addresses[-1], kind)

    async def _addresses(self, target: Target) -> Sequence[Address]:
        try:
            found: Sequence[Address] = [ip_address(target.host)]
        except ValueError:
            found = await self._around.lookup(target.host, target.port)
        if not found or not all(map(self._around.allowed, found)):
            raise Unreachable("not on the public internet")
        return found[:_ADDRESSES]

    async def _ask_at(self, target: Target, address: Address, kind: Kind) -> Fetched | str:
        shown = f"[{address}]" if address.version == 6 else str(address)  # noqa: PLR2004
        # A client for each connection: nothing of one host is ever used for another.
        async with httpx.AsyncClient(
            verify=self._context, timeout=self._config.timeout_s, trust_env=False
        ) as client:
            request = client.build_request(
                "GET",
                f"{target.scheme}://{shown}:{target.port}{target.path}",
                headers=_headers(target, kind),
                extensions={"sni_hostname": target.host},
            )
            answer = await client.send(request, stream=True, follow_redirects=False)
            try:
                return await self._read(target, answer, kind)
            finally:
                await answer.aclose()

    async def _read(self, target: Target, answer: httpx.Response, kind: Kind) -> Fetched | str:
        if answer.status_code in _MOVED:
            return target.join(answer.headers.get("location", ""))
        if answer.status_code != _OK:
            raise Refused(f"status {answer.status_code}")
        if answer.headers.get("content-encoding", "identity").strip().lower() != "identity":
            raise Refused("compressed")
        body = await self._body(answer, kind)
        return Fetched(target=target, type=answer.headers.get("content-type", ""), body=body)

    async def _body(self, answer: httpx.Response, kind: Kind) -> bytes:
        most, read = self._config.max_bytes, bytearray()
        async for piece in answer.aiter_raw():
            searched = max(len(read) - len(_ENDS[0]), 0)
            read += piece
            if kind == "page" and any(read.find(end, searched) >= 0 for end in _ENDS):
                break
            if len(read) > most:
                if kind == "image":
                    raise Refused("too large")
                break
        return bytes(read[:most])


def _headers(target: Target, kind: Kind) -> dict[str, str]:
    return {
        "host": target.netloc,
        "user-agent": USER_AGENT,
        "accept": _ACCEPTED[kind],
        "accept-language": "es,en;q=0.8",
        "accept-encoding": "identity",
        "connection": "close",
    }
