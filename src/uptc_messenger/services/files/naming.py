"""Names of files: what is shown of what a client calls them, and what a header says of it.

No name is ever part of a path: files rest under random ones.
"""

import re
import unicodedata
from typing import Final
from urllib.parse import quote

from uptc_messenger.models.errors import BadRequest

MAX_BYTES: Final = 240
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_PATH: Final = re.compile(r"[/\\]")
_FORBIDDEN: Final = re.compile(r'[<>:"|?*]')
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9._ ()+-]+")
_MAX_ENDING: Final = 16


def clean(typed: str) -> str:
    """The name to show: the last part of a path, without what cannot be seen or turns text.

    At most 240 bytes, its ending kept; raises `BadRequest` where nothing is left.
    """
    last = _PATH.split(typed.strip())[-1]
    seen = "".join(c for c in last if unicodedata.category(c) not in _UNSEEN)
    shown = " ".join(_FORBIDDEN.sub("_", unicodedata.normalize("NFC", seen)).split()).rstrip(". ")
    shown = shown.lstrip(". ")
    if not shown.strip("._ "):
        raise BadRequest("name: a name of a file that can be read.")
    return _cut(shown)


def described(typed: str) -> str:
    """What a picture shows, on one line, without what cannot be seen or turns text."""
    plain = unicodedata.normalize("NFC", " ".join(typed.split()))
    return "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN)


def disposition(name: str, *, attached: bool) -> str:
    """A `Content-Disposition` (RFC 6266): a plain name for old programs, and the real one."""
    plain = _NOT_PLAIN.sub("_", unicodedata.normalize("NFKD", name)).strip() or "file"
    how = "attachment" if attached else "inline"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _cut(name: str) -> str:
    if len(name.encode()) <= MAX_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _MAX_ENDING:
        stem, dot, ending = name, "", ""
    room = MAX_BYTES - len((dot + ending).encode())
    return stem.encode()[:room].decode(errors="ignore").rstrip() + dot + ending
