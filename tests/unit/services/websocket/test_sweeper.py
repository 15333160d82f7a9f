from uptc_messenger.models.base import ChatId, UserId
from uptc_messenger.services.websocket.sweeper import (
    FIRST_MS,
    LONGEST_MS,
    PART,
    REACH_MS,
    WINDOW_MS,
    ChatAt,
    Sweeper,
    UserAt,
    parts_of,
)

NOON = 1_790_000_000_000


def test_a_new_sweeper_looks_farther_back_once():
    sweeper = Sweeper()
    assert sweeper.begin(NOON, None) == (NOON - FIRST_MS, False)
    assert sweeper.begin(NOON + 2_000, None) == (NOON + 2_000 - WINDOW_MS, False)
    sweeper.rest()
    assert sweeper.begin(NOON + 4_000, None) == (NOON + 4_000 - FIRST_MS, False)


def test_a_late_sweep_leaves_nothing_out():
    sweeper = Sweeper()
    sweeper.begin(NOON, None)
    assert sweeper.begin(NOON + 40_000, None) == (NOON - LONGEST_MS, False)


def test_while_a_transaction_is_open_too_long_and_once_after_it_it_looks_back_to_its_beginning():
    sweeper = Sweeper()
    sweeper.begin(NOON, None)
    slow = NOON - 1_000
    assert sweeper.begin(NOON + 2_000, slow) == (NOON + 2_000 - WINDOW_MS, False)
    assert sweeper.begin(NOON + 20_000, slow) == (NOON - 3_000, True)
    assert sweeper.begin(NOON + 22_000, slow) == (slow, True)
    assert sweeper.begin(NOON + 24_000, None) == (slow, False)
    assert sweeper.begin(NOON + 26_000, None) == (NOON + 26_000 - WINDOW_MS, False)


def test_windows_overlap_by_the_longest_transaction():
    assert WINDOW_MS - LONGEST_MS == REACH_MS > 0


def test_a_sweep_comes_in_messages_of_bounded_size():
    chats = [ChatAt(ChatId(str(i)), i, i, wide=False) for i in range(2 * PART + 1)]
    parts = list(parts_of(NOON, chats, [UserAt(UserId("ana"), 3)], hold=True))
    assert [len(part.chats) for part in parts] == [PART, PART, 1]
    assert [len(part.users) for part in parts] == [1, 0, 0]
    assert {(part.at, part.hold, part.parts) for part in parts} == {(NOON, True, 3)}
    assert [part.part for part in parts] == [0, 1, 2]
    assert len(list(parts_of(NOON, [], [], hold=False))) == 1
