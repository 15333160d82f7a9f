"""What goes on over a socket of `/echo`; for conformance suites only."""

from uptc_messenger.controllers.websocket import Link
from uptc_messenger.models.errors import CloseCode


class Echo:
    """Sends back what comes, as it came; for conformance suites."""

    def __init__(self, link: Link) -> None:
        self._link = link

    def message(self, data: bytes, *, text: bool) -> None:
        self._link.send(data, text=text)

    def writable(self, *, yes: bool) -> None:
        self._link.read_on(yes=yes)

    def stop(self) -> None:
        self._link.close(CloseCode.GOAWAY, "The server is restarting.")

    def lost(self) -> None:
        pass
