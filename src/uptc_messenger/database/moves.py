"""Whether an installation lives in this database, or has moved, or has not yet arrived."""

from typing import Final

import sqlalchemy as sa

from uptc_messenger.database.migrate import SchemaError
from uptc_messenger.database.schema import installation
from uptc_messenger.database.transaction import Reader

MOVED_TO: Final = "moved_to"
"""The fact of a database that was left: the address of the new one, without its password."""

PROMOTION_OF: Final = "promotion_of"
"""The fact of a database that is being filled: the id of the installation that moves in."""

_MARKS: Final = sa.select(installation.c.name, installation.c.value).where(
    installation.c.name.in_((MOVED_TO, PROMOTION_OF))
)


def refuse_moved(reader: Reader) -> None:
    """Raise `SchemaError` unless people may write here: two living copies would drift apart."""
    marks = {row.name: row.value for row in reader.all(_MARKS)}
    if MOVED_TO in marks:
        raise SchemaError(
            f"This installation was moved to {marks[MOVED_TO]}: name that one, for `serve` and for "
            "every other command, with --database or UPTC_DATABASE. "
            "To come back here, without what was written there since: "
            "`uptc-messenger promote --undo`."
        )
    if PROMOTION_OF in marks:
        raise SchemaError(
            "An installation is being moved to this database and has not arrived: "
            "run `uptc-messenger promote --to …` again where it comes from."
        )
