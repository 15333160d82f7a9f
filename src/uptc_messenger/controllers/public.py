"""The web client and other static files, from memory."""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
from litestar.types import Receive, Scope, Send

from uptc_messenger.controllers import problems
from uptc_messenger.models.errors import BadRequest, NotFound

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
_COMPRESSED: Final = frozenset({".png", ".webp", ".woff2", ".ico", ".gz"})
_WORTH_GZIP: Final = 1024
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_REVALIDATE: Final = "no-cache"
_INDEX: Final = "/index.html"
_NOT_MODIFIED: Final = 304
_OK: Final = 200
_NOT_BUILT: Final = """<!doctype html>
<html lang="es"><head><meta charset="utf-8"><title>UPTC Messenger</title></head>
<body><h1>UPTC Messenger</h1>
<p>El cliente web no está construido en este servidor. Ejecute <code>make web</code> y vuelva a
iniciarlo.</p>
<p lang="en">The web client has not been built on this server. Run <code>make web</code> and start
it again.</p></body></html>
"""


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is sent."""

    content: bytes
    packed: bytes | None
    media_type: str
    etag: str
    cache_control: str


class Public:
    """Answers everything that is not the API: a file, the client's page, or 404.

    Files are read once, at the start; a path is looked up and never joined to a folder, so
    there is no way out of it.
    """

    def __init__(self, folder: Path) -> None:
        self._assets = dict(_read(folder, _REVALIDATE)) | dict(_read_client(folder / "app"))
        self._not_built = make_asset(_NOT_BUILT.encode(), ".html", "no-store")

    @property
    def built(self) -> bool:
        """Whether the client is there."""
        return _INDEX in self._assets

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        request: Any = scope
        headers: dict[bytes, bytes] = dict(request["headers"])
        if request["method"] not in {"GET", "HEAD"}:
            await send_problem(send, BadRequest("Only GET is possible here."), "GET, HEAD")
            return
        asset = self._find(request["path"], headers)
        if asset is None:
            await send_problem(send, NotFound("There is nothing at this address."))
            return
        status = _OK if asset is not self._not_built else problems.STATUS["unavailable"]
        await send_asset(send, asset, status, headers)

    def _find(self, path: str, headers: Mapping[bytes, bytes]) -> Asset | None:
        if (asset := self._assets.get(path)) is not None:
            return asset
        if not is_navigation(path, headers):
            return None
        return self._assets.get(_INDEX, self._not_built)


def make_asset(content: bytes, suffix: str, cache_control: str) -> Asset:
    """A file ready to send, packed once where that saves something."""
    packed = None
    if suffix not in _COMPRESSED and len(content) > _WORTH_GZIP:
        smaller = gzip.compress(content, 9, mtime=0)
        packed = smaller if len(smaller) < len(content) else None
    return Asset(
        content=content,
        packed=packed,
        media_type=_TYPES.get(suffix)
        or mimetypes.types_map.get(suffix, "application/octet-stream"),
        etag=f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        cache_control=cache_control,
    )


def _read(folder: Path, cache_control: str) -> Iterator[tuple[str, Asset]]:
    for path in _files(folder, skip="app"):
        asset = make_asset(path.read_bytes(), path.suffix, cache_control)
        yield "/" + path.relative_to(folder).as_posix(), asset


def _read_client(folder: Path) -> Iterator[tuple[str, Asset]]:
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        # Names below assets/ carry a hash of their content: they never change.
        lasting = _FOR_EVER if name.startswith("assets/") else _REVALIDATE
        yield "/" + name, make_asset(path.read_bytes(), path.suffix, lasting)


def _files(folder: Path, skip: str = "") -> Iterable[Path]:
    """Every file below, except below hidden folders, hidden files and `skip`."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        parts = path.relative_to(folder).parts
        if path.is_file() and parts[0] != skip and not any(p.startswith(".") for p in parts):
            yield path


def is_navigation(path: str, headers: Mapping[bytes, bytes]) -> bool:
    """A page that the client shows by itself: it is asked for as a page and is no file's name.

    The first page is a page for everybody, also for a program that does not say what it wants.
    """
    if path == "/":
        return True
    wants_page = b"text/html" in headers.get(b"accept", b"")
    return wants_page and "." not in path.rpartition("/")[2] and not path.startswith("/api/")


async def send_asset(
    send: Send, asset: Asset, status: int, headers: Mapping[bytes, bytes], csp: str | None = None
) -> None:
    """Answer with a file, packed where the request allows it; `csp` for a policy of its own."""
    packed = asset.packed if b"gzip" in headers.get(b"accept-encoding", b"") else None
    fresh = asset.etag.encode() in headers.get(b"if-none-match", b"")
    content = packed or asset.content
    fields = [
        (b"content-type", asset.media_type.encode()),
        (b"cache-control", asset.cache_control.encode()),
        (b"etag", asset.etag.encode()),
    ]
    if csp is not None:
        fields.append((b"content-security-policy", csp.encode()))
    if asset.packed is not None:
        fields.append((b"vary", b"accept-encoding"))
    if packed is not None:
        fields.append((b"content-encoding", b"gzip"))
    if fresh:
        status, content = _NOT_MODIFIED, b""
    else:
        fields.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": content, "more_body": False})


async def send_problem(
    send: Send, problem: BadRequest | NotFound, allow: str | None = None
) -> None:
    """Refuse outside the framework; with `allow` the method is what is refused."""
    status = None if allow is None else problems.METHOD_NOT_ALLOWED
    document = problems.details(problem, status)
    content = msgspec.json.encode(document)
    fields = [
        (b"content-type", problems.MEDIA_TYPE.encode()),
        (b"content-length", str(len(content)).encode()),
    ]
    if allow is not None:
        fields.append((b"allow", allow.encode()))
    await send({"type": "http.response.start", "status": document.status, "headers": fields})
    await send({"type": "http.response.body", "body": content, "more_body": False})
