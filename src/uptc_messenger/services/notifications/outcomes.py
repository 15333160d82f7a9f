"""What becomes of an attempt to tell somebody."""

from typing import Literal

from uptc_messenger.models.base import Millis, Record

Verdict = Literal["sent", "gone", "later", "refused"]
"""Taken; there is no such device or address any more; not now; not ever in this form."""


class Outcome(Record, frozen=True):
    """`after_ms` is how long the other side asks to be left alone; `detail` says what it said."""

    verdict: Verdict
    detail: str = ""
    after_ms: Millis = 0


SENT = Outcome(verdict="sent")
