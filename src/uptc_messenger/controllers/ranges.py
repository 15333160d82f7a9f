"""Asking for a part of something, or only for what is new (RFC 9110, sections 13 and 14)."""

import re
from collections.abc import Mapping
from typing import Final

from uptc_messenger.models.base import Record

# A header of any length is read in one pass: no list of ranges is ever taken apart.
_RANGE: Final = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})\Z")
_MOST: Final = 64


class Span(Record, frozen=True):
    """The bytes [start, end) of something."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """There are no such bytes."""


def wanted(headers: Mapping[str, str], size: int, etag: str) -> Span | None:
    """The one range that is asked for; None for the whole; raises `Unsatisfiable`.

    Several ranges, another unit and what is no range at all are answered with the whole, as
    is a range of something that has changed since.
    """
    asked = headers.get("range", "")
    if not asked or headers.get("if-range", etag) != etag or len(asked) > _MOST:
        return None
    found = _RANGE.match(asked.replace(" ", ""))
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        start, end = max(size - int(found[2]), 0), size
    else:
        start, end = int(found[1]), min(int(found[2] or size) + 1, size)
        if found[2] and int(found[2]) < start:
            return None
    if start >= end:
        raise Unsatisfiable
    return Span(start=start, end=end)


def is_known(headers: Mapping[str, str], etag: str) -> bool:
    """Whether whoever asks has it already."""
    known = headers.get("if-none-match", "")
    return known.strip() == "*" or etag in known[:1_000].replace("W/", "")
