from tests.sessions import new_user
from uptc_messenger.services.websocket import asking
from uptc_messenger.services.websocket.asking import MAX_ASKS, PATIENCE_S, Ask, Asks


class Waiting:
    """A question and how often its end was told."""

    def __init__(self, *nodes: str) -> None:
        self.user = new_user()
        self.ended = 0
        self.ask = Ask(frozenset([self.user]), set(nodes), self._end, until=PATIENCE_S)

    def _end(self) -> None:
        self.ended += 1


def test_a_question_ends_with_the_last_answer():
    asks, waiting = Asks(), Waiting("a", "b")
    asks.begin(1, waiting.ask)
    assert asks.answered(1, "a", [waiting.user]) == frozenset()
    assert waiting.ended == 0
    assert asks.answered(1, "b", []) == {waiting.user}, "it is not there"
    assert (waiting.ended, len(asks)) == (1, 0)
    assert asks.answered(1, "b", []) == frozenset()


def test_nobody_waits_for_the_dead_for_nobody_or_for_ever():
    asks, dead, alone, late = Asks(), Waiting("a"), Waiting(), Waiting("b")
    for number, waiting in enumerate((dead, alone, late)):
        asks.begin(number, waiting.ask)
    assert alone.ended == 1
    asks.lost("a")
    assert dead.ended == 1
    asks.turn(PATIENCE_S)
    assert (late.ended, len(asks)) == (1, 0)


def test_too_many_questions_are_not_waited_for():
    asks = Asks()
    for number in range(MAX_ASKS):
        asks.begin(number, Waiting("a").ask)
    beyond = Waiting("a")
    asks.begin(asking.MAX_ASKS, beyond.ask)
    assert (beyond.ended, len(asks)) == (1, MAX_ASKS)
