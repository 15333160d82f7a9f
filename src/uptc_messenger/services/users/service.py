"""People: their accounts as others and as they themselves see them."""

from collections.abc import Collection, Sequence
from typing import Any, Final

from msgspec import UNSET

from uptc_messenger.database import Reader, Transaction
from uptc_messenger.models.base import Millis, Record, ServerRole, UserId
from uptc_messenger.models.errors import Conflict, NotFound
from uptc_messenger.models.events import SettingsUpdated
from uptc_messenger.models.users import Locale, Profile, ProfileChange, User, UserPage
from uptc_messenger.services.files import holding
from uptc_messenger.services.users import log, names, repository
from uptc_messenger.toolkit import cursors
from uptc_messenger.toolkit.ids import uuid7


class NewUser(Record, frozen=True):
    """An account to make; names as they were typed."""

    username: str
    display_name: str | None = None
    email: str | None = None
    role: ServerRole = "member"
    locale: Locale = "es"


class Standing(Record, frozen=True):
    """What an account may do on this server, if anything."""

    user_id: UserId
    role: ServerRole
    disabled: bool


class Totals(Record, frozen=True):
    """How many accounts there are, and how many of them are disabled."""

    accounts: int = 0
    disabled: int = 0


def create(tx: Transaction, account: NewUser) -> User:
    """Make an account; `Conflict` where the username is taken."""
    username = names.new_username(account.username)
    if repository.by_name(tx, username) is not None:
        raise Conflict("This username is taken.")
    shown = names.display_name(account.display_name or account.username)
    user = User(
        user_id=UserId(uuid7()),
        username=username,
        display_name=shown,
        about="",
        locale=account.locale,
        role=account.role,
    )
    repository.insert(
        tx,
        {
            "id": user.user_id,
            "username": username,
            "display_name": shown,
            "search_key": names.search_key(username, shown),
            "email": account.email,
            "role": account.role,
            "locale": account.locale,
            "created_at": tx.now,
        },
    )
    return user


def me(reader: Reader, user_id: UserId) -> User:
    """A person's own account."""
    return _user(_row(reader, user_id))


def profile(reader: Reader, user_id: UserId) -> Profile:
    """What others may see of a person; `NotFound` where there is no such account."""
    return _profile(_row(reader, user_id))


def profiles(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, Profile]:
    """The profiles of those who exist."""
    return {row.id: _profile(row) for row in repository.by_ids(reader, user_ids)}


def named(reader: Reader, user_ids: Sequence[UserId]) -> UserPage:
    """Those who exist of these people, in this order."""
    known = profiles(reader, user_ids)
    return UserPage(users=[known[each] for each in user_ids if each in known], next_cursor=None)


def ids_by_username(reader: Reader, usernames: Collection[str]) -> dict[str, UserId]:
    """Whom folded usernames mean; who does not exist or is disabled is absent."""
    return {row.username: row.id for row in repository.ids_by_name(reader, usernames)}


def standing(reader: Reader, user_id: UserId) -> Standing | None:
    """Role and whether disabled; None where there is no such account."""
    row = repository.by_id(reader, user_id)
    return None if row is None else _standing(row)


def standing_by_name(reader: Reader, typed: str) -> Standing | None:
    """The same by a username as typed; one that cannot exist is nobody's."""
    row = repository.by_name(reader, typed.casefold())
    return None if row is None else _standing(row)


def owner(reader: Reader) -> UserId | None:
    """The first who owns this server; None where nobody does."""
    return repository.owner(reader)


def has_owner(reader: Reader) -> bool:
    """Whether somebody owns this server."""
    return owner(reader) is not None


def has_anybody(reader: Reader) -> bool:
    """Whether there is any account, also a disabled one."""
    return repository.has_anybody(reader)


def totals(reader: Reader) -> Totals:
    """How many accounts there are."""
    row = repository.totals(reader)
    return Totals(accounts=row.accounts, disabled=row.disabled) if row else Totals()


