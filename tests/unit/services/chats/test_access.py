from collections.abc import Callable

import pytest

from tests.architecture.source import DOCS
from tests.unit.services.chats.world import World
from uptc_messenger.models.base import ChatId, ChatKind, ChatRole, UserId
from uptc_messenger.models.chats import ChatChange, ChatSettings, Member, PostPolicy, SettingsChange
from uptc_messenger.models.errors import Forbidden, NotFound, Problem
from uptc_messenger.services.chats import access
from uptc_messenger.toolkit.ids import uuid7

ROLES: list[ChatRole] = ["owner", "admin", "member", "guest"]
ME, OTHER = UserId(uuid7()), UserId(uuid7())

# Who may do what: the role that acts, the member's role before, the role after.
ADD: dict[ChatRole, set[ChatRole]] = {
    "owner": {"owner", "admin", "member", "guest"},
    "admin": {"member", "guest"},
    "member": set(),
    "guest": set(),
}
ASSIGN: dict[ChatRole, set[tuple[ChatRole, ChatRole]]] = {
    "owner": {(old, new) for old in ROLES for new in ROLES if old != new},
    "admin": {("member", "guest"), ("guest", "member")},
    "member": set(),
    "guest": set(),
}
STEP_DOWN: dict[ChatRole, set[ChatRole]] = {
    "owner": {"admin", "member", "guest"},
    "admin": {"member", "guest"},
    "member": {"guest"},
    "guest": set(),
}
REMOVE = ADD
POST = {"members": {"owner", "admin", "member"}, "admins": {"owner", "admin"}}


def acting(
    role: ChatRole, kind: ChatKind = "group", settings: ChatSettings | None = None
) -> Member:
    return Member(
        chat_id=ChatId(uuid7()),
        user_id=ME,
        role=role,
        kind=kind,
        settings=settings or ChatSettings(),
        visible_after=0,
    )


def allowed(check: object, *given: object) -> bool:
    assert callable(check)
    try:
        check(*given)
    except Forbidden:
        return False
    return True


@pytest.mark.parametrize("role", ROLES)
def test_the_table_of_rights(role: ChatRole):
    actor = acting(role)
    assert {new for new in ROLES if allowed(access.require_may_add, actor, new)} == ADD[role]
    assert {old for old in ROLES if allowed(access.require_may_remove, actor, OTHER, old)} == (
        REMOVE[role]
    )
    pairs = {(old, new) for old in ROLES for new in ROLES if old != new}
    assert {p for p in pairs if allowed(access.require_may_assign, actor, OTHER, *p)} == (
        ASSIGN[role]
    )
    steps = {new for new in ROLES if new != role}
    if role == "owner":
        return
    assert {s for s in steps if allowed(access.require_may_assign, actor, ME, role, s)} == (
        STEP_DOWN[role]
    )


Check = Callable[[Member], object]
ACTIONS: dict[str, list[Check]] = {
    "read, see the members": [lambda _: None],
    "see its files": [lambda _: None],
    "write messages, also with files, where `settings.post` is `members`": [access.require_poster],
    "write messages, where `settings.post` is `admins`": [
        lambda m: access.require_poster(acting(m.role, settings=ChatSettings(post="admins")))
    ],
    "change title, topic, picture and settings": [access.require_admin],
    "add, or invite, members and guests": [
        lambda m: access.require_may_add(m, "member"),
        lambda m: access.require_may_add(m, "guest"),
    ],
    "add admins and owners, invite admins": [
        lambda m: access.require_may_add(m, "admin"),
        lambda m: access.require_may_add(m, "owner"),
    ],
    "make members guests, and guests members": [
        lambda m: access.require_may_assign(m, OTHER, "member", "guest"),
        lambda m: access.require_may_assign(m, OTHER, "guest", "member"),
    ],
    "give and take the roles of admin and owner": [
        lambda m: access.require_may_assign(m, OTHER, "member", "admin"),
        lambda m: access.require_may_assign(m, OTHER, "owner", "guest"),
    ],
    "remove members and guests": [
        lambda m: access.require_may_remove(m, OTHER, "member"),
        lambda m: access.require_may_remove(m, OTHER, "guest"),
    ],
    "remove admins and owners": [
        lambda m: access.require_may_remove(m, OTHER, "admin"),
        lambda m: access.require_may_remove(m, OTHER, "owner"),
    ],
    "step down to a lower role": [lambda m: access.require_may_assign(m, ME, m.role, "guest")],
    "leave": [lambda m: access.require_may_remove(m, ME, m.role)],
    "delete the chat": [access.require_owner],
}


