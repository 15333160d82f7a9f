import asyncio
import signal
import sys
from pathlib import Path

import pytest

from uptc_messenger.cluster import reaper

SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)"
STUBBORN = (sys.executable, "-c", f"{DEAF}; time.sleep(600)")


async def start(*command: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        *command, start_new_session=True, stdout=asyncio.subprocess.PIPE
    )


async def tell(*lines: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", reaper.__file__, stdin=asyncio.subprocess.PIPE
    )
    await process.communicate("".join(f"{line}\n" for line in lines).encode())


async def test_who_dies_without_a_word_leaves_nothing(tmp_path: Path):
    left = tmp_path / "left"
    left.mkdir()
    watched, forgotten, paused = [await start(*SLEEP) for _ in range(3)]
    paused.send_signal(signal.SIGSTOP)
    await tell(
        f"watch {watched.pid} {signal.SIGTERM}",
        f"watch {paused.pid} {signal.SIGINT}",
        f"watch {forgotten.pid} {signal.SIGTERM}",
        f"forget {forgotten.pid}",
        f"remove {left}",
    )
    assert await watched.wait() == -signal.SIGTERM
    assert await paused.wait() != 0
    assert forgotten.returncode is None
    assert not left.exists()
    forgotten.kill()
    for process in (watched, paused, forgotten):
        await process.communicate()


async def test_who_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch):
    stubborn = await start(*STUBBORN)
    assert stubborn.stdout is not None
    await stubborn.stdout.readline()
    monkeypatch.setattr(reaper, "_PATIENCE_S", 0.05)
    await asyncio.to_thread(reaper.end, {stubborn.pid: signal.SIGTERM})
    assert await stubborn.wait() == -signal.SIGKILL
    await stubborn.communicate()


async def test_a_clean_end_signals_nobody():
    process = await start(*SLEEP)
    await tell(f"watch {process.pid} {signal.SIGTERM}", "done")
    assert process.returncode is None
    process.kill()
    await process.communicate()
