"""SIGTERM at the worst moments: under load, while starting, while migrating, twice."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Person, Town
from tests.blackbox.writers import make_writers
from tests.server import serving

SENDS = 600
GRACE_S = 15.0
"""Two seconds of goodbyes, ten for requests under way, and a margin for a busy machine."""


@pytest.mark.parametrize("signals", [1, 2])
async def test_under_load_everything_acknowledged_is_there(tmp_path: Path, signals: int):
    with serving(tmp_path, "--registration", "open", **UNLIMITED) as server:
        town = Town(server.url)
        people = [await town.person(f"w{number}") for number in range(3)]
        chat_id = await people[0].found(*people[1:])
        listening = await people[0].connect(chat_id)
        writers = make_writers(people, chat_id, SENDS)
        left = SENDS // 3

        def count() -> None:
            nonlocal left
            left -= 1
            if left == 0:
                for _ in range(signals):
                    server.process.send_signal(signal.SIGTERM)

        for writer in writers:
            writer.acknowledge = count
        code, *_ = await asyncio.gather(
            listening.closed(), *(writer.write(server.url) for writer in writers)
        )
        assert code == 4001
        assert [f["resume"] for f in listening.heard if f["type"] == "goaway"] == [True]
        begun = time.monotonic()
        assert await asyncio.to_thread(server.process.wait, GRACE_S) == 0
        assert time.monotonic() - begun < GRACE_S
        assert "Traceback" not in server.log.read_text()
        await town.close()

    acknowledged = {a.seq: a.text for w in writers for a in w.attempts if a.seq is not None}
    assert len(acknowledged) >= SENDS // 3
    with serving(tmp_path, **UNLIMITED) as again:
        town = Town(again.url)
        kept = await Person(town, "", people[0].user_id, "", people[0].token).read(chat_id)
        await town.close()
    found = {m["seq"]: m["body"]["text"] for m in kept}
    assert {seq: found.get(seq) for seq in acknowledged} == acknowledged


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_while_it_starts_it_ends_and_the_next_start_is_whole(tmp_path: Path, command: str):
    seed = 5
    dice = random.Random(seed)
    line = [sys.executable, "-m", "uptc_messenger", command, "--data", str(tmp_path)]
    line += ["--port", "0"] if command == "serve" else []
    for _ in range(3):
        with subprocess.Popen(
            line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        ) as starting:
            # Any moment is a good one: none is awaited, all of them are to be survived.
            try:
                starting.wait(dice.uniform(0.3, 1.2))
            except subprocess.TimeoutExpired:
                starting.terminate()
            _, errors = starting.communicate(timeout=GRACE_S)
        assert starting.returncode in {0, -signal.SIGTERM}, errors
        assert "Traceback" not in errors
    with serving(tmp_path, **UNLIMITED) as server:
        assert server.stop() == 0
