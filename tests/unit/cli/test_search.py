import asyncio
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.core import installed
from tests.fakes import make_settings
from uptc_messenger.cli import commands
from uptc_messenger.cli.exits import Exit
from uptc_messenger.database import Transaction
from uptc_messenger.models.errors import Timeout
from uptc_messenger.services.search import indexing


def test_the_index_is_made_anew(data: Path):
    async def fill() -> None:
        async with installed(make_settings(data).database.url) as world:
            ana = await world.user("ana")
            await world.send(ana, await world.group(ana), "hola")

    asyncio.run(fill())
    for _ in range(2):
        done = CliRunner().invoke(
            commands.build(), ["search", "rebuild", "--json", "--data", str(data)]
        )
        assert json.loads(done.stdout) == {"messages": 1}


def test_a_slow_disk_is_waited_for(data: Path, monkeypatch: pytest.MonkeyPatch):
    test_the_index_is_made_anew(data)
    write, calls = indexing.write, list[object]()

    def slow(tx: Transaction, step: Any) -> bool:
        calls.append(step)
        if len(calls) == 1:
            raise Timeout
        return write(tx, step)

    monkeypatch.setattr(indexing, "write", slow)
    done = CliRunner().invoke(commands.build(), ["search", "rebuild", "--data", str(data)])
    assert done.stdout == "1 messages are in the index.\n"
    assert len(calls) == 2


def test_there_must_be_a_database(tmp_path: Path):
    given = ["search", "rebuild", "--data", str(tmp_path / "nowhere")]
    assert CliRunner().invoke(commands.build(), given).exit_code == Exit.DATABASE
