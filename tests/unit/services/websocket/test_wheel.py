from uptc_messenger.services.websocket.wheel import Wheel


def test_an_item_is_due_in_the_first_turn_after_its_time():
    due: list[str] = []
    wheel = Wheel(due.append, now=100.0)
    wheel.add("a", at=101.5)
    wheel.turn(101.9)
    assert due == []
    wheel.turn(102.0)
    assert due == ["a"]
    assert len(wheel) == 0


def test_a_late_turn_leaves_nobody_out():
    due: list[str] = []
    wheel = Wheel(due.append, now=0.0)
    for name, at in (("a", 1.0), ("b", 5.0), ("c", 9.0)):
        wheel.add(name, at)
    wheel.turn(7.0)
    assert due == ["a", "b"]


def test_what_is_overdue_already_comes_next():
    due: list[str] = []
    wheel = Wheel(due.append, now=50.0)
    wheel.add("late", at=3.0)
    wheel.turn(51.0)
    assert due == ["late"]


def test_an_item_may_add_itself_again_while_it_is_called():
    times: list[int] = []

    def again(item: str) -> None:
        times.append(len(times))
        wheel.add(item, at=len(times) + 1.0)

    wheel: Wheel[str] = Wheel(again, now=0.0)
    wheel.add("beat", at=0.5)
    wheel.turn(3.0)
    assert len(times) == 2
