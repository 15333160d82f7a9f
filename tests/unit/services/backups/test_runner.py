import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from tests.core import World
from uptc_messenger.database.installation import identify
from uptc_messenger.services.backups import archive, history, runner
from uptc_messenger.toolkit.tasks import TaskGroup


def environment(tmp_path: Path) -> dict[str, str]:
    return {"UPTC_DATA": str(tmp_path), "UPTC_DATABASE": f"sqlite:///{tmp_path}/uptc.db"}


async def test_a_process_of_its_own_makes_and_proves_it(world: World, tmp_path: Path):
    await identify(world.database)
    assert await runner.run(tmp_path / "a.gz", environment(tmp_path)) is None
    archive.check_seal(tmp_path / "a.gz")
    assert history.of(tmp_path).read().last_proof is not None


async def test_its_sentence_is_told_where_it_fails(tmp_path: Path):
    reason = await runner.run(tmp_path / "a.gz", environment(tmp_path))
    assert (reason or "").startswith("There is no database at")


async def test_it_ends_with_its_caller(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    begun = tmp_path / "begun"
    await asyncio.to_thread(os.mkfifo, begun)
    slow = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(60)"
    monkeypatch.setattr(runner, "_PROGRAM", (sys.executable, "-c", slow))
    tasks = TaskGroup("test")
    tasks.start("backup", _ended(runner.run(begun, {})))
    process = int(await asyncio.to_thread(begun.read_text))
    await tasks.close()
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


async def _ended(running: Coroutine[Any, Any, object]) -> None:
    await running
