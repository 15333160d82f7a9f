"""The live picture of a cluster: its table, one part of it chosen, and what happens to it.

Nothing here reads a keyboard or writes to a terminal: keys come in by name, and lines of text
go out, none longer than the terminal is wide.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from uptc_messenger.cluster.cluster import Cluster
from uptc_messenger.cluster.nodes import Node
from uptc_messenger.cluster.status import HEAD, aligned

QUIT: Final = ("q", "\x03", "\x04")
"""Keys that end it: also Ctrl-C and Ctrl-D, where the terminal passes them on."""

KEPT: Final = 6
"""Lines of what happened."""

_MARK, _NO_MARK = "> ", "  "
_KEYS: Final = "1-9 ↑ ↓ choose · k kill · s start · p pause · b cut bus · d cut database"
_MORE: Final = "h heal · r restart · f failover · ? help · q quit"
HELP: Final = (
    "↑ ↓ or 1-9    choose a part of the cluster",
    "k             kill it, as a power failure does",
    "s             start it again",
    "r             restart it, as an upgrade does",
    "p             pause it (SIGSTOP), or let it go on",
    "b             cut a node off from the bus (NATS)",
    "d             cut a node off from the database",
    "h             heal: open every way of a node again",
    "f             kill the primary database, promote its standby (with --standby)",
    "q  Ctrl-C     stop everything and leave",
    "",
    "From another terminal, and with more words: uptc-messenger cluster deeds",
)
_SIMPLE: Final = {"k": "kill", "s": "start", "r": "restart"}
_CUTS: Final = {"b": "bus", "d": "database"}
Clock = Callable[[], float]


@dataclass(slots=True)
class Live:
    """What is chosen and shown; `clock` never goes back."""

    cluster: Cluster
    clock: Clock = time.monotonic
    chosen: int = 0
    helping: bool = False
    happened: list[str] = field(default_factory=list[str])
    _states: dict[str, tuple[str, float]] = field(default_factory=dict[str, tuple[str, float]])

    @property
    def names(self) -> list[str]:
        """The parts, in the order of the table."""
        made = self.cluster
        bus = [] if made.nats is None else ["nats"]
        return [p.name for p in (*made.nodes, *made.postgres)] + bus

    def press(self, key: str) -> list[str] | None:
        """A key: the words of the deed that it asks for, or None where it only looks."""
        if key == "?":
            self.helping = not self.helping
            return None
        self.helping = False
        if self._moves(key):
            return None
        return self._deed(key, self.names[self.chosen])

    def _moves(self, key: str) -> bool:
        last = len(self.names) - 1
        if key in {"up", "down"}:
            self.chosen = min(max(self.chosen + (1 if key == "down" else -1), 0), last)
        elif key.isdigit() and key != "0":
            self.chosen = min(int(key) - 1, last)
        else:
            return False
        return True

    def _deed(self, key: str, name: str) -> list[str] | None:
        if key in _SIMPLE:
            return [_SIMPLE[key], name]
        if key in _CUTS:
            return ["partition", name, _CUTS[key]]
        match key:
            case "p":
                part = self.cluster.part(name)
                return ["resume" if part.alive and part.running.paused else "pause", name]
            case "h":
                return ["heal", name] if isinstance(self.cluster.part(name), Node) else ["heal"]
            case "f":
                return ["failover"]
            case _:
                return None

    def note(self, text: str) -> None:
        """Something happened."""
        self.happened += [line for line in text.splitlines() if line.strip()]
        del self.happened[:-KEPT]

    def see(self, rows: Sequence[Sequence[str]]) -> None:
        """New rows of the table: whose state changed, and for how long it had been another."""
        now = self.clock()
        for name, state, *_ in rows:
            before, since = self._states.get(name, (state, now))
            if before != state:
                self.note(f"{name}: {before} → {state} (after {now - since:.1f} s)")
                since = now
            self._states[name] = (state, since)

    def lines(self, rows: Sequence[Sequence[str]], width: int) -> list[str]:
        """The whole picture, fitted to the terminal."""
        chosen = self.chosen
        marks = [_NO_MARK, *(_MARK if i == chosen else _NO_MARK for i in range(len(rows)))]
        table = aligned([HEAD, *rows]).splitlines()
        body = list(HELP) if self.helping else self.happened
        link = self.cluster.owner_link
        shown = [
            self.cluster.front.address,
            *([] if link is None else ["Become its owner here, once:", link]),
            "",
            *(mark + line for mark, line in zip(marks, table, strict=True)),
            "",
            *body,
            "",
            *(_KEYS, _MORE),
        ]
        return [line[:width] for line in shown]
