"""Says what changed, but of nobody more often than every so many seconds."""

from collections.abc import Callable

from uptc_messenger.models.base import UserId


class Announcer:
    """The first change of a person is said at once, what follows soon after it together.

    `say` is told whose state to say, and says it as it is then.
    """

    def __init__(self, every_s: float, say: Callable[[UserId], None]) -> None:
        self._every_s = every_s
        self._say = say
        self._quiet_until: dict[UserId, float] = {}
        self._due: dict[UserId, None] = {}

    def __len__(self) -> int:
        return len(self._due)

    def changed(self, user_id: UserId, now: float) -> None:
        """Something about this person is different."""
        if self._quiet_until.get(user_id, now) > now:
            self._due[user_id] = None
        else:
            self._tell(user_id, now)

    def turn(self, now: float) -> None:
        """Say what has waited long enough."""
        over = [user_id for user_id, until in self._quiet_until.items() if until <= now]
        for user_id in over:
            del self._quiet_until[user_id]
            if user_id in self._due:
                self._tell(user_id, now)

    def clear(self) -> None:
        """Whoever wants to know will ask."""
        self._due.clear()

    def _tell(self, user_id: UserId, now: float) -> None:
        self._due.pop(user_id, None)
        self._quiet_until[user_id] = now + self._every_s
        self._say(user_id)
