"""The clock of one node is set while it serves: an hour on, an hour back, two days on."""

import asyncio
import time
from pathlib import Path

import httpx

from tests.faults.town import PASSWORD, Account, Scene

CLOCK = Path(__file__).parents[1] / "blackbox" / "clock"
HOUR_S = 3_600
JUMPS = (HOUR_S, -HOUR_S, 48 * HOUR_S, 0)
"""Seconds by which it is wrong, one after the other."""

_FAR_MS = 60_000


def _file(scene: Scene) -> Path:
    return scene.cluster.run / f"clock-of-{scene.victim.name}"


def _set(scene: Scene, seconds: int) -> None:
    new = _file(scene).with_suffix(".new")
    new.write_text(str(seconds), encoding="ascii")
    new.replace(_file(scene))


async def set_up(scene: Scene) -> None:
    """Start the node with a clock that can be set; it stays right until then."""
    _set(scene, 0)
    await scene.victim.stop()
    await scene.victim.start({"PYTHONPATH": str(CLOCK), "CLOCK_OFFSET": str(_file(scene))})
    await scene.cluster.ready()


async def jump(scene: Scene) -> str:
    """Set it, again and again; sessions go on, people log in, messages get the true time."""
    somebody = scene.groups[0].members[0]
    logins = 0
    async with httpx.AsyncClient(base_url=scene.victim.address, timeout=10) as http:
        for seconds in JUMPS:
            _set(scene, seconds)
            await asyncio.sleep(scene.hold_s / len(JUMPS))
            logins += await _is_served(scene, http, somebody)
    await _times_are_true(scene)
    return f"{logins} logins; every message has the database's time"


async def _is_served(scene: Scene, http: httpx.AsyncClient, who: Account) -> bool:
    headers = {"authorization": f"Bearer {who.token}"}
    if (await http.get("/api/v1/users/me", headers=headers)).status_code != 200:
        scene.strange.append("a session ended with the jump of a clock")
    wanted = {"username": who.username, "password": PASSWORD}
    answer = await http.post("/api/v1/auth/login", json=wanted)
    if answer.status_code != 200:
        scene.strange.append(f"a login was refused: {answer.text}")
    return answer.status_code == 200


async def _times_are_true(scene: Scene) -> None:
    listed = ", ".join(f"'{group.chat_id}'" for group in scene.groups)
    rows = await scene.cluster.postgres[0].execute(
        f"SELECT min(created_at), max(created_at) FROM messages WHERE chat_id IN ({listed})",
        "uptc",
    )
    now = time.time() * 1000
    if not now - _FAR_MS * 5 < rows[0][0] <= rows[0][1] < now + _FAR_MS:
        scene.strange.append(f"messages are stamped {rows[0]} at {now:.0f}")
