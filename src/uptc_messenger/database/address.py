"""Where a database is: one URL, which may name several servers of one PostgreSQL."""

import re
from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError

ENGINES: Final = ("sqlite", "postgresql")
_SEVERAL: Final = re.compile(r"^(postgresql://(?:[^@/?]*@)?)([^/?@]*,[^/?@]*)(.*)$")
_PORT: Final = 5432
Host = tuple[str, int]
"""A name, an address or the folder of a Unix socket, and a port."""


def parse_url(text: str) -> sa.URL:
    """Read `sqlite:///FILE` or `postgresql://user:password@host:port,host:port/name`.

    Several hosts become the query parameter `host`, as SQLAlchemy writes them. Raises
    `ValueError` with a sentence that names no password.
    """
    if (several := _SEVERAL.match(text)) is not None:
        text = f"{several[1]}{several[3]}"
    try:
        url = sa.make_url(text)
    except (ArgumentError, ValueError):
        raise ValueError(
            "this is not the address of a database, such as sqlite:///data/uptc.db or "
            "postgresql://user:password@host:5432/name"
        ) from None
    if url.get_backend_name() not in ENGINES:
        raise ValueError(f"{url.drivername} is none of the engines {', '.join(ENGINES)}")
    if several is not None:
        named = [_host(host, _PORT) for host in several[2].split(",")]
        url = url.update_query_dict({"host": [_written(*host) for host in named]})
    if url.get_backend_name() == "postgresql":
        hosts(url)
    return url


def _written(name: str, port: int) -> str:
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def hosts(url: sa.URL) -> Sequence[Host]:
    """The servers of a PostgreSQL, in the order in which they are tried."""
    named = url.query.get("host", ())
    listed = [named] if isinstance(named, str) else list(named)
    if not listed:
        return [(url.host or "localhost", url.port or _PORT)]
    return [_host(text, url.port or _PORT) for text in listed]


def _host(text: str, port: int) -> Host:
    if text.startswith("/"):  # a folder; its port is part of the socket's name
        folder, _, number = text.partition(":")
        return folder, _number(number, port)
    if text.startswith("["):
        name, _, number = text[1:].partition("]")
        return name, _number(number.removeprefix(":"), port)
    name, _, number = text.partition(":")
    return name, _number(number, port)


def _number(text: str, default: int) -> int:
    if not text:
        return default
    if not text.isdigit() or not 0 < int(text) < 65536:  # noqa: PLR2004 - ports are 16 bits
        raise ValueError(f"{text} is not a port")
    return int(text)


def shown(url: sa.URL) -> str:
    """The address for a person to read, with stars for the password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    who = f"{url.username}{':***' if url.password else ''}@" if url.username else ""
    listed = hosts(url)
    if any(name.startswith("/") for name, _ in listed):
        places = "&".join(f"host={_socket(*host)}" for host in listed)
        return f"postgresql://{who}/{url.database or ''}?{places}"
    place = ",".join(_written(*host) for host in listed)
    return f"postgresql://{who}{place}/{url.database or ''}"


def _socket(name: str, port: int) -> str:
    return name if name.startswith("/") and port == _PORT else _written(name, port)
