"""Work that waits and is tried again: to be told when it begins, and when it goes on."""


class Trouble:
    """Knows what keeps some work waiting, so that a log has each reason once."""

    def __init__(self) -> None:
        self._reason: str | None = None

    def begins(self, reason: str) -> bool:
        """It did not go well; whether that is another reason than the last time."""
        new, self._reason = reason != self._reason, reason
        return new

    def ends(self) -> bool:
        """It went well; whether it did not the last time."""
        was, self._reason = self._reason, None
        return was is not None
