import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError

from uptc_messenger.database.faults import DiskFailed, advice, refusal
from uptc_messenger.models.errors import Unavailable


def told(code: str, kind: type[sqlite3.DatabaseError] = sqlite3.OperationalError) -> DatabaseError:
    """What SQLAlchemy would raise for an error with this code."""
    raw = kind("words of the engine")
    raw.sqlite_errorname = code
    made = DBAPIError.instance("X", None, raw, sqlite3.Error)
    assert isinstance(made, DatabaseError)
    return made


@pytest.mark.parametrize(
    ("code", "sentence", "reason"),
    [
        ("SQLITE_FULL", "The disk is full.", "disk_full"),
        ("SQLITE_IOERR_FSYNC", "The disk failed", "disk_failed"),
        ("SQLITE_IOERR_DIR_FSYNC", "The disk failed", "disk_failed"),
        ("SQLITE_CORRUPT_INDEX", "is damaged", "damaged"),
        ("SQLITE_NOTADB", "is damaged", "damaged"),
        ("SQLITE_READONLY_DBMOVED", "cannot be written to", "read_only"),
        ("SQLITE_IOERR_READ", "cannot do this right now", None),
        ("SQLITE_BUSY", "cannot do this right now", None),
    ],
)
def test_the_reason_is_named_and_the_engine_is_not_quoted(
    code: str, sentence: str, reason: str | None
):
    found = refusal(told(code))
    assert isinstance(found, Unavailable)
    assert sentence in found.sentence
    assert found.details == (None if reason is None else {"reason": reason})
    assert "words of the engine" not in found.sentence
    assert isinstance(found, DiskFailed) == code.endswith("FSYNC")


def test_a_damaged_file_is_no_bug_though_it_is_no_operational_error():
    found = refusal(told("SQLITE_CORRUPT", sqlite3.DatabaseError))
    assert found is not None
    assert "damaged" in found.sentence


def test_what_a_statement_did_wrong_is_not_blamed_on_the_disk():
    assert refusal(told("SQLITE_CONSTRAINT_UNIQUE", sqlite3.IntegrityError)) is None
    assert isinstance(told("SQLITE_CONSTRAINT", sqlite3.IntegrityError), IntegrityError)


def test_the_first_reason_counts():
    try:
        try:
            raise told("SQLITE_FULL")
        except DatabaseError:
            raise told("SQLITE_ERROR")  # noqa: B904 - as leaving a savepoint does
    except DatabaseError as error:
        found = refusal(error)
    assert found is not None
    assert found.sentence == "The disk is full."


def test_who_runs_the_server_hears_what_to_do(tmp_path: Path):
    assert "restore FILE" in advice(told("SQLITE_NOTADB"))
    assert "allowed to write" in advice(told("SQLITE_CANTOPEN"))
    assert advice(told("SQLITE_FULL")) == ""
    with closing(sqlite3.connect(tmp_path / "a.db")) as raw, pytest.raises(sqlite3.Error) as error:
        raw.execute("nonsense")
    assert error.value.sqlite_errorname == "SQLITE_ERROR"
