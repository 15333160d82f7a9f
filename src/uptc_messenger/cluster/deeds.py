"""What can be done to a running cluster, by name: from the keyboard, a command, or a test."""

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, Final

from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.cluster.links import DIRECTIONS, Direction, Link
from uptc_messenger.cluster.nats import Nats
from uptc_messenger.cluster.nodes import Node
from uptc_messenger.cluster.postgres import Postgres
from uptc_messenger.cluster.processes import ClusterError, Running

Deed = Callable[[Cluster, Sequence[str]], Coroutine[Any, Any, str]]


async def kill(cluster: Cluster, words: Sequence[str]) -> str:
    """Kill PART: end it without a word, as a power failure does."""
    part = cluster.part(_word(words, 0, "PART"))
    if not part.alive:
        raise ClusterError(f"{words[0]} does not run.")
    await part.kill()
    return f"{words[0]} was killed."


async def start(cluster: Cluster, words: Sequence[str]) -> str:
    """Start PART: start it again."""
    part = cluster.part(_word(words, 0, "PART"))
    if part.alive:
        raise ClusterError(f"{words[0]} runs already.")
    await part.start()
    return f"{words[0]} runs."


async def restart(cluster: Cluster, words: Sequence[str]) -> str:
    """Restart PART [immediate]: stop it as an upgrade does and start it; immediate is a crash."""
    part = cluster.part(_word(words, 0, "PART"))
    match part:
        case Postgres():
            await part.restart(immediate="immediate" in words)
        case Nats():
            await part.kill()
            await part.start()
        case Node():
            await part.stop()
            await part.start()
    return f"{words[0]} was restarted."


async def pause(cluster: Cluster, words: Sequence[str]) -> str:
    """Pause PART: stop it in its tracks (SIGSTOP)."""
    _running(cluster, words).pause()
    return f"{words[0]} stands still."


async def resume(cluster: Cluster, words: Sequence[str]) -> str:
    """Resume PART: let it go on (SIGCONT)."""
    _running(cluster, words).resume()
    return f"{words[0]} goes on."


async def partition(cluster: Cluster, words: Sequence[str]) -> str:
    """Partition NODE database|bus [both|out|in]: cut its way to the database or to the bus."""
    direction = _direction(words[2]) if len(words) > 2 else "both"  # noqa: PLR2004
    for link in _links(cluster, words):
        link.cut(direction)
    return f"{words[0]} is cut off from the {words[1]} ({direction})."


async def delay(cluster: Cluster, words: Sequence[str]) -> str:
    """Delay NODE database|bus MS: slow every packet down."""
    text = _word(words, 2, "MS")
    if not text.isdigit():
        raise ClusterError(f"{text} is not a number of milliseconds.")
    for link in _links(cluster, words):
        link.delay_s = int(text) / 1000
    return f"{words[0]} is {text} ms away from the {words[1]}."


async def heal(cluster: Cluster, words: Sequence[str]) -> str:
    """Heal [NODE]: open every way of a node, or of all."""
    nodes = [cluster.node(words[0])] if words else cluster.nodes
    for node in nodes:
        for links in node.links.values():
            for link in links:
                link.heal()
    return f"{', '.join(node.name for node in nodes)}: every way is open."


async def failover(cluster: Cluster, words: Sequence[str]) -> str:
    """failover: kill the primary database and make one of its standby."""
    del words
    await cluster.failover()
    return f"{cluster.postgres[0].name} is the primary now."


async def follow(cluster: Cluster, words: Sequence[str]) -> str:
    """follow: give the primary a new standby, which every commit waits for."""
    del words
    await cluster.follow()
    return f"{cluster.postgres[1].name} follows {cluster.postgres[0].name}."


DEEDS: Final[dict[str, Deed]] = {
    deed.__name__: deed
    for deed in (
        kill,
        start,
        restart,
        pause,
        resume,
        partition,
        delay,
        heal,
        failover,
        follow,
    )
}


async def carry_out(cluster: Cluster, words: Sequence[str]) -> str:
    """Do one of `DEEDS`; returns a sentence, raises `ClusterError` with one."""
    if not words or words[0] not in DEEDS:
        raise ClusterError(f"It is one of {', '.join(DEEDS)}.")
    deed = DEEDS[words[0]]
    usage = (deed.__doc__ or "").partition(":")[0]
    if len(words) > len(usage.split()):
        raise ClusterError(f"That is too much at once: {usage[0].lower()}{usage[1:]}.")
    return await deed(cluster, words[1:])


def _running(cluster: Cluster, words: Sequence[str]) -> Running:
    part = cluster.part(_word(words, 0, "PART"))
    if not part.alive:
        raise ClusterError(f"{words[0]} does not run.")
    return part.running


def _links(cluster: Cluster, words: Sequence[str]) -> list[Link]:
    node = cluster.node(_word(words, 0, "NODE"))
    what = _word(words, 1, "database or bus")
    if what not in node.links:
        raise ClusterError(f"{node.name} has no way to {what} that this cluster could cut.")
    return node.links[what]


def _direction(text: str) -> Direction:
    for direction in DIRECTIONS:
        if text == direction:
            return direction
    raise ClusterError(f"A direction is one of {', '.join(DIRECTIONS)}.")


def _word(words: Sequence[str], index: int, what: str) -> str:
    if len(words) <= index:
        raise ClusterError(f"{what} is missing.")
    return words[index]
