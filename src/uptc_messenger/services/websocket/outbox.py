"""What waits for one socket: bounded, and it never makes anyone else wait.

Memory is bounded by dropping, not by blocking: whatever belongs to a chat can be read again
by `seq`. Above the soft limit a session therefore keeps only which chats moved (it lags);
above the hard limit it ends, resumable.
"""

from collections import deque
from collections.abc import Sequence

from uptc_messenger.models.base import ChatId
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.packets import Packet


class Budget:
    """Bytes that wait for all sockets of the process."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0

    @property
    def exhausted(self) -> bool:
        """Whether new sockets must be refused."""
        return self.used >= self.limit


class Outbox:
    """Packets of one socket in order, and how far the client has acknowledged."""

    __slots__ = (
        "_budget",
        "_config",
        "_marks",
        "_packets",
        "acked_bytes",
        "acked_es",
        "dropped_from_es",
        "es",
        "held",
        "sent_bytes",
        "waiting_bytes",
    )

    def __init__(self, config: WebSocketConfig, budget: Budget) -> None:
        self._config = config
        self._budget = budget
        self._packets: list[Packet] = []
        self._marks: deque[tuple[int, int]] | None = None
        self.waiting_bytes = 0
        self.es = 0
        self.acked_es = 0
        self.sent_bytes = 0
        self.acked_bytes = 0
        self.held: set[ChatId] | None = None
        self.dropped_from_es = 0

    @property
    def lagging(self) -> bool:
        """Whether bodies are being left out."""
        return self.held is not None

    @property
    def at_ease(self) -> bool:
        """Whether there is room for what is only nice to have."""
        return self.held is None and self.waiting_bytes <= self._config.soft_bytes // 4

    @property
    def overflowing(self) -> bool:
        """Whether the hard limit is passed: the socket must be closed with 4008."""
        return self.waiting_bytes > self._config.hard_bytes

    def put(self, packet: Packet) -> None:
        """Queue what cannot be read again: answers, a user's own events, control."""
        self._push(packet)
        self._count(packet)

    def put_before(self, packets: Sequence[Packet]) -> None:
        """Queue these ahead of what waits already."""
        later = self.take()
        for packet in (*packets, *later):
            self._push(packet)
        for packet in packets:
            self._count(packet)

    def offer(self, packet: Packet, chat_id: ChatId) -> bool:
        """Queue events of a chat, or hold the chat back; returns whether they were queued."""
        if self.held is not None:
            self.held.add(chat_id)
            return False
        if self._full():
            self.held = {chat_id}
            self.dropped_from_es = self.es + 1
            return False
        self._push(packet)
        self._count(packet)
        return True

    def take(self) -> list[Packet]:
        """Everything that waits, oldest first; it counts as waiting no longer."""
        packets = self._packets
        self._packets = []
        self._budget.used -= self.waiting_bytes
        self.waiting_bytes = 0
        return packets

    def acknowledge(self, es: int) -> bool:
        """The client has everything up to `es`; returns False for what was never sent."""
        if es > self.es:
            return False
        marks = self._marks
        while marks and marks[0][0] <= es:
            self.acked_es, self.acked_bytes = marks.popleft()
        return True

    def recover(self) -> set[ChatId] | None:
        """The chats held back, once the client has caught up to a quarter; else None."""
        if self.held is None or not self._drained():
            return None
        held, self.held = self.held, None
        return held

    def _full(self) -> bool:
        config = self._config
        return (
            self.waiting_bytes > config.soft_bytes
            or self.es - self.acked_es >= config.window_events
            or self.sent_bytes - self.acked_bytes >= config.window_bytes
        )

    def _drained(self) -> bool:
        config = self._config
        return (
            self.waiting_bytes <= config.soft_bytes // 4
            and self.es - self.acked_es <= config.window_events // 4
            and self.sent_bytes - self.acked_bytes <= config.window_bytes // 4
        )

    def _push(self, packet: Packet) -> None:
        size = packet.size
        self._packets.append(packet)
        self.waiting_bytes += size
        self._budget.used += size

    def _count(self, packet: Packet) -> None:
        if not packet.counted:
            return
        self.es += packet.counted
        self.sent_bytes += packet.size
        if self._marks is None:
            self._marks = deque()
        self._marks.append((self.es, self.sent_bytes))
