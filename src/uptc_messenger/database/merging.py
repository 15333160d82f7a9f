"""One database made equal to another, row by row, however much of it is equal already.

Both are read in the order of their keys, and only what differs is written, in small commits.
So a merge that was interrupted is continued by a merge.
"""

from collections.abc import Callable, Iterator
from typing import Final

import sqlalchemy as sa

from uptc_messenger.database import copying
from uptc_messenger.database.copying import Sheet
from uptc_messenger.database.survey import Sink
from uptc_messenger.database.transaction import Reader, Transaction
from uptc_messenger.toolkit.clock import wall_clock

Progress = Callable[[str, int], None]
"""Is told a table and how many of its rows are done."""

_BATCH: Final = 2_000
_STEP: Final = 10_000


class Watched(Sink):
    """Tells how far a survey is, and does nothing else."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._name = ""
        self._rows = 0

    def begin(self, sheet: Sheet) -> None:
        self._name, self._rows = sheet.name, 0
        self._progress(sheet.name, 0)

    def add(self, line: bytes) -> None:
        del line
        self._rows += 1
        if self._rows % _STEP == 0:
            self._progress(self._name, self._rows)


class Merge(Watched):
    """Takes the lines of a survey of one database and makes another equal to them.

    A row may be left out that collides with one whose turn to change has not come: merge
    again until both are equal. `changed` counts the rows that were written or deleted.
    """

    def __init__(self, target: Reader, writing: sa.Connection, progress: Progress) -> None:
        super().__init__(progress)
        self._target = target
        self._writing = writing
        self._sheet: Sheet | None = None
        self._theirs: Iterator[bytes] = iter(())
        self._next: bytes | None = None
        self._deletions: list[bytes] = []
        self._insertions: list[bytes] = []
        self.changed = 0

    def begin(self, sheet: Sheet) -> None:
        self.finish()
        self._sheet = sheet
        self._key = copying.sort_key(sheet)
        self._theirs = map(copying.line, copying.rows(self._target, sheet))
        self._next = next(self._theirs, None)
        super().begin(sheet)

    def add(self, line: bytes) -> None:
        if line != self._next:
            self._differ(line)
        else:
            self._advance()
        super().add(line)

    def finish(self) -> None:
        """Delete what the target has beyond the last line, and commit."""
        while self._next is not None:
            self._delete(self._next)
            self._advance()
        self._flush()

    def _differ(self, line: bytes) -> None:
        key = self._key(line)
        while self._next is not None and self._key(self._next) <= key:
            if self._next == line:
                self._advance()
                return
            self._delete(self._next)
            self._advance()
        self._insertions.append(line)
        if len(self._insertions) >= _BATCH:
            self._flush()

    def _advance(self) -> None:
        self._next = next(self._theirs, None)

    def _delete(self, line: bytes) -> None:
        self._deletions.append(line)
        if len(self._deletions) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        if self._sheet is None or not (self._deletions or self._insertions):
            return
        tx = Transaction(self._writing, wall_clock())
        copying.delete(tx, self._sheet, self._deletions)
        copying.add(tx, self._sheet, self._insertions)
        self._writing.commit()
        self.changed += len(self._deletions) + len(self._insertions)
        self._deletions.clear()
        self._insertions.clear()
