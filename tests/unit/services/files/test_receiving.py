import asyncio
import threading

import pytest

from tests.library import Piecemeal
from uptc_messenger.services.files.receiving import ROOM, Body, Rooms, Take
from uptc_messenger.toolkit.tasks import TaskGroup


class Counted(Rooms):
    """Rooms that know how many of them there ever were."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[memoryview] = []

    def _one(self) -> memoryview:
        room = super()._one()
        if not any(room is each for each in self.made):
            self.made.append(room)
        return room


@pytest.mark.parametrize("size", [0, 1, ROOM - 1, ROOM, ROOM + 1, 3 * ROOM, 3 * ROOM + 7])
async def test_all_of_it_is_taken_in_its_order_from_two_rooms(size: int):
    data = bytes(range(251)) * (size // 251 + 1)
    rooms, taken = Counted(), bytearray()
    for _ in range(2):
        taken.clear()
        assert await rooms.pour(Piecemeal(data[:size]), taken.extend) == size
        assert taken == data[:size]
    assert len(rooms.made) == (2 if size >= ROOM else 1)


async def test_what_nobody_needs_is_measured():
    rooms = Counted()
    assert await rooms.measure(Piecemeal(bytes(2 * ROOM + 3))) == 2 * ROOM + 3
    assert len(rooms.made) == 1


async def test_who_cannot_take_a_piece_is_given_none_behind_it():
    given: list[int] = []

    def take(piece: memoryview) -> None:
        given.append(len(piece))
        raise OSError

    with pytest.raises(OSError):
        await Rooms().pour(Piecemeal(bytes(3 * ROOM)), take)
    assert given == [ROOM]


async def test_many_at_once_keep_only_a_few_rooms_when_they_are_done():
    rooms = Counted()
    bodies = [Piecemeal(bytes(ROOM + 1)) for _ in range(10)]
    await asyncio.gather(*(rooms.pour(body, len) for body in bodies))
    assert len(rooms._free) < len(rooms.made) <= 20


async def poured(rooms: Rooms, body: Body, take: Take) -> None:
    await rooms.pour(body, take)


class Stuck(Piecemeal):
    """A body of which no more than one room comes."""

    def __init__(self) -> None:
        super().__init__(bytes(ROOM))
        self.waits = asyncio.Event()

    async def fill(self, room: memoryview) -> int:
        if not (count := await super().fill(room)):
            self.waits.set()
            await asyncio.Event().wait()
        return count


async def test_who_gives_up_waits_for_the_thread_that_is_at_it():
    """A room that is used again must not be read any more."""
    go_on, ended, body = threading.Event(), threading.Event(), Stuck()

    def take(piece: memoryview) -> None:
        go_on.wait(30)
        ended.set()

    pouring = TaskGroup("test").start("pour", poured(Rooms(), body, take))
    await body.waits.wait()
    pouring.cancel()
    await asyncio.sleep(0)
    assert not pouring.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await pouring
    assert ended.is_set()


async def test_a_room_in_which_a_thread_still_is_is_not_used_again():
    """Its body was cancelled twice."""
    go_on, rooms, body = threading.Event(), Rooms(), Stuck()
    pouring = TaskGroup("test").start("pour", poured(rooms, body, lambda _: go_on.wait(30)))
    await body.waits.wait()
    for _ in range(2):
        pouring.cancel()
        await asyncio.sleep(0)
    with pytest.raises(asyncio.CancelledError):
        await pouring
    assert rooms._free == []
    go_on.set()
