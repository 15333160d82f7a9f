from pathlib import Path

import pytest

from uptc_messenger.cluster.links import Link, Place
from uptc_messenger.cluster.nodes import Node
from uptc_messenger.cluster.processes import ClusterError, Processes


async def test_one_that_cannot_start_shows_its_log(processes: Processes, home: Path):
    node = Node("node-1", home / "node-1", processes)
    with pytest.raises(ClusterError):
        _ = node.running
    node.environment = {"UPTC_DATA": str(home / "data"), "UPTC_PORT": "0", "UPTC_DATABASE": "x"}
    with pytest.raises(ClusterError) as caught:
        await node.start()
    assert "not the address of a database" in str(caught.value)


async def test_it_serves_drains_and_dies(processes: Processes, home: Path):
    node = Node("node-1", home / "node-1", processes)
    node.environment = {"UPTC_DATA": str(home / "data")}
    await node.start()
    assert node.address.startswith("http://127.0.0.1:")
    await node.stop()
    assert not node.alive
    await node.start()
    await node.kill()
    assert not node.alive


def test_its_ways_are_whole_or_cut(home: Path):
    node = Node("node-1", home, Processes())
    node.links["bus"] = [Link("bus", Place(port=1))]
    assert node.whole("bus")
    node.links["bus"][0].cut("in")
    assert not node.whole("bus")
    assert node.whole("database")
