"""From what a node knows to what a device was told: watermarks that may go into a token.

A watermark says that everything committed before it has been heard of here. It may be given
to a device only when all of that has also left: gaps closed, heads told.
"""

from uptc_messenger.models.base import Millis
from uptc_messenger.models.frames import ChatHeads, Checkpoint
from uptc_messenger.services.websocket.hub import Hub
from uptc_messenger.services.websocket.packets import single
from uptc_messenger.services.websocket.subscriber import Subscriber
from uptc_messenger.services.websocket.tokens import SyncTokens


class Checkpoints:
    """The newest watermark that is safe, one candidate at a time."""

    def __init__(self, hub: Hub, tokens: SyncTokens) -> None:
        self._hub = hub
        self._tokens = tokens
        self._candidate: tuple[Millis, float] | None = None
        self.safe: Millis | None = None

    def offer(self, watermark: Millis | None, now: float) -> None:
        """This node has heard of every commit before the watermark."""
        if self._candidate is None and watermark is not None and watermark != self.safe:
            self._candidate = (watermark, now)

    def turn(self) -> None:
        """See whether the candidate has become safe."""
        if self._candidate is not None and self._settled(self._candidate[1]):
            self.safe = max(self.safe or 0, self._candidate[0])
            self._candidate = None

    def give(self, subscriber: Subscriber) -> None:
        """Give a session a token, unless it was not told all that the token speaks of."""
        watermark = self.safe
        if watermark is None or watermark <= subscriber.watermark or subscriber.outbox.lagging:
            return
        if subscriber.passed_over:
            heads = self._hub.heads_of(subscriber.passed_over)
            subscriber.passed_over = None
            subscriber.put(single(ChatHeads(heads=heads), counted=1))
        subscriber.watermark = watermark
        subscriber.put(single(Checkpoint(sync_token=self._tokens.issue(watermark))))

    def _settled(self, until: float) -> bool:
        return self._hub.repairs.settled(until) and self._hub.heads.settled(until)
