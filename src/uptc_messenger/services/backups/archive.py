"""The file of a backup: gzip of one line after the other, and a seal over all its bytes.

`zcat` shows it. The seal is a second member of the gzip file with the SHA-256 of everything
before it: a file that was cut, changed or appended to is known before anything is read.
"""

import hashlib
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

_MAGIC: Final = b"\x1f\x8b\x08"
_PART: Final = 1 << 18
_LEVEL: Final = 3
_GZIP: Final = 31
"""What zlib calls a stream in the form of gzip."""


class BackupError(Exception):
    """A backup that cannot be used or made; the sentence says why, nothing was changed."""


class Writer:
    """Compresses lines into a file that has nothing in it yet."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._deflate = zlib.compressobj(_LEVEL, wbits=_GZIP)
        self._hash = hashlib.sha256()
        self._lines: list[bytes] = []
        self._waiting = 0

    def write(self, line: bytes) -> None:
        """Append a line."""
        self._lines.append(line)
        self._waiting += len(line)
        if self._waiting > _PART:
            self._compress()

    def close(self) -> str:
        """Write what is left and the seal; returns the hash in it."""
        self._compress()
        self._put(self._deflate.flush())
        digest = self._hash.hexdigest()
        self._file.write(_seal(digest))
        return digest

    def _compress(self) -> None:
        if self._lines:
            self._put(self._deflate.compress(b"\n".join(self._lines) + b"\n"))
            self._lines.clear()
            self._waiting = 0

    def _put(self, data: bytes) -> None:
        self._hash.update(data)
        self._file.write(data)


def check_seal(path: Path) -> str:
    """The hash of a whole and unchanged file; raises `BackupError` for any other."""
    with _open(path) as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise BackupError(f"{path} is not a backup of UPTC Messenger.")
        size = file.seek(0, 2) - _SEAL_SIZE
        file.seek(0)
        digest = _hash(file, max(size, 0))
        seal = file.read()
    if len(seal) != _SEAL_SIZE or not seal.startswith(_SEAL_START):
        raise BackupError(
            f"The backup {path} has no end: it was cut off, or is no backup. Use another copy."
        )
    if seal != _seal(digest):
        raise BackupError(
            f"The backup {path} is damaged: it is not what was written. Use another copy."
        )
    return digest


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file whose seal is good, without their ends."""
    inflate, rest = zlib.decompressobj(_GZIP), b""
    with _open(path) as file:
        while not inflate.eof and (data := file.read(_PART)):
            try:
                *lines, rest = (rest + inflate.decompress(data)).split(b"\n")
            except zlib.error as error:
                raise BackupError(f"The backup {path} cannot be read: {error}.") from error
            yield from lines


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from error


def _hash(file: BinaryIO, size: int) -> str:
    hashed = hashlib.sha256()
    while size > 0 and (data := file.read(min(size, _PART))):
        hashed.update(data)
        size -= len(data)
    return hashed.hexdigest()


def _seal(digest: str) -> bytes:
    # Stored by hand: another zlib would perhaps write other bytes for the same text.
    text = f'{{"sha256":"{digest}"}}\n'.encode()
    sizes = struct.pack("<BHH", 1, len(text), len(text) ^ 0xFFFF)
    ending = struct.pack("<II", zlib.crc32(text), len(text))
    return _SEAL_START + sizes + text + ending


_SEAL_START: Final = _MAGIC + bytes((0, 0, 0, 0, 0, 0, 255))
_SEAL_SIZE: Final = len(_seal("0" * 64))
