import asyncio
import stat
from collections.abc import Sequence
from pathlib import Path

import pytest

from uptc_messenger.cluster import control
from uptc_messenger.cluster.control import SOCKET, Control, ask, find
from uptc_messenger.cluster.processes import ClusterError


async def answer(words: Sequence[str]) -> str:
    if words[0] == "no":
        raise ClusterError("Not this.")
    return " ".join(words)


async def test_it_is_asked_and_answers_or_refuses(home: Path):
    steering = Control(home, answer)
    await steering.open()
    assert stat.S_IMODE((home / SOCKET).stat().st_mode) == 0o600
    assert await ask(home, ["kill", "node-1"]) == "kill node-1"
    with pytest.raises(ClusterError, match="Not this"):
        await ask(home, ["no"])
    await steering.close()
    with pytest.raises(ClusterError, match="No cluster listens"):
        await ask(home, ["kill"])


async def test_the_only_one_is_found(home: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(control.tempfile, "gettempdir", lambda: str(home))
    with pytest.raises(ClusterError, match="No cluster runs"):
        await asyncio.to_thread(find)
    made: list[Control] = []
    for name in ("a", "b"):
        folder = home / f"{control.PREFIX}{control.os.geteuid()}-{name}"
        folder.mkdir()
        made.append(Control(folder, answer))
        await made[-1].open()
        if name == "a":
            assert await asyncio.to_thread(find) == folder
    with pytest.raises(ClusterError, match="Several clusters"):
        await asyncio.to_thread(find)
    for steering in made:
        # Answered in order: whoever only looked is gone by then.
        await ask(steering._path.parent, ["hello"])
        await steering.close()
