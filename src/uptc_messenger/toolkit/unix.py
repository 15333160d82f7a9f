"""Unix sockets that only the user of this process can reach, however long their path is."""

import os
import socket
import stat
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LONGEST: Final = 100
"""Bytes of a path that every system takes; Linux has room for 108, others for 104."""


class SocketError(Exception):
    """A socket that cannot be made; the sentence says why."""


def bind(path: Path) -> socket.socket:
    """A bound socket at `path`, mode 0600, that does not listen yet.

    A socket that is there already is replaced: the caller knows that nobody serves it. Nobody
    else can have connected before the mode is set, because nothing listens until later.
    """
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        _clear(path)
        with _short(path) as address:
            made.bind(address)
        path.chmod(0o600)
    except OSError as error:
        made.close()
        raise SocketError(f"The socket {path} cannot be made: {error.strerror}.") from error
    except SocketError:
        made.close()
        raise
    return made


def connect(path: Path, timeout_s: float | None) -> socket.socket:
    """A connection to whoever listens at `path`; raises `OSError` where nobody does."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    made.settimeout(timeout_s)
    try:
        with _short(path) as address:
            made.connect(address)
    except OSError:
        made.close()
        raise
    return made


def _clear(path: Path) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(found.st_mode):
        raise SocketError(f"{path} is in the way: it is not a socket. Move it elsewhere.")
    path.unlink()


@contextmanager
def _short(path: Path) -> Generator[str, None, None]:
    """The same place by a path that fits into the address of a socket."""
    if len(os.fsencode(path)) <= _LONGEST:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
