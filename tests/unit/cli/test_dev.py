import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from uptc_messenger import settings
from uptc_messenger.cli import commands, offline
from uptc_messenger.models.base import ChatId
from uptc_messenger.services.chats import service as chats

SEED = ["dev", "seed", "--users", "5", "--password", "tres tristes tigres", "--chats", "2"]
SIZES = ["--members", "3", "--messages", "4"]


@pytest.fixture
def lines(tmp_path: Path) -> list[dict[str, Any]]:
    done = CliRunner().invoke(commands.build(), [*SEED, *SIZES, "--data", str(tmp_path)])
    assert done.exit_code == 0, done.stderr
    assert "messages: 8 of 8" in done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_it_prints_accounts_and_groups(lines: list[dict[str, Any]]):
    accounts, groups = lines[:5], lines[5:]
    assert [a["username"] for a in accounts] == [f"user0000{i}" for i in range(1, 6)]
    assert [len(g["member_ids"]) for g in groups] == [3, 3]


async def find(data: Path, token: str, chat_id: ChatId) -> tuple[str, int]:
    built = settings.build(settings.collect({"data": str(data)}, {}))
    async with offline.opened(built) as (database, auth):
        who = await auth.authenticate(token)
        [head] = await database.read(lambda reader: chats.heads(reader, [chat_id]))
        return who.user_id, head.n


def test_tokens_open_sessions_and_the_messages_are_there(
    lines: list[dict[str, Any]], tmp_path: Path
):
    first, group = lines[0], lines[5]
    found = asyncio.run(find(tmp_path, first["token"], group["chat_id"]))
    assert found == (first["user_id"], 4)


def test_a_second_time_the_names_are_taken(lines: list[dict[str, Any]], tmp_path: Path):
    again = CliRunner().invoke(commands.build(), [*SEED, "--data", str(tmp_path)])
    assert again.exit_code == 1
    other = [*SEED, "--prefix", "other", "--data", str(tmp_path)]
    assert CliRunner().invoke(commands.build(), other).exit_code == 0
