import asyncio
from collections.abc import Awaitable, Callable

import msgspec
import pytest
import sqlalchemy as sa

from tests.unit.services.chats.world import World
from uptc_messenger.database import schema
from uptc_messenger.models.auth import Principal
from uptc_messenger.models.base import ChatId, InviteId, ServerRole
from uptc_messenger.models.chats import Invite, InviteCreation, InvitedChat
from uptc_messenger.models.errors import Forbidden, NotFound
from uptc_messenger.models.events import ChatJoined, MemberJoined
from uptc_messenger.services import users
from uptc_messenger.services.chats import invites
from uptc_messenger.toolkit.clock import rfc3339
from uptc_messenger.toolkit.ids import fingerprint, uuid7

Damage = Callable[["Scene"], Awaitable[object]]


class Scene:
    """Ana's group, into which Ben, an admin, has invited; Eve is outside."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def set(self) -> "Scene":
        self.ana = await self.world.person("ana")
        self.ben = await self.world.person("ben")
        self.eve = await self.world.person("eve")
        self.chat_id = await self.world.chat(self.ana)
        await self.world.put(self.ana, self.chat_id, self.ben, "admin")
        self.invite = await self.make(self.ben, chat_ids=[self.chat_id], max_uses=2)
        self.world.forget()
        return self

    async def make(self, by: Principal, **wanted: object) -> Invite:
        creation = msgspec.convert(wanted, InviteCreation)
        return await self.world.write(lambda tx: invites.create(tx, by, creation))

    async def accept(self, person: Principal, invite: Invite | None = None) -> list[ChatId]:
        code = secret_of(invite or self.invite)
        return await self.world.write(lambda tx: invites.accept(tx, code, person.user_id))

    async def uses(self, invite: Invite | None = None) -> int:
        column = sa.select(schema.invites.c.uses)
        query = column.where(schema.invites.c.id == (invite or self.invite).invite_id)
        return await self.world.read(lambda r: r.value(query))

    async def listed(self, by: Principal, limit: int = 50) -> list[InviteId]:
        found: list[InviteId] = []
        place: InviteId | None = invites.FIRST
        while place is not None:
            page, place = await self.world.read(
                lambda r, b=place: invites.page(r, by, b, self.world.now, limit)
            )
            found += [invite.invite_id for invite in page]
        return found


def secret_of(invite: Invite) -> str:
    assert isinstance(invite.invite, str)
    return invite.invite


@pytest.fixture
async def scene(world: World) -> Scene:
    return await Scene(world).set()


async def test_an_invitation_shows_its_secret_once(scene: Scene):
    world = scene.world
    made = await scene.make(scene.ana, chat_ids=[scene.chat_id, scene.chat_id], expires_in_s=60)

    assert made == Invite(
        invite_id=made.invite_id,
        chat_ids=[scene.chat_id],
        role="member",
        expires_at=rfc3339(world.now + 60_000),
        uses=0,
        max_uses=None,
        invite=made.invite,
    )
    assert len(secret_of(made)) >= 22
    page, _ = await world.read(lambda r: invites.page(r, scene.ana, invites.FIRST, world.now, 50))
    assert made.invite_id in {invite.invite_id for invite in page}
    assert all(invite.invite is msgspec.UNSET for invite in page)
    rows = await world.read(lambda r: r.all(sa.select(schema.invites)))
    assert secret_of(made) not in str(rows)
    assert fingerprint(secret_of(made)) in {row.secret_hash for row in rows}


async def test_the_preview_needs_no_account(scene: Scene):
    world = scene.world
    code = secret_of(scene.invite)
    shown = await world.read(lambda r: invites.preview(r, code, world.now))
    assert (shown.inviter.username, shown.role) == ("ben", "member")
    assert shown.chats == [InvitedChat(title="Redes", member_count=2)]
    assert await scene.uses() == 0


async def test_accepting_is_joining(scene: Scene):
    world = scene.world
    other = await world.chat(scene.ben)
    both = await scene.make(scene.ben, chat_ids=[scene.chat_id, other], role="guest")
    world.forget()

    assert await scene.accept(scene.eve, both) == [scene.chat_id, other]

    told = world.told(scene.eve)
    assert [e.data.chat_id for e in told if isinstance(e, ChatJoined)] == [scene.chat_id, other]
    assert [type(event) for event in world.log] == [MemberJoined, MemberJoined]
    assert {event.actor_id for event in world.log} == {scene.eve.user_id}
    assert (await world.member(scene.eve, other)).role == "guest"
    assert await scene.uses(both) == 1


async def test_who_is_inside_uses_nothing(scene: Scene):
    assert await scene.accept(scene.ana) == [scene.chat_id]
    assert await scene.uses() == 0
    assert scene.world.heard == []

    one = await scene.make(scene.ben, chat_ids=[scene.chat_id], max_uses=1)
    await scene.accept(scene.eve, one)
    assert await scene.accept(scene.eve, one) == [scene.chat_id]
    assert await scene.uses(one) == 1


async def test_of_fifty_who_come_at_once_by_a_single_use_one_gets_in(scene: Scene):
    people = [await scene.world.person(f"user{number:02d}") for number in range(50)]
    one = await scene.make(scene.ben, chat_ids=[scene.chat_id], max_uses=1)

    results = await asyncio.gather(
        *(scene.accept(person, one) for person in people), return_exceptions=True
    )

    assert results.count([scene.chat_id]) == 1
    assert sum(isinstance(result, NotFound) for result in results) == 49
    assert await scene.uses(one) == 1
    assert (await scene.world.see(scene.ana, scene.chat_id)).member_count == 3


async def use_up(scene: Scene) -> None:
    for name in ("uno", "dos"):
        await scene.accept(await scene.world.person(name))


async def expire(scene: Scene) -> None:
    invite = await scene.make(scene.ben, chat_ids=[scene.chat_id], expires_in_s=60)
    scene.invite = invite
    scene.world.now += 60_000


async def revoke(scene: Scene) -> None:
    await scene.world.write(lambda tx: invites.revoke(tx, scene.ben, scene.invite.invite_id))


async def demote(scene: Scene) -> None:
    await scene.world.put(scene.ana, scene.chat_id, scene.ben, "member")


async def remove(scene: Scene) -> None:
    await scene.world.remove(scene.ana, scene.chat_id, scene.ben)


async def disable(scene: Scene) -> None:
    await scene.world.disable(scene.ben)


async def delete(scene: Scene) -> None:
    await scene.world.delete(scene.ana, scene.chat_id)


async def become_guest(scene: Scene) -> None:
    ben = scene.ben.user_id
    await scene.world.write(lambda tx: users.set_role(tx, ben, "guest"))


@pytest.mark.parametrize(
    "damage", [use_up, expire, revoke, demote, remove, disable, delete, become_guest]
)
async def test_a_dead_invitation_is_refused_like_one_that_never_was(scene: Scene, damage: Damage):
    world = scene.world
    await damage(scene)
    world.forget()
    never = msgspec.structs.replace(scene.invite, invite="never")
    said: set[tuple[str, str]] = set()
    for invite in (scene.invite, never):
        code = secret_of(invite)
        with pytest.raises(NotFound) as seen:
            await world.read(lambda r, c=code: invites.preview(r, c, world.now))
        with pytest.raises(NotFound) as registered:
            await world.write(lambda tx, c=code: invites.for_registration(tx, c))
        with pytest.raises(NotFound) as accepted:
            await scene.accept(scene.eve, invite)
        said |= {(e.value.code, e.value.sentence) for e in (seen, registered, accepted)}
    assert len(said) == 1
    assert world.heard == []


@pytest.mark.parametrize("damage", [use_up, expire, revoke, demote, remove, delete])
async def test_a_dead_invitation_is_not_listed(scene: Scene, damage: Damage):
    assert await scene.listed(scene.ben) == [scene.invite.invite_id]
    await damage(scene)
    assert scene.invite.invite_id not in await scene.listed(scene.ben)


async def test_who_gets_the_right_back_gets_the_invitation_back(scene: Scene):
    await demote(scene)
    await scene.world.put(scene.ana, scene.chat_id, scene.ben, "admin")
    assert await scene.accept(scene.eve) == [scene.chat_id]


async def test_only_who_may_add_people_may_invite(scene: Scene):
    world = scene.world
    await world.put(scene.ana, scene.chat_id, scene.eve, "member")
    direct = await world.chat(scene.ana, scene.ben, kind="direct")
    guest = await world.person("gus", "guest")
    await world.put(scene.ana, scene.chat_id, guest, "admin")
    foreign = await world.chat(scene.eve)

    for by, wanted, problem in (
        (scene.eve, {"chat_ids": [scene.chat_id]}, Forbidden),
        (scene.ben, {"chat_ids": [scene.chat_id], "role": "admin"}, Forbidden),
        (guest, {"chat_ids": [scene.chat_id]}, Forbidden),
        (scene.ana, {"chat_ids": [direct]}, Forbidden),
        (scene.ana, {"chat_ids": [scene.chat_id, foreign]}, NotFound),
        (scene.ana, {"chat_ids": [ChatId(uuid7())]}, NotFound),
        (scene.ana, {}, Forbidden),
    ):
        with pytest.raises(problem):
            await scene.make(by, **wanted)
    assert (await scene.make(scene.ana, chat_ids=[scene.chat_id], role="admin")).role == "admin"


async def test_the_server_is_opened_by_its_admins(scene: Scene):
    world = scene.world
    admin = await world.person("root", "admin")
    owner = await world.person("dean", "owner")
    with pytest.raises(Forbidden):
        await scene.make(admin, role="admin")
    assert (await scene.make(owner, role="admin")).chat_ids == []
    assert (await scene.make(admin, role="guest")).role == "guest"


async def test_a_registration_gets_a_role_and_uses_a_server_invitation(scene: Scene):
    world = scene.world
    owner = await world.person("dean", "owner")
    server = await scene.make(owner, role="admin", max_uses=1)

    async def register(name: str, invite: Invite) -> tuple[ServerRole, list[ChatId]]:
        code = secret_of(invite)
        role: ServerRole = await world.write(lambda tx: invites.for_registration(tx, code))
        assert await world.write(lambda tx: invites.for_registration(tx, code)) == role
        person = await world.person(name, role)
        joined = await world.write(lambda tx: invites.welcome(tx, code, person.user_id))
        return role, joined

    assert await scene.accept(scene.eve, server) == []
    assert await register("nuevo", server) == ("admin", [])
    assert await scene.uses(server) == 1
    with pytest.raises(NotFound):
        await register("otra", server)

    assert await register("tercera", scene.invite) == ("member", [scene.chat_id])
    assert await scene.uses() == 1
    guests = await scene.make(scene.ben, chat_ids=[scene.chat_id], role="guest")
    assert await register("cuarta", guests) == ("guest", [scene.chat_id])
    admins = await scene.make(scene.ana, chat_ids=[scene.chat_id], role="admin")
    assert await register("quinta", admins) == ("member", [scene.chat_id])


async def test_everybody_who_answers_for_a_chat_sees_the_ways_into_it(scene: Scene):
    world = scene.world
    root = await world.person("root", "admin")
    dean = await world.person("dean", "owner")
    server = await scene.make(dean)
    admins = await scene.make(scene.ana, chat_ids=[scene.chat_id], role="admin")
    private = await world.chat(scene.ben)
    mixed = await scene.make(scene.ben, chat_ids=[scene.chat_id, private])
    await world.put(scene.ana, scene.chat_id, scene.eve, "member")

    assert await scene.listed(scene.ana) == [admins.invite_id, scene.invite.invite_id]
    assert await scene.listed(scene.ben) == [mixed.invite_id, scene.invite.invite_id]
    assert await scene.listed(scene.ben, limit=1) == [mixed.invite_id, scene.invite.invite_id]
    assert await scene.listed(scene.eve) == []
    assert await scene.listed(root) == [server.invite_id]
    assert await scene.listed(dean) == [server.invite_id]


async def test_an_invitation_is_revoked_by_who_could_make_it(scene: Scene):
    world = scene.world
    never = InviteId(uuid7())
    invite_id = scene.invite.invite_id

    async def end(by: Principal, invite_id: InviteId) -> None:
        await world.write(lambda tx: invites.revoke(tx, by, invite_id))

    for by, foreign in ((scene.eve, invite_id), (scene.ana, never)):
        with pytest.raises(NotFound) as refused:
            await end(by, foreign)
        assert refused.value.sentence == NotFound.default
    await end(scene.ana, invite_id)
    with pytest.raises(NotFound):
        await end(scene.ana, invite_id)

    own = await scene.make(scene.ben, chat_ids=[scene.chat_id])
    await demote(scene)
    await end(scene.ben, own.invite_id)
