"""What waits while a node that slept finds out who may still do and hear what."""

from collections.abc import Callable

from uptc_messenger.services.websocket.vigil import Vigil


class Doze:
    """Lets things pass while the node is awake, and keeps them while it is not.

    It keeps one thing for each socket that writes and one for each that reads, no more:
    whoever puts something in stops reading until it is called back.
    """

    def __init__(self, vigil: Vigil) -> None:
        self._vigil = vigil
        self._waiting: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._waiting)

    @property
    def awake(self) -> bool:
        """Whether things may pass, as far as was noticed."""
        return self._vigil.awake

    def notice(self, now: float) -> bool:
        """Whether things may pass now."""
        return self._vigil.notice(now)

    def put(self, later: Callable[[], None]) -> None:
        """Call this when the node is awake again."""
        self._waiting.append(later)

    def wake(self) -> None:
        """It is certain again: go on where everybody stopped."""
        waiting, self._waiting = self._waiting, []
        for later in waiting:
            later()
