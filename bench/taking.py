"""`python -m bench.taking FOLDER`: the work that nobody who takes files in can leave out.

Bytes come over a connection, are hashed, and are on the disk when each part is acknowledged:
one process, one buffer, no framework, no database, nothing of ours. It prints its port.
"""

import hashlib
import os
import socket
import sys
from pathlib import Path
from typing import Final

_PIECE: Final = 1 << 20
_HEAD: Final = 4_096
_DONE: Final = b"HTTP/1.1 204 No Content\r\n\r\n"


def take(line: socket.socket, folder: Path) -> None:
    """Take part after part until whoever sends them is gone."""
    buffer = memoryview(bytearray(_PIECE))
    hashed = hashlib.sha256()
    number = 0
    while (part := _begin(line)) is not None:
        size, body = part
        number += 1
        with (folder / f"bound-{number}").open("wb", buffering=0) as file:
            hashed.update(body)
            file.write(body)
            left = size - len(body)
            while left:
                count = line.recv_into(buffer[: min(left, _PIECE)])
                if not count:
                    return
                hashed.update(buffer[:count])
                file.write(buffer[:count])
                left -= count
            os.fsync(file.fileno())
        line.sendall(_DONE)
    for made in range(1, number + 1):
        (folder / f"bound-{made}").unlink()


def _begin(line: socket.socket) -> tuple[int, bytes] | None:
    """How long the next body is, and what of it came with its head; None at the end."""
    head = b""
    while b"\r\n\r\n" not in head:
        if not (more := line.recv(_HEAD)):
            return None
        head += more
    fields, _, body = head.partition(b"\r\n\r\n")
    return int(fields.lower().partition(b"content-length:")[2].split()[0]), body


def main() -> None:
    """Serve one connection after the other until it is stopped."""
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    while True:
        line, _ = listener.accept()
        with line:
            take(line, Path(sys.argv[1]))


if __name__ == "__main__":
    main()
