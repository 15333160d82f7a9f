"""People who read nothing while their room is busy: let go with a code, the others unhurt."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Sequence

from tests.faults.client import CUT_OFF, Client
from tests.faults.town import Scene

TOO_SLOW = 4008
_READ_AGAIN_AFTER_S = (53.0, 54.5, 57.0)
"""The server looks at a socket with each heartbeat of 25 s, gives it 30 s to take something, and
keeps the line for 5 s after it has said why it closes: at the latest by the last it has said so."""

_TO_THE_END_S = 15.0
_BODY = " y algo más" * 300


async def read_nothing(scene: Scene) -> str:
    """They read their welcome and only give signs of life; in the end they come back for it all."""
    group = scene.groups[0]
    readers = [
        Client(lambda: scene.safe.address, one.token, group.chat_id) for one in group.members
    ]
    scene.readers = readers = readers[: len(_READ_AGAIN_AFTER_S)]
    for reader in readers:
        reader.writing, reader.narrow = False, True
        scene.tasks.start("slow reader", reader.run())
    while not all(reader.journal.epochs for reader in readers):  # noqa: ASYNC110 - of many clients
        await asyncio.sleep(0.05)
    for reader in readers:
        reader.reading.clear()
    await _be_busy(scene, group.chat_id, readers)
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_TO_THE_END_S):
            while not readers[-1].journal.closes:  # noqa: ASYNC110 - of a client
                await asyncio.sleep(0.1)
    return _tell(scene, readers)


async def _be_busy(scene: Scene, chat_id: str, readers: Sequence[Client]) -> None:
    busy = [client for client in scene.clients if client.chat_id == chat_id]
    for client in busy:
        client.padding = _BODY
    gone = 0.0
    for reader, after in zip(readers, _READ_AGAIN_AFTER_S, strict=True):
        await asyncio.sleep(after - gone)
        gone = after
        reader.narrow = False
        reader.reading.set()
    for client in busy:
        client.padding = ""


def _tell(scene: Scene, readers: Sequence[Client]) -> str:
    closes = sum((reader.journal.closes for reader in readers), start=Counter[int]())
    # Who reads again too early stays, and who does not take the code either is cut off.
    *_, last = readers
    if set(closes) - {TOO_SLOW, CUT_OFF} or not last.journal.closes:
        scene.strange.append(f"slow readers were closed with {dict(closes)}")
    demoted = sum(reader.journal.demotions > 0 for reader in readers)
    told = f"{closes[TOO_SLOW]} of {len(readers)} closed with {TOO_SLOW}"
    return f"{told}, {closes[CUT_OFF]} cut off, {demoted} demoted to heads before"
