from uptc_messenger.services.websocket.peers import LEASE_S, Peers


def test_a_node_that_falls_silent_is_gone_after_its_lease():
    peers = Peers()
    peers.beat("a", 1, now=0.0)
    peers.spoke("b", now=LEASE_S - 1)
    assert peers.lapse(LEASE_S - 0.1) == []
    assert peers.lapse(LEASE_S) == ["a"]
    assert peers.alive == {"b"}


def test_a_stranger_a_new_incarnation_and_whoever_is_doubted_are_fresh():
    peers = Peers()
    peers.spoke("a", now=0.0)
    assert peers.beat("a", 1, now=0.0), "it spoke, but never said how often it had been away"
    assert not peers.beat("a", 1, now=1.0)
    assert peers.beat("a", 2, now=2.0)
    peers.doubt()
    assert peers.beat("a", 2, now=3.0)
    peers.forget("a")
    assert peers.alive == set()
    assert peers.beat("a", 2, now=4.0)
