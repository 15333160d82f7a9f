"""One-time codes: to become the first owner, or to set a new password."""

from typing import Final, Literal

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.auth import CodePurpose
from uptc_messenger.models.base import Millis, UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.services.auth import repository
from uptc_messenger.toolkit.ids import fingerprint, secret

Purpose = Literal["owner", "reset"]
SECOND: Final = 1000


def void(tx: Transaction, purpose: Purpose, user_id: UserId | None) -> None:
    """Make the ones that were handed out for this thing void."""
    repository.delete_codes(tx, purpose, user_id)


def issue(tx: Transaction, purpose: Purpose, user_id: UserId | None, seconds: int) -> str:
    """A new code; the ones handed out before for the same thing are void."""
    void(tx, purpose, user_id)
    code = secret()
    repository.insert_code(
        tx,
        {
            "code_hash": fingerprint(code),
            "purpose": purpose,
            "user_id": user_id,
            "created_at": tx.now,
            "expires_at": tx.now + seconds * SECOND,
        },
    )
    return code


def require(reader: Reader, purpose: Purpose, code: str, now: Millis) -> None:
    """`NotFound` where `redeem` would refuse now."""
    if not repository.has_code(reader, fingerprint(code), purpose, now):
        raise _unknown()


def purpose(reader: Reader, code: str, now: Millis) -> CodePurpose:
    """What a code is for, without using it up; `NotFound` alike where it is not good."""
    found = repository.code_purpose(reader, fingerprint(code), now)
    if found is None:
        raise _unknown()
    return CodePurpose(purpose=found)


def redeem(tx: Transaction, purpose: Purpose, code: str) -> UserId | None:
    """Use a code up and answer whom it was for.

    `NotFound` alike where it is unknown, used, expired or for something else.
    """
    row = repository.take_code(tx, fingerprint(code), purpose)
    if row is None:
        raise _unknown()
    return row.user_id


def _unknown() -> NotFound:
    return NotFound("This code is not valid, or no longer.")
