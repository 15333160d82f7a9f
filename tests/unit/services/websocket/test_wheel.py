from uptc_messenger.services.websocket.wheel import Wheel


def test_each_is_due_in_the_first_turn_after_its_time():
    due: list[str] = []
    wheel: Wheel[str] = Wheel(due.append, 100.0)
    wheel.add("soon", 100.2)
    wheel.add("later", 103.9)
    wheel.turn(100.9)
    assert due == []
    wheel.turn(101.0)
    assert due == ["soon"]
    wheel.turn(103.99)
    assert due == ["soon"]
    wheel.turn(104.0)
    assert due == ["soon", "later"]
    assert len(wheel) == 0


def test_turns_that_were_missed_are_made_up_in_order():
    due: list[str] = []
    wheel: Wheel[str] = Wheel(due.append, 0.0)
    for name, at in (("c", 30.0), ("a", 1.0), ("b", 7.5)):
        wheel.add(name, at)
    wheel.turn(1_000.0)
    assert due == ["a", "b", "c"]


def test_what_is_past_is_due_in_the_next_turn_and_never_lost():
    due: list[str] = []
    wheel: Wheel[str] = Wheel(due.append, 50.0)
    wheel.add("past", 3.0)
    assert len(wheel) == 1
    wheel.turn(51.0)
    assert due == ["past"]


def test_an_item_may_put_itself_in_again():
    due: list[int] = []
    wheel: Wheel[str]

    def again(item: str) -> None:
        due.append(1)
        wheel.add(item, 0.0)

    wheel = Wheel(again, 0.0)
    wheel.add("beat", 0.0)
    wheel.turn(3.0)
    assert len(due) == 3
    assert len(wheel) == 1
