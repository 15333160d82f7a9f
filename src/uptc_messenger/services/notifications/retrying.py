"""How often something that failed is tried again, and after how long."""

from uptc_messenger.models.base import Millis, Record


class Retries(Record, frozen=True):
    """After `attempts` in vain it is given up; the pause doubles from `first_ms` to `most_ms`."""

    attempts: int
    first_ms: Millis
    most_ms: Millis

    def wait_ms(self, attempts: int) -> Millis:
        """How long to wait after so many attempts."""
        return min(self.first_ms << attempts, self.most_ms)
