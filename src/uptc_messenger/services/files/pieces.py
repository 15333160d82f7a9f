"""A body as it comes in: kept in its pieces, because to join them would copy all of it."""

from typing import Final

SMALL: Final = 4_096
"""Bytes below which a piece is a crumb: a million of them would weigh more than what they say."""

_LOAF: Final = 65_536


class Pieces:
    """The pieces of a body in their order; crumbs are put together."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._crumbs = bytearray()
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Told what came in next."""
        self.size += len(piece)
        if len(piece) < SMALL:
            self._crumbs += piece
            if len(self._crumbs) >= _LOAF:
                self._gather()
        else:
            self._gather()
            self._pieces.append(piece)

    def taken(self) -> list[bytes]:
        """All of it; nothing is kept here."""
        self._gather()
        pieces, self._pieces = self._pieces, []
        return pieces

    def _gather(self) -> None:
        if self._crumbs:
            self._pieces.append(bytes(self._crumbs))
            self._crumbs.clear()
