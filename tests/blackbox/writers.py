"""Writers that go on while the server dies under them, and remember what it promised."""

import asyncio
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.blackbox.people import Frame, Person, Socket, Town, new_id

_LOST = (ConnectionClosed, InvalidHandshake, OSError, TimeoutError, EOFError)


@dataclass
class Attempt:
    """One message that somebody wants to send; `seq` is what the server acknowledged."""

    text: str
    message_id: str = field(default_factory=new_id)
    seq: int | None = None


@dataclass
class Writer:
    """Sends `attempts` in order, each until it is acknowledged, several under way at once."""

    person: Person
    chat_id: str
    attempts: list[Attempt]
    acknowledge: Callable[[], None] = lambda: None
    """Called for each acknowledgement."""

    @property
    def acknowledged(self) -> int:
        return sum(attempt.seq is not None for attempt in self.attempts)

    @property
    def waiting(self) -> list[Attempt]:
        return [attempt for attempt in self.attempts if attempt.seq is None]

    async def write(self, url: str, window: int = 16) -> None:
        """Send until everything is acknowledged, or the connection is lost."""
        town = Town(url)
        try:
            socket = await town.socket(token=self.person.token)
            await self._write(socket, window)
        except _LOST:
            pass
        finally:
            await town.close()

    async def _write(self, socket: Socket, window: int) -> None:
        while batch := self.waiting[:window]:
            await socket.send(*(self._command(attempt) for attempt in batch))
            for _ in batch:
                answer = await socket.hear(lambda frame: frame["type"] in {"result", "error"})
                self._note(answer)

    def _command(self, attempt: Attempt) -> Frame:
        return {
            "type": "message.send",
            "id": attempt.message_id,
            "chat_id": self.chat_id,
            "message_id": attempt.message_id,
            "body": {"text": attempt.text},
        }

    def _note(self, answer: Frame) -> None:
        assert answer["type"] == "result", answer
        (attempt,) = (a for a in self.attempts if a.message_id == answer["ref"])
        assert attempt.seq in {None, answer["data"]["seq"]}, "a retry gave another place"
        attempt.seq = answer["data"]["seq"]
        self.acknowledge()


def make_writers(people: list[Person], chat_id: str, total: int) -> list[Writer]:
    """One writer for each person; together they send `total` different messages."""
    shares = [range(first, total, len(people)) for first in range(len(people))]
    return [
        Writer(person, chat_id, [Attempt(f"{person.username}:{turn}") for turn in share])
        for person, share in zip(people, shares, strict=True)
    ]


async def write_until_killed(
    writers: list[Writer], url: str, kill: Callable[[], None], dice: random.Random
) -> None:
    """Write on while `kill` is called, once a random further share is acknowledged."""
    waiting = sum(len(writer.waiting) for writer in writers)
    left = dice.randint(1, max(waiting // 2, 1))

    def count() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            kill()

    for writer in writers:
        writer.acknowledge = count
    await asyncio.gather(*(writer.write(url) for writer in writers))
    if left > 0:
        kill()
