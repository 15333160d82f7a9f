"""A backup while all write; later everything is put back to it, and everybody comes back."""

import asyncio
import os
import sys

from tests.faults.town import Scene, direct
from uptc_messenger.toolkit.ids import uuid7


async def restore(scene: Scene) -> str:
    """What was acknowledged before the backup began is there; what came later may be gone."""
    await scene.removed.wait()
    file = scene.cluster.run / "under-load.backup.gz"
    before = [set(client.journal.promised) for client in scene.writers]
    await _command(scene, "backup", str(file), "--force", "--prove")
    await asyncio.sleep(scene.hold_s)
    nodes = scene.cluster.nodes
    await asyncio.gather(*(node.stop() for node in nodes))
    scene.ended = uuid7()
    later = 0
    for client, kept in zip(scene.writers, before, strict=True):
        client.journal.kept = kept
        later += len(client.journal.promised) - len(kept)
    await _command(scene, "restore", str(file), "--force")
    await asyncio.gather(*(node.start() for node in nodes))
    await scene.cluster.ready()
    scene.renewed = True
    return f"{sum(map(len, before))} acknowledged before the backup, {later} between it and the end"


async def _command(scene: Scene, *words: str) -> None:
    folder = scene.cluster.data / "operator"
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "uptc_messenger", *words),
        env={**os.environ, "UPTC_DATA": str(folder), **direct(scene.cluster)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    if process.returncode:
        scene.strange.append(f"{words[0]} failed: {said.decode().strip()}")
