"""What everybody wrote down, held against the databases."""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from tests.faults.journal import Journal
from tests.faults.town import Scene
from uptc_messenger.cluster.postgres import Postgres
from uptc_messenger.database import DatabaseConfig, Reader
from uptc_messenger.database.address import parse_url
from uptc_messenger.database.digests import ChatSum, digest_of
from uptc_messenger.database.postgres import PostgresStore
from uptc_messenger.models.base import ChatId

RECOVERY_S = 10.0
BYSTANDERS_MS = 1_000.0
_CATCH_UP_S = 10.0


@dataclass(frozen=True)
class Times:
    """When the fault began and when it was over, by the clock that never goes back."""

    began: float
    healed: float


@dataclass(frozen=True)
class Counts:
    """What must be nothing, and of how many."""

    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    disordered: int = 0
    strange: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """What one fault came to."""

    name: str
    counts: Counts
    foreign: tuple[str, ...]
    """What was heard by somebody who is not, or no longer, a member."""

    digests: tuple[int, int]
    """Chats of databases whose digests agree, of so many."""

    recovery_s: float | None
    """None where somebody got no service any more."""

    p99_ms: float
    bystanders_ms: float | None
    """None where nobody is one."""

    note: str

    @property
    def broken(self) -> list[str]:
        """The promises that did not hold, each in a few words."""
        counts = self.counts
        wrong = {
            "lost": counts.lost,
            "twice": counts.doubled,
            "in another order": counts.disordered,
            "heard by others": len(self.foreign),
            "strange": len(counts.strange),
            "digests that differ": self.digests[1] - self.digests[0],
            "without any acknowledgement": not counts.acknowledged,
        }
        told = [f"{count} {what}" for what, count in wrong.items() if count]
        return [*told, *counts.strange[:3], *self.foreign[:3]]

    @property
    def late(self) -> list[str]:
        """The bars of time that were missed, each in a few words."""
        told: list[str] = []
        if self.recovery_s is None or self.recovery_s > RECOVERY_S:
            told.append(f"service again after {self.recovery_s} s")
        if self.bystanders_ms is not None and self.bystanders_ms > BYSTANDERS_MS:
            told.append(f"bystanders waited {self.bystanders_ms:.0f} ms")
        return told


async def heads(scene: Scene) -> dict[str, int]:
    """How far the chats of those who are judged are."""
    listed = ", ".join(f"'{group.chat_id}'" for group in scene.groups)
    rows = await _ask(scene, f"SELECT id::text, last_seq FROM chats WHERE id IN ({listed})")
    return {row[0]: row[1] for row in rows}


async def report(scene: Scene, name: str, times: Times, note: str, *, spared: bool) -> Row:
    """The verdict on one fault; `spared` says that there are bystanders."""
    back = [client.journal.first_after(times.healed) for client in scene.clients]
    waits = [took for c in scene.clients for took in c.journal.waits(times.began)]
    calm = [took for c in scene.bystanders for took in c.journal.waits(times.began)]
    moments = [moment for moment in back if moment is not None]
    return Row(
        name=name,
        counts=await _count(scene),
        foreign=tuple(await _heard_by_others(scene)),
        digests=await _compare(scene),
        recovery_s=max(moments) - times.healed if len(moments) == len(back) else None,
        p99_ms=p99(waits),
        bystanders_ms=p99(calm) if spared else None,
        note=note,
    )


def p99(waits: Sequence[float]) -> float:
    """What 99 of 100 did not wait longer than, in milliseconds."""
    return sorted(waits)[int(len(waits) * 0.99)] * 1000 if waits else 0


async def _count(scene: Scene) -> Counts:
    found: list[Counts] = []
    for group in scene.groups[:-1]:
        log = await _log_of(scene, group.chat_id)
        journals = [c.journal for c in scene.copies if c.chat_id == group.chat_id]
        found.append(judge(log, journals))
    strange = [*scene.strange, *scene.errors(), *await _epochs(scene)]
    if scene.ended:
        strange += mixed([client.journal for client in scene.copies], scene.ended)
    return Counts(
        acknowledged=sum(one.acknowledged for one in found),
        lost=sum(one.lost for one in found),
        doubled=sum(one.doubled for one in found),
        disordered=sum(one.disordered for one in found),
        strange=(*strange, *(told for one in found for told in one.strange)),
    )


