"""When an installation was last backed up, and when that was last proven.

A small file in the data folder, written by the command and by the schedule, read by `status`
and `/metrics`. It is news about backups and no part of the installation.
"""

import os
from pathlib import Path
from typing import Final

import msgspec

from uptc_messenger.models.base import Record
from uptc_messenger.services.backups.writing import Made
from uptc_messenger.toolkit.clock import Clock, wall_clock

_NAME: Final = "backups.json"


class Event(Record, frozen=True):
    """Something that happened to a backup."""

    at: int
    path: str


class Failure(Record, frozen=True):
    """Why the last backup could not be made or proven."""

    at: int
    reason: str


class History(Record, frozen=True):
    """What is known; None where it never happened."""

    since: int
    """When somebody first looked: an installation that is never backed up is late from then."""

    installation_id: str = ""
    """Whose backups these are; a proof of another installation's file is no news."""

    last_backup: Event | None = None
    last_proof: Event | None = None
    failure: Failure | None = None
    """None once a backup was proven after it."""


class HistoryFile:
    """The file; a damaged one counts as none, for it must never stop a backup."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def read(self) -> History:
        """What is known now."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=History)
        except (OSError, msgspec.MsgspecError):
            return History(since=self._clock())

    def begin(self) -> None:
        """From now on an installation counts as not backed up."""
        self._write(self.read())

    def made(self, made: Made) -> None:
        """A backup is on the disk."""
        event = Event(at=made.created_at, path=made.path)
        self._write(
            msgspec.structs.replace(
                self.read(), installation_id=made.installation_id, last_backup=event
            )
        )

    def proven(self, path: Path, installation_id: str) -> None:
        """A backup was restored to scratch and found equal."""
        history = self.read()
        if history.installation_id == installation_id:
            event = Event(at=self._clock(), path=str(path.resolve()))
            self._write(msgspec.structs.replace(history, last_proof=event, failure=None))

    def failed(self, reason: str) -> None:
        """A backup could not be made, or not be proven."""
        failure = Failure(at=self._clock(), reason=reason)
        self._write(msgspec.structs.replace(self.read(), failure=failure))

    def _write(self, history: History) -> None:
        try:
            partial = self._path.with_name(f"{self._path.name}.{os.getpid()}")
            partial.write_bytes(msgspec.json.format(msgspec.json.encode(history)))
            partial.replace(self._path)
        except OSError:
            # The disk is full or not ours: what is in the file stays true.
            return


def of(data: Path, clock: Clock = wall_clock) -> HistoryFile:
    """The file of the installation in this folder."""
    return HistoryFile(data / _NAME, clock)
