"""Unread by counters is unread recounted, for everybody, after anything."""

import tempfile

import sqlalchemy as sa
from hypothesis import given

from tests.core import installed, run
from tests.properties.steps import BOUNDED, Stage, Step, sizes, steps
from uptc_messenger.database.schema import messages
from uptc_messenger.models.base import UserId
from uptc_messenger.models.events import ReadUpdated


@BOUNDED
@given(steps, sizes)
def test_unread_by_counter_is_unread_recounted(script: list[Step], at_once: list[int]):
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with installed(f"sqlite:///{folder}/uptc.db") as world:
                stage = await Stage.set(world)
                await stage.play(script, at_once)
                await recount(stage)

    run(story())


async def recount(stage: Stage) -> None:
    marks = expected_marks(stage)
    posted = await stage.world.database.read(
        lambda reader: [
            row.n
            for row in reader.all(sa.select(messages.c.n).where(messages.c.chat_id == stage.chat))
        ]
    )
    for user, mark in marks.items():
        chat = await stage.world.chat(user, stage.chat)
        assert chat.read_n == mark
        assert chat.n - chat.read_n == sum(n > mark for n in posted)
        assert 0 <= chat.read_n <= chat.n


def expected_marks(stage: Stage) -> dict[UserId, int]:
    """Where the marks of the members are by the rules of the protocol, step after step."""
    marks = dict.fromkeys(stage.people[:2], 0)
    n = 0
    for done in stage.done:
        other = stage.people[done.step.target % len(stage.people)]
        match done.step.what:
            case _ if not done.ok:
                pass
            case "post" | "retry" | "forge" | "reply" if not done.result.duplicate:
                n = marks[done.user] = done.result.n
            case "add":
                marks.setdefault(other, n)
            case "remove":
                marks.pop(other)
            case "read":
                marks[done.user] = max(marks[done.user], min(done.step.target, n))
            case "unread":
                marks[done.user] = min(done.step.target, n)
            case _:
                pass
    return marks


def test_each_move_of_a_mark_is_told_once_to_its_owner():
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with installed(f"sqlite:///{folder}/uptc.db") as world:
                stage = await Stage.set(world)
                ana, luis, *_ = stage.people
                for text in ("uno", "dos", "tres"):
                    await world.send(ana, stage.chat, text)
                for n in (1, 1, 3, 2, 9):
                    await world.read_to(luis, stage.chat, n)
                moves = [e.data.read_n for e in world.told_to(luis) if isinstance(e, ReadUpdated)]
                assert moves == [1, 3]

    run(story())
