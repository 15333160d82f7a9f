"""The log of a chat under random hands: dense, unchanging, once for each id, told as it is."""

import tempfile
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from hypothesis import event, given
from hypothesis import strategies as st

from tests.core import World, installed, run
from tests.properties.steps import BOUNDED, Copy, Stage, Step, sizes, steps
from uptc_messenger.database import Reader
from uptc_messenger.database.schema import changes, chats, messages
from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.models.events import MemberJoined, MemberLeft, MessageNew


@BOUNDED
@given(steps, sizes)
def test_the_log_keeps_its_promises(script: list[Step], at_once: list[int]):
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with installed(f"sqlite:///{folder}/uptc.db") as world:
                stage = await Stage.set(world)
                await stage.play(script, at_once)
                await the_positions_are_dense(world, stage.chat)
                each_id_is_one_message(stage)
                each_change_is_made_once(stage)
                await what_was_told_is_what_is_stored(stage)
                nobody_speaks_from_outside(stage)

    run(story())


@BOUNDED
@given(steps, sizes, st.integers(0, 40))
def test_an_old_copy_and_what_came_since_are_the_new_copy(
    script: list[Step], at_once: list[int], cut: int
):
    async def story() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with installed(f"sqlite:///{folder}/uptc.db") as world:
                await follow(await Stage.set(world), script, at_once, cut)

    run(story())


async def follow(stage: Stage, script: Sequence[Step], at_once: Sequence[int], cut: int) -> None:
    await stage.play(script[:cut], at_once)
    old, live = await Copy.load(stage), await Copy.load(stage)
    first = len(stage.world.told_to_chat(stage.chat))
    assert first == old.seq
    await stage.play(script[cut:], at_once)
    new = await Copy.load(stage)

    missed = await stage.world.events(stage.people[0], stage.chat, old.seq)
    changed = any(d.ok for d in stage.done[cut:] if d.step.what == "post")
    if missed:
        assert old != new, "nothing changed, and events were told"
    else:
        assert old == new
        assert not changed
    event("something was missed" if missed else "nothing was missed")
    old.apply(missed)
    assert old == new, "caught up"
    live.apply(stage.world.told_to_chat(stage.chat)[first:])
    assert live == new, "followed live"


async def the_positions_are_dense(world: World, chat_id: ChatId) -> None:
    def read(reader: Reader) -> tuple[list[int], list[int], list[int], tuple[int, int]]:
        posted = reader.all(
            sa.select(messages.c.seq, messages.c.n).where(messages.c.chat_id == chat_id)
        )
        changed = reader.all(sa.select(changes.c.seq).where(changes.c.chat_id == chat_id))
        head = reader.all(sa.select(chats.c.last_seq, chats.c.last_n).where(chats.c.id == chat_id))[
            0
        ]
        by_seq = sorted(posted, key=lambda row: row.seq)
        return (
            [row.seq for row in posted],
            [row.seq for row in changed],
            [row.n for row in by_seq],
            (head.last_seq, head.last_n),
        )

    posted, changed, ns, (last_seq, last_n) = await world.database.read(read)
    assert sorted(posted + changed) == list(range(1, last_seq + 1))
    assert ns == list(range(1, last_n + 1))


def each_id_is_one_message(stage: Stage) -> None:
    answers: defaultdict[str, list[tuple[int, int, str, bool]]] = defaultdict(list)
    for done, sent in stage.sent():
        assert done.message_id is not None
        answers[done.message_id].append((sent.seq, sent.n, sent.created_at, sent.duplicate))
    for given_to_one in answers.values():
        assert len({answer[:3] for answer in given_to_one}) == 1
        assert [answer[3] for answer in given_to_one].count(False) == 1
    news = [e for e in stage.world.told_to_chat(stage.chat) if isinstance(e, MessageNew)]
    assert sorted(e.data.message_id for e in news) == sorted(answers)


def each_change_is_made_once(stage: Stage) -> None:
    taken = [c.seq for _, c in stage.changed() if c.duplicate is not True]
    assert len(taken) == len(set(taken))


async def what_was_told_is_what_is_stored(stage: Stage) -> None:
    told = stage.world.told_to_chat(stage.chat)
    stored = await stage.world.events(stage.people[0], stage.chat)
    assert [e.seq for e in told] == list(range(1, len(told) + 1))
    # Positions never change hands; what an entry shows is the message as it is now.
    assert [(e.seq, type(e), e.actor_id, e.at) for e in told] == [
        (e.seq, type(e), e.actor_id, e.at) for e in stored
    ]
    for before, after in zip(told, stored, strict=True):
        if isinstance(before, MessageNew) and isinstance(after, MessageNew):
            assert (before.data.message_id, before.n) == (after.data.message_id, after.n)


def nobody_speaks_from_outside(stage: Stage) -> None:
    here: set[UserId] = set(stage.people[:2])
    for told in stage.world.told_to_chat(stage.chat):
        if isinstance(told, MemberJoined):
            assert told.data.user_id not in here
            here.add(told.data.user_id)
        assert told.actor_id in here
        if isinstance(told, MemberLeft):
            here.remove(told.data.user_id)
