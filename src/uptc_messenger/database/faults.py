"""What an error says about the disk, in a sentence for whoever meets it."""

import sqlite3
from typing import Final

from sqlalchemy.exc import DatabaseError, OperationalError

from uptc_messenger.models.errors import Unavailable

_FULL: Final = "The disk is full."
_FAILED: Final = (
    "The disk failed while something was saved. Nothing more is saved until the server was "
    "restarted."
)
_DAMAGED: Final = "The database is damaged. Whoever runs this server has to restore a backup."
_READ_ONLY: Final = "The database cannot be written to."
_SENTENCES: Final = (
    ("SQLITE_FULL", _FULL),
    ("SQLITE_IOERR_FSYNC", _FAILED),
    ("SQLITE_IOERR_DIR_FSYNC", _FAILED),
    ("SQLITE_CORRUPT", _DAMAGED),
    ("SQLITE_NOTADB", _DAMAGED),
    ("SQLITE_READONLY", _READ_ONLY),
)
_REASONS: Final = {
    _FULL: "disk_full",
    _FAILED: "disk_failed",
    _DAMAGED: "damaged",
    _READ_ONLY: "read_only",
}
_ADVICE: Final = {
    _DAMAGED: (
        "Put a backup in its place with `uptc-messenger restore FILE --force`, which keeps it "
        "beside."
    ),
    _READ_ONLY: "The user of the server must be allowed to write to it and to its folder.",
}


class DiskFailed(Unavailable):
    """The disk did not say that it saved: what is in its cache cannot be trusted any more."""


def refusal(error: DatabaseError) -> Unavailable | None:
    """The refusal where SQLite blames the disk or the file; None where it is the statement."""
    sentence = _sentence(error)
    if sentence is not None:
        kind = DiskFailed if sentence == _FAILED else Unavailable
        return _explained(kind, sentence)
    if isinstance(error, OperationalError):
        return Unavailable("The database cannot do this right now.")
    return None


def disk_full() -> Unavailable:
    """The refusal where the database has no room left, whichever it is."""
    return _explained(Unavailable, _FULL)


def advice(error: DatabaseError) -> str:
    """What whoever runs the server can do about it; may be empty."""
    unopened = "SQLITE_CANTOPEN" in _names(error)
    return _ADVICE.get(_READ_ONLY if unopened else _sentence(error) or "", "")


def _explained(kind: type[Unavailable], sentence: str) -> Unavailable:
    return kind(sentence, details={"reason": _REASONS[sentence]})


def _sentence(error: BaseException) -> str | None:
    # A full disk undoes the whole transaction at once, and giving up its savepoint then fails
    # with another error: the reason is the one before it.
    names = _names(error)
    found = (told for code, told in _SENTENCES for name in names if name.startswith(code))
    return next(found, None)


def _names(error: BaseException | None) -> list[str]:
    found: list[str] = []
    while error is not None:
        if isinstance(error, DatabaseError) and isinstance(error.orig, sqlite3.Error):
            found.append(getattr(error.orig, "sqlite_errorname", ""))
        error = error.__context__
    return found
