"""The protocol of the HTTP server, which does not copy the bodies of requests."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class Bodies(HttpToolsProtocol):
    """Hands a piece of a body on as it came in, unless another comes before it is read.

    The library collects pieces in an array and copies that again for whoever reads it; but
    mostly a piece is read before the next one comes, and there is nothing to collect.
    """

    def on_body(self, body: bytes) -> None:
        """Told by the parser."""
        if self.parser is not None and not self.parser.should_upgrade():
            cycle: Any = self.cycle
            if isinstance(cycle.body, bytes):
                cycle.body = bytearray(cycle.body)
            elif not cycle.body and not cycle.response_complete:
                cycle.body, body = body, b""
        super().on_body(body)
