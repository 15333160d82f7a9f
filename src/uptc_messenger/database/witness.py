"""Noticing that the log went back: a server took over that lacks what was acknowledged.

Every node counts its commits in a row of its own, within the commit that it counts. What a
standby has of the write-ahead log is a beginning of it; so a server where the row stands as
this node last saw it has everything that this node was ever told is saved, and one where it
stands lower lost some of it. A node that does not live to look is judged by the others.
(docs/decisions/0115)
"""

import secrets
from collections.abc import Callable
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from uptc_messenger.database.derived import writers
from uptc_messenger.database.schema import installation
from uptc_messenger.database.transaction import Reader, Transaction

PATIENCE_S: Final = 15.0
"""So long the other nodes may take to come to a server that took over."""

FORGOTTEN_MS: Final = 60_000
"""A node that counted nothing for so long ended before what others have counted since."""

SILENT_MS: Final = 10_000
"""A node that lives counts something more often than this."""

_NOW: Final = sa.cast(
    sa.func.extract("epoch", sa.func.clock_timestamp()) * 1000, type_=sa.BigInteger
)
_WAITS: Final = sa.func.current_setting("synchronous_standby_names") != ""
_MINE: Final = writers.c.node == sa.bindparam("name")
_COUNT: Final = (
    sa.update(writers)
    .where(_MINE)
    .values(commits=writers.c.commits + 1, waits=_WAITS, seen_at=_NOW)
    .returning(writers.c.commits)
)
_ADD: Final = postgresql.insert(writers).values(waits=_WAITS, seen_at=_NOW)
_PUT: Final = _ADD.on_conflict_do_update(
    index_elements=["node"], set_={"timeline": _ADD.excluded.timeline, "seen_at": _NOW}
)
_FIND: Final = sa.select(writers.c.commits).where(_MINE)
_OTHERS: Final = sa.select(writers.c.node, writers.c.waits).where(
    writers.c.timeline != sa.bindparam("timeline")
)
_FORGET: Final = sa.delete(writers).where(
    writers.c.timeline == sa.bindparam("ours"), writers.c.seen_at < _NOW - FORGOTTEN_MS
)
_ACCOUNT: Final = sa.delete(writers).where(writers.c.timeline != sa.bindparam("ours"))
_LIVING: Final = sa.select(writers.c.node).where(writers.c.seen_at > _NOW - SILENT_MS)
_LEAVE: Final = sa.delete(writers).where(_MINE)
_EPOCH: Final = sa.select(installation.c.value).where(installation.c.name == "log_epoch")
_ROTATE: Final = (
    sa.update(installation)
    .where(installation.c.name == "log_epoch", installation.c.value == sa.bindparam("old"))
    .values(value=sa.bindparam("new"))
)
# Of the server's history: each promotion begins another. Some hosted servers do not say.
_TIMELINE: Final = sa.text("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")


def _ignore(_: str) -> None:
    pass


class Witness:
    """What one node knows that is saved; PostgreSQL's writer asks it before and after.

    `begun` is told the name of the log whenever that is another one; `moved` that the server
    may be another.
    """

    def __init__(self, node: str) -> None:
        self.node = node
        self.log_epoch: str | None = None
        self.timeline: str | None = None
        self.begun: Callable[[str], None] = _ignore
        self.moved: Callable[[str], None] = _ignore
        self._commits = 0
        self._counting = 0
        self._left = False
        self._found: tuple[str, str | None, int] = ("", None, 0)

    def attest(self, connection: sa.Connection) -> None:
        """Look, on a new connection and before any work, whether it has what was saved."""
        tx = Transaction(connection, 0)
        timeline, row = _timeline(connection), tx.first(_FIND, {"name": self.node})
        epoch = log_epoch(tx)
        if epoch == self.log_epoch and self._lost(None if row is None else row.commits, timeline):
            epoch = begin_another(tx, epoch)
        commits = self._commits if row is None else row.commits
        tx.run(_PUT, {"node": self.node, "commits": commits, "timeline": timeline})
        self._found = timeline, epoch, commits

    def attested(self) -> None:
        """What `attest` found and wrote is committed."""
        before, (self.timeline, epoch, self._commits) = self.timeline, self._found
        if before not in {None, self.timeline}:
            self.moved(self.timeline)
        self.learn(epoch)

    def count(self, connection: sa.Connection) -> None:
        """Within a transaction: it is one more."""
        if self._left:
            return
        self._counting = self._commits + 1
        tx = Transaction(connection, 0)
        counted: int | None = tx.value(_COUNT, {"name": self.node})
        if counted is None:  # it was silent for so long that the others let it go
            values = {"node": self.node, "commits": self._counting, "timeline": self.timeline}
            tx.run(_PUT, values)
        else:
            self._counting = counted

    def counted(self) -> None:
        """That transaction is committed."""
        self._commits = self._counting

    def leave(self, tx: Transaction) -> None:
        """This node ends, and was told of every commit of its own."""
        self._left = True
        tx.run(_LEAVE, {"name": self.node})

    def learn(self, epoch: str | None) -> None:
        """The name of the log as the database has it."""
        if epoch is None or self.log_epoch is None or epoch == self.log_epoch:
            return
        self.log_epoch = epoch
        self.begun(epoch)

    def _lost(self, commits: int | None, timeline: str) -> bool:
        if commits is None:
            # Let go by the others on the way to here, or never arrived where we are now.
            return self._commits > 0 and timeline != self.timeline
        return commits < self._commits


def log_epoch(reader: Reader) -> str | None:
    """The name of the log; None in a database that is not an installation yet."""
    return reader.value(_EPOCH)


def begin_another(tx: Transaction, old: str | None) -> str | None:
    """Give the log another name, unless somebody did; returns the one that it has."""
    tx.run(_ROTATE, {"old": old, "new": secrets.token_hex(16)})
    return log_epoch(tx)


def missing(reader: Reader, timeline: str) -> list[str]:
    """The nodes that counted on another server and have not come to this one."""
    return [row.node for row in reader.all(_OTHERS, {"timeline": timeline})]


def living(reader: Reader) -> set[str]:
    """The nodes that have this database open now."""
    return {row.node for row in reader.all(_LIVING)}


def account(tx: Transaction, timeline: str, old: str) -> bool:
    """Judge the nodes that did not come; returns whether the log has another name for it.

    What a node acknowledged last is lost, unless every one of its commits waited for a standby.
    """
    others = tx.all(_OTHERS.with_for_update(), {"timeline": timeline})
    tx.run(_ACCOUNT, {"ours": timeline})
    if all(row.waits for row in others):
        return False
    begin_another(tx, old)
    return True


def tidy(tx: Transaction, timeline: str) -> None:
    """Forget nodes that ended: whatever they counted, this commit comes after it."""
    tx.run(_FORGET, {"ours": timeline})


def _timeline(connection: sa.Connection) -> str:
    try:
        with connection.begin_nested():
            found: Any = connection.execute(_TIMELINE).scalar()
    except DBAPIError:
        return ""
    return str(found)