def find(reader: Reader, query: str, after: str, limit: int) -> UserPage:
    """A page of the directory, by username after `after`; blind to case and accents.

    Each word of the query is the beginning of a word of the name or username.
    """
    words = names.words(query)
    if query.strip() and not words:
        return UserPage(users=[], next_cursor=None)
    rows = repository.find(reader, words, after, limit + 1)
    page = [_profile(row) for row in rows[:limit]]
    more = len(rows) > limit
    return UserPage(users=page, next_cursor=cursors.encode(page[-1].username) if more else None)


def change(tx: Transaction, user_id: UserId, wanted: ProfileChange) -> User:
    """Change one's own profile and tell one's other devices; no event if nothing changes."""
    # Two changes at once must not both take leave of the same picture.
    repository.hold(tx, [user_id])
    before = me(tx, user_id)
    values = _values(before, wanted)
    if not values:
        return before
    if "avatar_file_id" in values:
        pictures = (before.avatar_file_id, values["avatar_file_id"])
        holding.change_picture(tx, user_id, user_id, pictures)
    repository.update(tx, user_id, values)
    after = me(tx, user_id)
    log.append(tx, user_id, lambda useq: SettingsUpdated(useq=useq, data=after))
    return after


def last_seen(reader: Reader, user_ids: Collection[UserId]) -> dict[UserId, Millis]:
    """When those of these users who ever were here, and let others know, were here last."""
    return {row.id: row.last_seen_at for row in repository.last_seen(reader, user_ids)}


def open_visits(reader: Reader, user_ids: Collection[UserId]) -> set[UserId]:
    """Those of these users who let others know when they were here last."""
    rows = repository.by_ids(reader, user_ids)
    return {row.id for row in rows if not row.hides_last_seen}


def silent(reader: Reader, user_ids: Collection[UserId]) -> set[UserId]:
    """Those of these users who do not show how far they have read."""
    return {row.id for row in repository.by_ids(reader, user_ids) if row.hides_receipts}


def without_previews(reader: Reader, user_ids: Collection[UserId]) -> set[UserId]:
    """Those of these users for whose links nobody is to be asked."""
    return {row.id for row in repository.by_ids(reader, user_ids) if row.hides_previews}


def set_role(tx: Transaction, user_id: UserId, role: ServerRole) -> None:
    """Give a role on the server."""
    if not repository.set_role(tx, user_id, role):
        raise NotFound("There is no such person.")


def set_disabled(tx: Transaction, user_id: UserId, *, disabled: bool) -> None:
    """Close an account to its person, or open it again; nothing is deleted."""
    if not repository.update(tx, user_id, {"disabled": disabled}):
        raise NotFound("There is no such person.")


def seen(tx: Transaction, user_ids: Collection[UserId], at: Millis) -> None:
    """Remember that these users were here."""
    repository.seen(tx, user_ids, at)


_PLAIN: Final = (
    "about",
    "locale",
    "avatar_file_id",
    "hides_last_seen",
    "hides_receipts",
    "hides_previews",
)


def _values(before: User, wanted: ProfileChange) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value
        for name in _PLAIN
        if (value := getattr(wanted, name)) is not UNSET and value != getattr(before, name)
    }
    if wanted.display_name is not UNSET:
        shown = names.display_name(wanted.display_name)
        if shown != before.display_name:
            values["display_name"] = shown
            values["search_key"] = names.search_key(before.username, shown)
    return values


def _row(reader: Reader, user_id: UserId) -> Any:  # noqa: ANN401 - a row of the database
    row = repository.by_id(reader, user_id)
    if row is None:
        raise NotFound
    return row


def _user(row: Any) -> User:  # noqa: ANN401
    return User(
        user_id=row.id,
        username=row.username,
        display_name=row.display_name,
        about=row.about,
        locale=row.locale,
        role=row.role,
        avatar_file_id=row.avatar_file_id,
        hides_last_seen=row.hides_last_seen,
        hides_receipts=row.hides_receipts,
        hides_previews=row.hides_previews,
    )


def _profile(row: Any) -> Profile:  # noqa: ANN401
    return Profile(
        user_id=row.id,
        username=row.username,
        display_name=row.display_name,
        about=row.about,
        avatar_file_id=row.avatar_file_id,
    )


def _standing(row: Any) -> Standing:  # noqa: ANN401
    return Standing(user_id=row.id, role=row.role, disabled=row.disabled)
