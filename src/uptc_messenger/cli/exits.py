"""How a command ends: one number and one sentence for each way."""

import errno
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import IntEnum
from typing import Final, NoReturn

from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.rebuild import Occupied
from uptc_messenger.models.errors import Problem, Unavailable
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.websocket.broker import BusError
from uptc_messenger.settings import SettingsError
from uptc_messenger.toolkit.folders import FolderError
from uptc_messenger.toolkit.unix import SocketError

_UNWRITABLE: Final = {errno.ENOSPC, errno.EIO, errno.EDQUOT, errno.EFBIG}
_WHOSE: Final = "run this as the user of the server."


class Exit(IntEnum):
    """Exit codes, as documented in docs/configuration.md."""

    OK = 0
    REFUSED = 1
    USAGE = 2
    DATABASE = 3
    ADDRESS = 4
    DATA = 5
    PENDING = 6
    BUS = 7


def fail(code: Exit, sentence: str) -> NoReturn:
    """Say why on standard error and end."""
    sys.stderr.write(f"uptc-messenger: {sentence}\n")
    raise SystemExit(code)


@contextmanager
def explained() -> Generator[None, None, None]:
    """Turn what a command may raise into its exit; anything else is a bug and keeps its trace."""
    try:
        yield
    except SettingsError as error:
        fail(Exit.USAGE, str(error))
    except (SchemaError, Unavailable) as error:
        fail(Exit.DATABASE, _whole(error))
    except (FolderError, SocketError, PermissionError) as error:
        fail(Exit.DATA, _about_data(error))
    except (BackupError, Occupied) as error:
        fail(Exit.REFUSED, str(error))
    except BusError as error:
        fail(Exit.BUS, str(error))
    except Problem as problem:
        fail(Exit.REFUSED, problem.sentence)


def _about_data(error: FolderError | SocketError | PermissionError) -> str:
    if isinstance(error, PermissionError):
        if error.filename is None:
            raise error
        return f"{error.filename} cannot be read: {error.strerror}; {_WHOSE}"
    denied = isinstance(error.__cause__, PermissionError)
    return f"{str(error).removesuffix('.')}; {_WHOSE}" if denied else str(error)


@contextmanager
def written() -> Generator[None, None, None]:
    """Have all that a command prints arrive; where it does not, that is how the command ends."""
    try:
        try:
            yield
        finally:
            if sys.stdout:  # none where it was closed before
                sys.stdout.flush()
    except BrokenPipeError:  # who reads it had enough
        _let_go()
        raise SystemExit(Exit.REFUSED) from None
    except OSError as error:
        if error.errno not in _UNWRITABLE or error.filename is not None:
            raise
        _let_go()
        fail(Exit.REFUSED, f"The output cannot be written: {error.strerror}.")


def _let_go() -> None:
    # The interpreter would try once more at its end, and fail in words of its own.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _whole(error: SchemaError | Unavailable) -> str:
    """Its sentence, with what lies beneath where it says only that now is not the time."""
    cause = error.__cause__
    if cause is None or str(error) != Unavailable.default:
        return str(error)
    beneath = getattr(cause, "orig", None) or cause
    told = next(iter(str(beneath).splitlines()), "") or "no answer in time"
    return f"{error} The database said: {told.removesuffix('.')}."
