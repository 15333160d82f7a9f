"""A backup while people write, restored elsewhere: a prefix, and clients that know more."""

import asyncio
import subprocess
import sys
from pathlib import Path

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Person, Socket, Town, is_frame
from tests.blackbox.writers import Writer, make_writers
from tests.server import serving

SENDS = 900


def command(*line: str | Path) -> str:
    """Run the command line as an operator does, and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "uptc_messenger", *map(str, line)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


async def back_up_while_writing(
    url: str, writers: list[Writer], line: tuple[str | Path, ...]
) -> int:
    """Start the command when a third is acknowledged; returns how much that was."""
    enough = asyncio.Event()
    counted = 0

    def count() -> None:
        nonlocal counted
        counted += 1
        if counted == SENDS // 3:
            enough.set()

    for writer in writers:
        writer.acknowledge = count

    async def back_up() -> list[int]:
        await enough.wait()
        before = counted
        await asyncio.to_thread(command, *line)
        return [before]

    async def write(writer: Writer) -> list[int]:
        await writer.write(url, window=4)
        return []

    told = await asyncio.gather(back_up(), *map(write, writers))
    assert all(writer.waiting == [] for writer in writers)
    return told[0][0]


async def remember(person: Person, chat_id: str) -> tuple[Socket, dict[str, object]]:
    """A socket, and what its client would say to go on from there."""
    socket = await person.connect(chat_id)
    resume = {"useq": socket.welcome["useq"], "sync_token": socket.welcome["sync_token"]}
    return socket, {**resume, "open": [{"chat_id": chat_id, "seq": SENDS}]}


async def test_a_backup_under_load_is_a_prefix_and_clients_that_know_more_begin_anew(
    tmp_path: Path,
):
    file, data, elsewhere = tmp_path / "a.gz", tmp_path / "data", tmp_path / "elsewhere"
    with serving(data, "--registration", "open", **UNLIMITED) as server:
        town = Town(server.url)
        people = [await town.person(f"w{number}") for number in range(3)]
        chat_id = await people[0].found(*people[1:])
        writers = make_writers(people, chat_id, SENDS)
        before = await back_up_while_writing(server.url, writers, ("backup", file, "--data", data))
        socket, resume = await remember(people[0], chat_id)
        old = socket.welcome
        await town.close()
        assert server.stop() in {0, -15}
    assert "Proven:" in command("backup", "verify", file, "--data", data)
    command("restore", file, "--data", elsewhere)

    said = {attempt.seq: attempt for writer in writers for attempt in writer.attempts}
    assert sorted(seq or 0 for seq in said) == list(range(1, SENDS + 1))
    with serving(elsewhere, **UNLIMITED) as server:
        town = Town(server.url)
        ana, ben = (Person(town, p.username, p.user_id, p.session_id, p.token) for p in people[:2])
        kept = await ben.read(chat_id)
        # A prefix of what was acknowledged, with all that was before the backup began.
        assert [m["seq"] for m in kept] == list(range(1, len(kept) + 1))
        assert before <= len(kept) <= SENDS
        assert all(m["body"]["text"] == said[m["seq"]].text for m in kept)
        # Others go on, past where the client that knows more had come.
        for _ in range(SENDS - len(kept) + 2):
            await ben.post(chat_id, "después")
        back = await ana.connect(chat_id, resume=resume)
        assert back.welcome["resumed"] is False
        assert back.welcome["log_epoch"] != old["log_epoch"]
        told = await back.hear(is_frame("sync.result"))
        assert (told["reset"], told["items"]) == (True, [])
        # What was lost is sent again by who still has it, and is there once.
        lost = said[SENDS]
        for _ in range(2):
            again = await ana.town.call(
                "PUT",
                f"/chats/{chat_id}/messages/{lost.message_id}",
                token=next(w.person.token for w in writers if lost in w.attempts),
                json={"body": {"text": lost.text}},
            )
            assert again.status in {200, 201}, again.text
        texts = [m["body"]["text"] for m in await ana.read(chat_id)]
        assert texts.count(lost.text) == 1
        await town.close()