def documented() -> dict[str, list[str]]:
    """The first table of the page: the action, then a cell for each role."""
    page = (DOCS / "permissions.md").read_text().partition("With messages")[0]
    rows = [line.strip("| ").split(" | ") for line in page.splitlines() if line[:2] == "| "]
    assert rows[0] == ["action", *ROLES]
    return {cells[0]: cells[1:] for cells in rows[1:]}


def test_the_page_of_permissions_says_what_is_checked():
    checked = {
        action: [
            "yes" if all(allowed(check, acting(role)) for check in checks) else "no"
            for role in ROLES
        ]
        for action, checks in ACTIONS.items()
    }
    assert checked == documented()


def test_an_owner_steps_down_and_leaves():
    owner = acting("owner")
    for role in STEP_DOWN["owner"]:
        access.require_may_assign(owner, ME, "owner", role)
    access.require_may_remove(owner, ME, "owner")


@pytest.mark.parametrize("role", ROLES)
def test_everybody_may_leave(role: ChatRole):
    access.require_may_remove(acting(role), ME, role)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("post", ["members", "admins"])
def test_who_may_write(role: ChatRole, post: PostPolicy):
    actor = acting(role, settings=ChatSettings(post=post))
    assert allowed(access.require_poster, actor) == (role in POST[post])


@pytest.mark.parametrize("role", ROLES)
def test_admins_and_owners(role: ChatRole):
    assert allowed(access.require_admin, acting(role)) == (role in {"owner", "admin"})
    assert allowed(access.require_owner, acting(role)) == (role == "owner")


def test_a_direct_chat_is_closed():
    for kind in ("group", "channel"):
        access.require_open(acting("owner", kind))
    with pytest.raises(Forbidden):
        access.require_open(acting("member", "direct"))


def refusal(error: pytest.ExceptionInfo[Problem]) -> tuple[str, str, object]:
    return error.value.code, error.value.sentence, error.value.details


async def test_a_foreign_chat_is_refused_like_one_that_never_was(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    chat_id = await world.chat(ana, ben)
    left = await world.chat(ana, eve)
    await world.remove(ana, left, eve)
    deleted = await world.chat(eve)
    await world.delete(eve, deleted)

    with pytest.raises(NotFound) as never:
        await world.member(eve, ChatId(uuid7()))
    for foreign in (chat_id, left, deleted):
        with pytest.raises(NotFound) as read:
            await world.member(eve, foreign)
        with pytest.raises(NotFound) as held:
            await world.write(lambda tx, c=foreign: access.hold(tx, eve.user_id, c))
        assert refusal(read) == refusal(held) == refusal(never)


async def test_the_proof_says_what_is(world: World):
    ana, ben = await world.person("ana"), await world.person("ben")
    chat_id = await world.chat(ana, ben, kind="channel")
    assert await world.member(ben, chat_id) == Member(
        chat_id=chat_id,
        user_id=ben.user_id,
        role="member",
        kind="channel",
        settings=ChatSettings(post="admins"),
        visible_after=0,
    )


async def test_hidden_history_ends_at_the_joining(world: World):
    ana, ben, eve = [await world.person(name) for name in ("ana", "ben", "eve")]
    chat_id = await world.chat(ana, ben)
    await world.update(ana, chat_id, ChatChange(settings=SettingsChange(history="joined")))
    await world.update(ana, chat_id, ChatChange(title="Otra"))
    await world.put(ana, chat_id, eve)

    assert (await world.member(ben, chat_id)).visible_after == 0
    assert (await world.member(eve, chat_id)).visible_after == 2
    assert world.log[-1].seq == 3

    await world.remove(ana, chat_id, eve)
    await world.put(ana, chat_id, eve)
    assert (await world.member(eve, chat_id)).visible_after == 4

    await world.update(ana, chat_id, ChatChange(settings=SettingsChange(history="all")))
    assert (await world.member(eve, chat_id)).visible_after == 0


async def test_many_pairs_take_one_statement(world: World):
    people = [await world.person(f"user{number}") for number in range(6)]
    chats = [await world.chat(person) for person in people]
    seen = world.count_statements()
    everything = [(p.user_id, c) for p in people for c in [*chats, ChatId(uuid7())]]

    found = await world.write(lambda tx: access.find_members(tx, everything))

    assert set(found) == {(p.user_id, c) for p, c in zip(people, chats, strict=True)}
    assert len([s for s in seen if s.startswith("SELECT")]) == 1
    assert await world.read(lambda r: access.find_members(r, [])) == {}
