"""A bad line between a browser and the server: every byte late, some of them later still."""

import asyncio
import random
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

# What a lost packet costs: TCP sends it again after a wait that doubles with each further loss,
# and what comes behind it waits too.
RETRANSMIT_S = 1.0
PIECE = 1_400


@dataclass
class BadLine:
    """A proxy in a thread of its own: `loss` of the packets are lost once or more."""

    target: str
    round_trip_s: float
    loss: float
    seed: int
    url: str = ""
    lost: int = 0
    sent: int = 0
    ends: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])

    async def serve(self, ready: threading.Event, done: asyncio.Event) -> None:
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://localhost:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await done.wait()
        server.close()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.ends.append(writer)
        # The handshake of TCP takes a round trip of its own.
        await asyncio.sleep(self.round_trip_s)
        parts = urlsplit(self.target)
        try:
            inner, outer = await asyncio.open_connection(parts.hostname, parts.port)
        except OSError:
            writer.close()
            return
        self.ends.append(outer)
        await asyncio.gather(self._carry(reader, outer), self._carry(inner, writer))

    async def hang_up(self) -> None:
        """Close whatever is still open, both ends of it."""
        for end in self.ends:
            end.close()
        for end in self.ends:
            with suppress(OSError):
                await end.wait_closed()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Bytes in their order, each piece after its own delay and never before the one ahead."""
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        dice = random.Random(f"{self.seed}-{self.sent}")
        await asyncio.gather(self._read(reader, queue, dice), self._deliver(queue, writer))

    async def _read(
        self,
        reader: asyncio.StreamReader,
        queue: "asyncio.Queue[tuple[float, bytes]]",
        dice: random.Random,
    ) -> None:
        loop = asyncio.get_running_loop()
        free = 0.0
        with suppress(ConnectionError):
            while piece := await reader.read(PIECE):
                wait = self.round_trip_s / 2 + self._losses(dice)
                free = max(free, loop.time() + wait)
                queue.put_nowait((free, piece))
        queue.put_nowait((free, b""))

    def _losses(self, dice: random.Random) -> float:
        self.sent += 1
        wait, again = 0.0, RETRANSMIT_S
        while dice.random() < self.loss:
            self.lost += 1
            wait += again
            again *= 2
        return wait

    async def _deliver(
        self, queue: "asyncio.Queue[tuple[float, bytes]]", writer: asyncio.StreamWriter
    ) -> None:
        loop = asyncio.get_running_loop()
        while True:
            when, piece = await queue.get()
            await asyncio.sleep(max(0.0, when - loop.time()))
            try:
                if not piece:
                    writer.close()
                    return
                writer.write(piece)
                await writer.drain()
            except ConnectionError:
                return


@contextmanager
def bad_line(target: str, *, round_trip_s: float, loss: float, seed: int) -> Generator[BadLine]:
    """A line to the server at `target`; its own address is `url`."""
    line = BadLine(target, round_trip_s, loss, seed)
    loop = asyncio.new_event_loop()
    done = asyncio.Event()
    ready = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(line.serve(ready, done))
        for task in (running := asyncio.all_tasks(loop)):
            task.cancel()
        loop.run_until_complete(asyncio.wait(running) if running else asyncio.sleep(0))
        loop.run_until_complete(line.hang_up())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield line
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