async def _log_of(scene: Scene, chat_id: str) -> list[tuple[int, str, bool]]:
    rows = await _ask(
        scene,
        f"SELECT seq, id::text, true FROM messages WHERE chat_id = '{chat_id}' "
        f"UNION ALL SELECT seq, kind, false FROM changes WHERE chat_id = '{chat_id}' ORDER BY seq",
    )
    return [(row[0], row[1], row[2]) for row in rows]


async def _epochs(scene: Scene) -> list[str]:
    wanted = 1 + scene.renewed
    rows = await _ask(scene, "SELECT value FROM installation WHERE name = 'log_epoch'")
    heard = [client.journal.epochs for client in scene.copies]
    counts = [len(set(names)) for names in heard]
    others = sum(names[-1:] != [rows[0][0]] for names in heard)
    strange = [f"the log had {count} names" for count in counts if count != wanted]
    return [*strange, *([f"{others} know the log by another name"] if others else [])]


def mixed(journals: Sequence[Journal], ended: str) -> list[str]:
    """What was sent after a log had ended, in copies of that log."""
    names = [name for journal in journals for past in journal.past for _, name in past]
    return [f"{name} in the log before" for name in names if "." not in name and name > ended]


def judge(log: Sequence[tuple[int, str, bool]], journals: Sequence[Journal]) -> Counts:
    """A chat's log, (seq, message_id or kind, whether it is a message), against its people.

    What was promised and is not there, what is there twice, who has it otherwise.
    """
    messages = [(seq, name) for seq, name, is_message in log if is_message]
    places = {name: seq for seq, name in messages}
    tried = {name for journal in journals for name in journal.tried}
    strange = [told for journal in journals for told in journal.odd]
    strange += [f"nobody sent {name}" for name in places if name not in tried]
    if [seq for seq, _, _ in log] != list(range(1, len(log) + 1)):
        strange.append("the log has holes")
    return Counts(
        acknowledged=sum(len(journal.binding) for journal in journals),
        lost=sum(places.get(n) != seq for j in journals for n, seq in j.binding.items()),
        doubled=len(messages) - len(places),
        disordered=sum(not _same(journal, log) for journal in journals),
        strange=tuple(strange),
    )


def _same(journal: Journal, log: Sequence[tuple[int, str, bool]]) -> bool:
    """Whether a copy is the log; one that began anew has a page of messages and what followed."""
    if not journal.floor:
        return journal.applied == [(seq, name) for seq, name, _ in log]
    heard = [(seq, name) for seq, name in journal.applied if "." not in name]
    return heard == [(seq, n) for seq, n, is_message in log if is_message and seq > journal.floor]


async def _heard_by_others(scene: Scene) -> list[str]:
    leaver, stranger = scene.leaver, scene.stranger
    assert leaver is not None
    assert stranger is not None
    left = await _ask(
        scene,
        f"SELECT max(seq) FROM changes WHERE kind = 'member.left' AND chat_id = '{leaver.chat_id}'",
    )
    upto = left[0][0] or 0
    after = [
        f"{name} at {seq}, who left at {upto}" for seq, name in leaver.journal.applied if seq > upto
    ]
    others = [told for c in (*scene.copies, leaver, stranger) for told in c.journal.foreign]
    return [*others, *after]


async def _compare(scene: Scene) -> tuple[int, int]:
    """The product's digest of each chat, of the primary and of whoever follows it."""
    primary, *standbys = [server for server in scene.cluster.postgres if server.alive]
    wanted = await _digests(scene, primary)
    agree = sum(found is not None for found in wanted)
    for standby in standbys:
        late = time.monotonic() + _CATCH_UP_S
        while (found := await _digests(scene, standby)) != wanted and time.monotonic() < late:  # noqa: ASYNC110 - of another server
            await asyncio.sleep(0.25)
        agree += sum(one == other for one, other in zip(wanted, found, strict=True))
    return agree, len(wanted) * (1 + len(standbys))


async def _digests(scene: Scene, server: Postgres) -> list[ChatSum | None]:
    url = parse_url(server.url() + "&target_session_attrs=any")
    store = PostgresStore(url, DatabaseConfig(url=server.url()))

    def read(connection: sa.Connection) -> list[ChatSum | None]:
        reader = Reader(connection)
        return [digest_of(reader, ChatId(group.chat_id)) for group in scene.groups[:-1]]

    try:
        return await store.scan(read)
    finally:
        await store.close()


async def _ask(scene: Scene, statement: str) -> list[Any]:
    return await scene.cluster.postgres[0].execute(statement, "uptc")
