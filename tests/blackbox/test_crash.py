"""What the server acknowledged survives it: kill -9 in the middle of sends, several times."""

import asyncio
import os
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Frame, Person, Socket, Town, is_frame
from tests.blackbox.writers import Writer, make_writers, write_until_killed
from tests.server import serving

pytestmark = pytest.mark.slow
KILLS = 4
SENDS = 1000
PAGE = 300
SEEDS = range(1, 1 + int(os.environ.get("UPTC_TEST_CRASHES", "1")))


async def _found(url: str) -> tuple[list[Person], str]:
    town = Town(url)
    people = [await town.person(f"w{number}") for number in range(3)]
    chat_id = await people[0].found(*people[1:])
    await town.close()
    return people, chat_id


async def _kill_while_writing(data: Path, writers: list[Writer], dice: random.Random) -> None:
    with serving(data, **UNLIMITED) as server:
        await write_until_killed(writers, server.url, server.process.kill, dice)


async def _finish(data: Path, writers: list[Writer]) -> list[Frame]:
    """Send the rest and everything once more; return what a reader of the chat finds."""
    with serving(data, **UNLIMITED) as server:
        await asyncio.gather(*(writer.write(server.url) for writer in writers))
        assert all(writer.waiting == [] for writer in writers)
        town = Town(server.url)
        await asyncio.gather(*(_repeat(town, writer) for writer in writers))
        reader = await town.socket(token=writers[0].person.token)
        log = await _read_log(reader, writers[0].chat_id)
        await town.close()
        return log


async def _repeat(town: Town, writer: Writer) -> None:
    for attempt in writer.attempts:
        again = await town.call(
            "PUT",
            f"/chats/{writer.chat_id}/messages/{attempt.message_id}",
            token=writer.person.token,
            json={"body": {"text": attempt.text}},
        )
        assert (again.status, again["seq"]) == (200, attempt.seq)


async def _read_log(reader: Socket, chat_id: str) -> list[Frame]:
    items: list[Frame] = []
    position, more = 0, True
    while more:
        asked = {"chat_id": chat_id, "from_seq": position}
        await reader.send({"type": "sync", "chats": [asked], "limit": PAGE})
        page = await reader.hear(is_frame("sync.result"))
        items += page["items"]
        position, more = page["to_seq"], page["more"]
    return items


def _check(items: list[Frame], writers: list[Writer]) -> None:
    assert [item["seq"] for item in items] == list(range(1, SENDS + 1))
    stored = {item["data"]["message_id"]: item for item in items}
    assert len(stored) == SENDS
    for writer in writers:
        for attempt in writer.attempts:
            kept = stored[attempt.message_id]
            assert (kept["seq"], kept["data"]["body"]["text"]) == (attempt.seq, attempt.text)


@pytest.mark.parametrize("seed", SEEDS)
async def test_every_acknowledged_message_is_there_once_after_kills(tmp_path: Path, seed: int):
    dice = random.Random(seed)
    with serving(tmp_path, "--registration", "open", **UNLIMITED) as server:
        people, chat_id = await _found(server.url)
    writers = make_writers(people, chat_id, SENDS)
    for _ in range(KILLS):
        await _kill_while_writing(tmp_path, writers, dice)
    assert any(writer.acknowledged for writer in writers), "nothing was sent before the kills"
    assert any(writer.waiting for writer in writers), "everything was sent before the kills"
    _check(await _finish(tmp_path, writers), writers)
    with closing(sqlite3.connect(tmp_path / "uptc.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
