from tests.sessions import new_user
from uptc_messenger.services.websocket.wanted import BATCH, BATCHES, ROUND_S, Wanted


def test_a_node_that_came_back_is_asked_after_all_a_few_questions_a_turn():
    wanted, people = Wanted(), [new_user() for _ in range(BATCH * BATCHES + 1)]
    wanted.meet("one", people)
    first, second = [list(wanted.of_nodes()) for _ in range(2)]
    assert [len(part) for _, part in first] == [BATCH] * BATCHES
    assert second == [("one", people[-1:])]
    assert list(wanted.of_nodes()) == []


def test_of_a_node_that_went_nothing_is_asked():
    wanted = Wanted()
    wanted.meet("one", [new_user()])
    wanted.lose("one")
    assert list(wanted.of_nodes()) == []


def test_everybody_is_asked_after_once_in_a_round():
    wanted, shown = Wanted(), dict.fromkeys(new_user() for _ in range(ROUND_S * 2))
    turns = [[u for part in wanted.of_all(shown) for u in part] for _ in range(ROUND_S)]
    assert sorted(u for turn in turns for u in turn) == sorted(shown)
    assert max(map(len, turns)) == 2, "a few a second, never all at once"


def test_whoever_is_shown_no_longer_is_not_asked_after():
    wanted = Wanted()
    assert list(wanted.of_all({})) == []
    shown = dict.fromkeys([new_user()])
    assert list(wanted.of_all(shown)) == [list(shown)]
    many = dict.fromkeys(new_user() for _ in range(ROUND_S + 1))
    assert len(next(iter(wanted.of_all(many)))) == 2
    assert list(wanted.of_all({})) == []
