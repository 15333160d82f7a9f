"""How a command ends: one number and one sentence for each way."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn

from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.rebuild import Occupied
from uptc_messenger.models.errors import Problem, Unavailable
from uptc_messenger.services.backups.archive import BackupError
from uptc_messenger.services.websocket.broker import BusError
from uptc_messenger.settings import SettingsError
from uptc_messenger.toolkit.folders import FolderError
from uptc_messenger.toolkit.unix import SocketError


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
    except (FolderError, SocketError) as error:
        fail(Exit.DATA, str(error))
    except (BackupError, Occupied) as error:
        fail(Exit.REFUSED, str(error))
    except BusError as error:
        fail(Exit.BUS, str(error))
    except Problem as problem:
        fail(Exit.REFUSED, problem.sentence)


def _whole(error: SchemaError | Unavailable) -> str:
    """Its sentence, with what lies beneath where it says only that now is not the time."""
    cause = error.__cause__
    if cause is None or str(error) != Unavailable.default:
        return str(error)
    beneath = getattr(cause, "orig", None) or cause
    told = next(iter(str(beneath).splitlines()), "") or "no answer in time"
    return f"{error} The database said: {told.removesuffix('.')}."
