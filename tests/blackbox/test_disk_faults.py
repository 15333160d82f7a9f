"""Writes and fsyncs that fail by the kernel's hand, at every place in a row of sends.

Acknowledged is there; what failed to be written is not; what failed to be confirmed may be,
once, and its id tells. `make faults-disk` runs every place; here are a few.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.core import installed, new_message_id

PLACES = int(os.environ.get("UPTC_TEST_FAULTS", "0"))
SENDS = 12
PROGRAM = """
import asyncio, json, sys
from tests.core import installed
from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.models.errors import Problem, Unavailable

async def main(url, user_id, chat_id, *message_ids):
    async with installed(url) as world:
        for message_id in message_ids:
            try:
                told = (await world.send(user_id, chat_id, "hola " * 300, message_id)).seq
            except Problem as problem:
                told = problem.sentence
            print(json.dumps([message_id, told]), flush=True)

try:
    asyncio.run(main(*sys.argv[1:]))
except (SchemaError, Unavailable) as error:
    print(error)  # it could not even be opened, and says so
"""
# Behind what is written while the database is opened.
FEW = (("EIO", "26+3"), ("ENOSPC", "26+5"), ("EIO", "29+11"))
EVERY = tuple((error, str(at)) for error in ("EIO", "ENOSPC") for at in range(1, PLACES + 1))
WRITES = [f"pwrite64:error={error}:when={when}" for error, when in EVERY or FEW]
SYNCED = range(1, SENDS + 3) if PLACES else (1, 4)
SYNCS = [f"fsync,fdatasync:error=EIO:when={at}" for at in SYNCED]

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="there is no strace")


async def send_with(fault: str, folder: Path) -> tuple[dict[str, Any], list[str], list[str]]:
    """What each send was told, what is there afterwards, and after sending everything again."""
    url = f"sqlite:///{folder}/uptc.db"
    async with installed(url) as world:
        ana = await world.user("ana")
        chat_id = await world.group(ana)
    message_ids = [new_message_id() for _ in range(SENDS)]
    calls = fault.partition(":")[0]
    strace = ["strace", "-f", "-qq", "-o", str(folder / "trace"), "-e", f"trace={calls}"]
    program = [sys.executable, "-c", PROGRAM, url, ana, chat_id, *message_ids]
    done = subprocess.run(  # noqa: ASYNC221 - nothing else goes on
        [*strace, "-e", f"inject={fault}", *program],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "INJECTED" in (folder / "trace").read_text(), done.stderr
    assert "Traceback" not in done.stderr, done.stderr
    told = dict(json.loads(line) for line in done.stdout.splitlines() if line.startswith("["))
    assert list(told) in (message_ids, [])
    async with installed(url) as world:
        there = [m.message_id for m in await world.page(ana, chat_id)]
        for message_id in message_ids:
            sent = await world.send(ana, chat_id, "hola " * 300, message_id)
            if isinstance(told.get(message_id), int):
                assert sent.seq == told[message_id]
        finally_there = [m.message_id for m in await world.page(ana, chat_id)]
    return told, [str(m) for m in there], [str(m) for m in finally_there]


def acknowledged(told: dict[str, Any]) -> list[str]:
    return [message_id for message_id, answer in told.items() if isinstance(answer, int)]


@pytest.mark.parametrize("fault", WRITES)
async def test_a_write_that_fails_is_an_error_and_nothing_is_there(fault: str, tmp_path: Path):
    told, there, finally_there = await send_with(fault, tmp_path)
    assert there == acknowledged(told)
    assert len(finally_there) == len(set(finally_there)) == SENDS
    if not PLACES:
        refused = {answer for answer in told.values() if isinstance(answer, str)}
        # A full disk may first be met where SQLite says no more than that it failed.
        assert refused <= {"The disk is full.", "The database cannot do this right now."}
        assert ("The disk is full." in refused) == ("ENOSPC" in fault)
        assert len(there) < SENDS


@pytest.mark.parametrize("fault", SYNCS)
async def test_after_a_failed_fsync_nothing_more_is_acknowledged(fault: str, tmp_path: Path):
    told, there, finally_there = await send_with(fault, tmp_path)
    ok = acknowledged(told)
    failed = next((m for m, answer in told.items() if isinstance(answer, str)), None)
    assert ok == list(told)[: len(ok)]
    assert there in (ok, [*ok, failed])
    assert len(finally_there) == len(set(finally_there)) == SENDS
    if failed is not None:
        assert "The disk failed" in told[failed]
