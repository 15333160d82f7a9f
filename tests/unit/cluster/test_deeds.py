import pytest

from uptc_messenger.cluster.cluster import Cluster, Plan
from uptc_messenger.cluster.deeds import DEEDS, carry_out
from uptc_messenger.cluster.processes import ClusterError


def test_every_deed_says_what_it_does():
    assert all((deed.__doc__ or "").lower().startswith(name) for name, deed in DEEDS.items())


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["kill"],
        ["kill", "node-1"],
        ["kill", "moon"],
        ["pause", "node-1"],
        ["partition", "node-1"],
        ["partition", "node-1", "moon"],
        ["partition", "nats", "bus"],
        ["delay", "node-1", "bus"],
        ["failover"],
    ],
)
async def test_what_cannot_be_done_is_said(words: list[str]):
    cluster = Cluster(Plan(nodes=1))
    with pytest.raises(ClusterError):
        await carry_out(cluster, words)
    await cluster.close()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["pause", "node-1", "node-2"], "That is too much at once: pause PART."),
        (["heal", "node-1", "node-2"], "That is too much at once: heal [NODE]."),
        (["failover", "now"], "That is too much at once: failover."),
    ],
)
async def test_words_that_would_be_ignored_are_refused(words: list[str], sentence: str):
    cluster = Cluster(Plan(nodes=1))
    with pytest.raises(ClusterError) as refused:
        await carry_out(cluster, words)
    assert str(refused.value) == sentence
    await cluster.close()
