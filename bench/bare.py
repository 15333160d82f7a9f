"""`python -m bench.bare FILE`: the HTTP server of ours with nothing behind it.

What it takes for the same bytes is the least that ours can take: it answers with a file that it
reads a piece at a time. It prints its port.
"""

import socket
import sys
from pathlib import Path
from typing import Any, Final

import uvicorn

_PIECE: Final = 1 << 20
_FILE: Final = Path(sys.argv[1] if len(sys.argv) > 1 else "/dev/null")


async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - ASGI
    """Give the file."""
    del scope, receive
    headers = [(b"content-length", str(_FILE.stat().st_size).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    with _FILE.open("rb") as file:  # noqa: ASYNC230 - the floor hops to no thread
        while piece := file.read(_PIECE):
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def main() -> None:
    """Serve until it is stopped."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=16)
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app, http="httptools", lifespan="off", log_config=None, access_log=False
    )
    uvicorn.Server(config).run([listener])


if __name__ == "__main__":
    main()
