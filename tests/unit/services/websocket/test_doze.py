from uptc_messenger.services.websocket.doze import Doze
from uptc_messenger.services.websocket.vigil import NAP_S, Vigil


def test_what_came_during_a_sleep_goes_on_in_order_after_it():
    vigil = Vigil(0.0, alone=True)
    doze = Doze(vigil)
    done: list[int] = []
    assert doze.notice(0.1)
    assert not doze.notice(0.2 + NAP_S)
    assert not doze.awake
    doze.put(lambda: done.append(1))
    doze.put(lambda: done.append(2))
    assert (len(doze), done) == (2, [])
    scope = vigil.turn(0.3 + NAP_S)
    assert scope is not None
    vigil.compared(scope, 1, 0.4 + NAP_S, well=True)
    doze.wake()
    assert doze.awake
    assert (len(doze), done) == (0, [1, 2])
