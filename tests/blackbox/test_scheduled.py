"""A power failure while scheduled messages are sent: each arrives once."""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.blackbox.conftest import UNLIMITED
from tests.blackbox.people import Town, is_event, new_id
from tests.server import serving

MESSAGES = 60


async def test_each_is_sent_once_although_the_server_is_killed_in_the_middle(tmp_path: Path):
    with serving(tmp_path, "--registration", "open", **UNLIMITED) as server:
        town = Town(server.url)
        ana = await town.person("ana")
        chat_id = await ana.found()
        at = datetime.now(UTC) + timedelta(seconds=8)
        ids = [new_id() for _ in range(MESSAGES)]

        async def plan(number: int) -> int:
            when = (at + timedelta(milliseconds=number)).isoformat()
            wanted = {"body": {"text": str(number)}, "send_at": when}
            path = f"/chats/{chat_id}/scheduled/{ids[number]}"
            return (await ana.call("PUT", path, json=wanted)).status

        assert set(await asyncio.gather(*map(plan, range(MESSAGES)))) == {201}
        socket = await ana.connect(chat_id)
        await socket.hear(is_event("message.new"))
        server.kill()
        await town.close()
    with serving(tmp_path, **UNLIMITED) as server:
        town = Town(server.url)
        ana = dataclasses.replace(ana, town=town)
        socket = await ana.connect(chat_id)
        items = await ana.sync(socket, chat_id)
        seen = [item["data"]["message_id"] for item in items]
        while len(seen) < MESSAGES:
            event = await socket.hear(is_event("message.new"))
            if event["data"]["message_id"] not in seen:
                seen.append(event["data"]["message_id"])
        messages = await ana.read(chat_id)
        assert [message["message_id"] for message in messages] == ids
        assert (await ana.call("GET", "/scheduled"))["scheduled"] == []
        await town.close()
