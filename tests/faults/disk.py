"""A database whose disk has little room: filled up while all write, and given room again."""

import asyncio
import contextlib
import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Generator
from pathlib import Path

import httpx

from tests.faults.town import Scene

SIZE = 400_000_000


def can_be_made() -> bool:
    """Whether this user may mount a small disk here."""
    if os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    with contextlib.suppress(OSError, subprocess.CalledProcessError), small_disk():
        return True
    return False


@contextlib.contextmanager
def small_disk() -> Generator[Path, None, None]:
    """A folder for a cluster, in which the database has a disk of its own, with little room."""
    data = Path(tempfile.mkdtemp(prefix="uptc-small-disk-"))
    data.chmod(0o711)
    disk = data / "postgres"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(disk)]
    try:
        subprocess.run(mount, check=True, capture_output=True)
        try:
            yield data
        finally:
            subprocess.run(["umount", "-l", str(disk)], check=True)
    finally:
        shutil.rmtree(data)


async def fill_the_disk(scene: Scene) -> str:
    """Sends are refused with the reason, reading goes on; room is made, and all go on."""
    server = scene.cluster.postgres[0]
    ballast = server.home / "ballast"
    _fill(ballast)
    for client in scene.writers:
        client.padding = " y algo más" * 200
    reads = await _read_meanwhile(scene)
    crashed = not server.alive
    ballast.unlink()
    for client in scene.writers:
        client.padding = ""
    if crashed:
        await server.start()
    refused = sum((c.journal.refusals for c in scene.writers), start=Counter[str]())
    told = ", ".join(f"{count} {reason}" for reason, count in refused.most_common())
    end = "PostgreSQL gave up and was started again" if crashed else "PostgreSQL stayed up"
    return f"refused: {told or 'nothing'}; {reads} pages read meanwhile; {end}"


def _fill(ballast: Path) -> None:
    descriptor = os.open(ballast, os.O_WRONLY | os.O_CREAT)
    try:
        with contextlib.suppress(OSError):
            while os.write(descriptor, b"x" * 65_536):
                pass
        with contextlib.suppress(OSError):
            while os.write(descriptor, b"x" * 4_096):
                pass
    finally:
        os.close(descriptor)


async def _read_meanwhile(scene: Scene) -> int:
    loop, group, reads = asyncio.get_running_loop(), scene.groups[0], 0
    end = loop.time() + scene.hold_s
    headers = {"authorization": f"Bearer {group.members[0].token}"}
    async with httpx.AsyncClient(base_url=scene.cluster.front.address, timeout=5) as http:
        while loop.time() < end:
            with contextlib.suppress(httpx.HTTPError):
                path = f"/api/v1/chats/{group.chat_id}/messages"
                reads += (await http.get(path, headers=headers)).status_code == 200
            await asyncio.sleep(0.2)
    return reads
