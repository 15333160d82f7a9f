"""Tokens that were looked up a moment ago, so that a busy session costs no query."""

from collections import OrderedDict
from collections.abc import Collection

from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import Millis, Record, SessionId, UserId


class Known(Record, frozen=True):
    """What a token stood for, until when that may be believed, and when it was last stored."""

    principal: Principal
    until: Millis
    stored_at: Millis


class PrincipalCache:
    """Bounded and short-lived; whatever ends a session removes it from here.

    `generation` grows with every removal. A look-up that began in an older generation is
    not kept: it may have read what was ended meanwhile.
    """

    def __init__(self, capacity: int = 20_000) -> None:
        self._capacity = capacity
        self._known: OrderedDict[bytes, Known] = OrderedDict()
        self._tokens: dict[SessionId, bytes] = {}
        self.generation = 0

    def __len__(self) -> int:
        return len(self._known)

    def sessions(self) -> dict[SessionId, UserId]:
        """The sessions that something is believed about, and whose they are."""
        return {k.principal.session_id: k.principal.user_id for k in self._known.values()}

    def get(self, token_hash: bytes, now: Millis) -> Known | None:
        """What is known of a token and still believed."""
        known = self._known.get(token_hash)
        if known is None or known.until <= now:
            return None
        return known

    def put(self, token_hash: bytes, known: Known, generation: int) -> None:
        """Remember a look-up that began in `generation`; the oldest makes room."""
        if generation != self.generation:
            return
        self._drop(known.principal.session_id)
        self._known[token_hash] = known
        self._tokens[known.principal.session_id] = token_hash
        while len(self._known) > self._capacity:
            self._drop(next(iter(self._known.values())).principal.session_id)

    def forget(self, session_ids: Collection[SessionId]) -> None:
        """Believe nothing more about these sessions."""
        self.generation += 1
        for session_id in session_ids:
            self._drop(session_id)

    def forget_user(self, user_id: UserId) -> None:
        """Believe nothing more about this user's sessions."""
        self.forget(
            [k.principal.session_id for k in self._known.values() if k.principal.user_id == user_id]
        )

    def _drop(self, session_id: SessionId) -> None:
        token_hash = self._tokens.pop(session_id, None)
        if token_hash is not None:
            del self._known[token_hash]
