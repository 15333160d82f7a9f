"""The machine's clock is set while the server runs: an hour on, an hour back, two days on."""

from pathlib import Path

from tests.blackbox.clocks import Setting
from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Frame, Person, Socket, Town, is_event
from tests.server import serving

HOUR = 3_600
JUMPS = (HOUR, 0, -HOUR, 48 * HOUR, 0)
"""Seconds by which the clock is wrong, one after the other."""


async def digested(person: Person, before: Socket) -> tuple[Frame, dict[str, int]]:
    """Come back with what a socket knew; the welcome, and the positions that were told."""
    resume: Frame = {
        "useq": before.welcome["useq"],
        "sync_token": before.welcome["sync_token"],
        "open": [],
    }
    after = await person.connect(resume=resume)
    await after.settle()
    pages = [frame for frame in after.heard if frame["type"] == "digest"]
    return after.welcome, {entry["chat_id"]: entry["seq"] for p in pages for entry in p["chats"]}


async def test_order_sessions_and_sockets_survive_a_clock_that_jumps(tmp_path: Path):
    clock = Setting(tmp_path)
    with serving(
        tmp_path / "data", "--registration", "open", **UNLIMITED, **clock.environment
    ) as server:
        town = Town(server.url)
        ana, ben = await town.person("ana"), await town.person("ben")
        chat_id = await ana.found(ben)
        listening, writing = await ben.connect(chat_id), await ana.connect(chat_id)
        for number, seconds in enumerate(JUMPS):
            clock.set(seconds)
            said = await writing.say(chat_id, f"mensaje {number}")
            assert said["seq"] == number + 1
            heard = await listening.hear(is_event("message.new"))
            assert heard["seq"] == number + 1
            assert (await ben.call("GET", "/users/me")).status == 200
            fresh = await town.log_in(ana)
            assert (await fresh.call("GET", "/users/me")).status == 200
            assert (await fresh.connect()).welcome["user_id"] == ana.user_id
        assert [m["body"]["text"] for m in await ben.read(chat_id)] == [
            f"mensaje {number}" for number in range(len(JUMPS))
        ]
        await town.close()
        assert server.stop() == 0
        log = server.log.read_text()
        assert "Traceback" not in log
        assert "task failed" not in log


async def test_a_device_misses_nothing_of_the_hour_that_came_twice(tmp_path: Path):
    clock = Setting(tmp_path)
    with serving(
        tmp_path / "data", "--registration", "open", **UNLIMITED, **clock.environment
    ) as server:
        town = Town(server.url)
        ana, ben = await town.person("ana"), await town.person("ben")
        chat_id = await ana.found(ben)
        clock.set(HOUR)
        knowing = await ben.connect()
        await knowing.close()
        clock.set(0)
        await ana.post(chat_id, "en la hora que vino dos veces")
        welcome, told = await digested(ben, knowing)
        assert told.get(chat_id) == 1 or welcome["resumed"] is False
        # The clock has caught up: the token is of the past again, and still of the other hour.
        clock.set(2 * HOUR)
        welcome, told = await digested(ben, knowing)
        assert told.get(chat_id) == 1 or welcome["resumed"] is False
        # Who comes after that goes on as ever.
        now = await ben.connect()
        await now.close()
        welcome, _ = await digested(ben, now)
        assert welcome["resumed"] is True
        await town.close()
