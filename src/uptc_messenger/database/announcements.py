"""From the writer to everyone who wants to know what was committed."""

from collections.abc import Callable, Sequence

from uptc_messenger.models.events import Publication

Listener = Callable[[Sequence[Publication]], None]


class Announcements:
    """Hands what a commit announces to whoever listens, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def add(self, *listeners: Listener) -> None:
        """From now on tell these too, in this order."""
        self._listeners += listeners

    def publish(self, publications: Sequence[Publication]) -> None:
        """Called by the writer after each commit."""
        for listener in self._listeners:
            listener(publications)
