"""What `uptc-messenger doctor` says of one thing."""

from typing import Literal

from uptc_messenger.models.base import Record

Verdict = Literal["ok", "warn", "fail"]


class Finding(Record, frozen=True):
    """What was asked, how it is, and in one sentence what to do where it is not well."""

    name: str
    verdict: Verdict
    told: str
