import pytest

from tests.core import World, kinds, new_change_id, new_message_id, refused
from uptc_messenger.models.base import ChatId, MessageId, UserId
from uptc_messenger.services.messages.changing import MAX_EMOJIS

Scene = tuple[UserId, UserId, ChatId, MessageId]


@pytest.fixture
async def scene(world: World) -> Scene:
    """Ana owns a group with Luis and has said something in it."""
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis)
    return ana, luis, chat, await world.say(ana, chat, "hola")


async def test_an_edit_is_one_entry_more_and_the_message_stays_where_it_was(
    world: World, scene: Scene
):
    ana, luis, chat, said = scene
    changed = await world.edit(ana, (chat, said), "hola a todos")
    assert (changed.seq, changed.revision) == (2, 2)
    (now,) = await world.page(luis, chat)
    assert now.body
    assert (now.seq, now.n, now.revision, now.body.text) == (1, 1, 2, "hola a todos")
    assert now.edited_at
    assert kinds(world.told_to_chat(chat)) == ["message.new", "message.edited"]


async def test_an_edit_made_twice_is_one_edit(world: World, scene: Scene):
    ana, _, chat, said = scene
    change = new_change_id()
    first = await world.edit(ana, (chat, said), "uno", change)
    again = await world.edit(ana, (chat, said), "uno", change)
    assert (again.seq, again.duplicate) == (first.seq, True)
    assert await refused(world.delete(ana, (chat, await world.say(ana, chat, "x")), change)) == (
        "id_conflict"
    )


async def test_the_id_of_a_change_means_one_change_only(world: World, scene: Scene):
    ana, luis, chat, said = scene
    change = new_change_id()
    await world.edit(ana, (chat, said), "uno", change)
    assert await refused(world.edit(ana, (chat, said), "dos", change)) == "id_conflict"
    assert await refused(world.delete(ana, (chat, said), change)) == "id_conflict"
    (now,) = await world.page(luis, chat)
    assert now.body
    assert now.body.text == "uno"
    gone = new_change_id()
    await world.delete(ana, (chat, said), gone)
    assert (await world.delete(ana, (chat, said), gone)).duplicate
    assert await refused(world.edit(ana, (chat, said), "uno", gone)) == "id_conflict"


async def test_the_forms_of_one_emoji_are_one_reaction(world: World, scene: Scene):
    ana, luis, chat, said = scene
    await world.react(ana, (chat, said), "❤")
    await world.react(luis, (chat, said), "❤️")
    (now,) = await world.page(luis, chat)
    assert [(r.emoji, r.count) for r in now.reactions] == [("❤️", 2)]


async def test_an_edit_of_what_was_edited_meanwhile_is_a_conflict(world: World, scene: Scene):
    ana, _, chat, said = scene
    await world.edit(ana, (chat, said), "uno", base_revision=1)
    assert await refused(world.edit(ana, (chat, said), "dos", base_revision=1)) == "conflict"
    assert (await world.edit(ana, (chat, said), "dos", base_revision=2)).revision == 3


async def test_the_same_text_again_changes_nothing(world: World, scene: Scene):
    ana, _, chat, said = scene
    assert (await world.edit(ana, (chat, said), "hola")).duplicate
    assert (await world.chat(ana, chat)).seq == 1


async def test_only_the_author_edits_and_an_admin_may_delete(world: World, scene: Scene):
    ana, luis, chat, said = scene
    theirs = await world.say(luis, chat, "mío")
    assert await refused(world.edit(luis, (chat, said), "x")) == "forbidden"
    assert await refused(world.edit(ana, (chat, theirs), "x")) == "forbidden"
    assert await refused(world.delete(luis, (chat, said))) == "forbidden"
    assert (await world.delete(ana, (chat, theirs))).seq == 3


async def test_nobody_deletes_the_others_words_in_a_direct_chat(world: World):
    ana, luis = await world.users("ana", "luis")
    chat = await world.group(ana, luis, kind="direct")
    said = await world.say(luis, chat, "lo dicho")
    assert await refused(world.delete(ana, (chat, said))) == "forbidden"


async def test_a_deleted_message_leaves_a_tombstone_and_nothing_of_what_it_said(
    world: World, scene: Scene
):
    ana, luis, chat, said = scene
    await world.edit(ana, (chat, said), "algo peor")
    await world.react(luis, (chat, said), "👎")
    await world.delete(ana, (chat, said))
    (now,) = await world.page(luis, chat)
    assert (now.deleted, now.body, now.reactions, now.mentions) == (True, None, [], [])
    assert (await world.chat(luis, chat)).n == 1
    told = str(await world.events(luis, chat))
    assert "hola" not in told
    assert "peor" not in told
    assert (await world.delete(ana, (chat, said))).duplicate
    assert await refused(world.edit(ana, (chat, said), "vuelve")) == "conflict"
    assert await refused(world.react(luis, (chat, said), "👍")) == "conflict"


async def test_a_reaction_counts_once_for_each_person(world: World, scene: Scene):
    ana, luis, chat, said = scene
    assert (await world.react(luis, (chat, said), "👍")).seq == 2
    assert (await world.react(luis, (chat, said), "👍")).duplicate
    await world.react(ana, (chat, said), "👍")
    (seen,) = await world.page(luis, chat)
    assert [(r.emoji, r.count, r.mine) for r in seen.reactions] == [("👍", 2, True)]
    await world.react(luis, (chat, said), "👍", on=False)
    assert (await world.react(luis, (chat, said), "👍", on=False)).duplicate
    (seen,) = await world.page(ana, chat)
    assert [(r.emoji, r.count) for r in seen.reactions] == [("👍", 1)]


@pytest.mark.parametrize("emoji", ["a", "ok", "ñ", "👍 👍", "1", "\n", "👍a"])
async def test_a_reaction_is_an_emoji(world: World, scene: Scene, emoji: str):
    _, luis, chat, said = scene
    assert await refused(world.react(luis, (chat, said), emoji)) == "bad_request"


async def test_a_message_has_so_many_different_reactions_and_no_more(world: World, scene: Scene):
    ana, luis, chat, said = scene
    for number in range(MAX_EMOJIS):
        await world.react(luis, (chat, said), chr(0x1F600 + number))
    assert await refused(world.react(luis, (chat, said), "🚀")) == "too_large"
    assert (await world.react(ana, (chat, said), chr(0x1F600))).seq


async def test_what_one_may_not_see_is_not_there(world: World, scene: Scene):
    ana, _, chat, said = scene
    eva = await world.user("eva")
    assert await refused(world.edit(eva, (chat, said), "x")) == "not_found"
    assert await refused(world.delete(ana, (chat, new_message_id()))) == "not_found"
    await world.add(chat, ana, eva, "guest")
    assert await refused(world.react(eva, (chat, said), "👍")) == "forbidden"
