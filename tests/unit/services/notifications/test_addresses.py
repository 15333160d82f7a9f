import pytest

from tests.core import World, refused
from uptc_messenger.models.base import UserId
from uptc_messenger.models.notifications import NotificationSettings
from uptc_messenger.services.notifications import addresses, preferences, tickets
from uptc_messenger.services.notifications.addresses import Returned
from uptc_messenger.services.notifications.tickets import Purpose, Ticket

KEY = bytes(32)


async def put(world: World, user: UserId, address: str | None) -> NotificationSettings:
    return await world.database.write(lambda tx: addresses.put(tx, user, address))


def code(user: UserId, purpose: Purpose, address: str) -> str:
    return tickets.issue(KEY, purpose, address, Ticket(user_id=user, ends_at=0))


async def test_an_address_counts_once_its_reader_says_so(world: World):
    ana = await world.user("ana")
    assert (await put(world, ana, "ana@example.edu")).address_state == "unconfirmed"
    link = code(ana, "confirm", "ana@example.edu")
    for _ in range(2):
        assert await world.database.write(lambda tx: addresses.confirm(tx, KEY, link)) == ana
        after = await world.database.read(lambda r: preferences.of(r, ana))
        assert after.address_state == "confirmed"
    assert (await put(world, ana, "ana@example.edu")).address_state == "confirmed"
    assert (await put(world, ana, "otra@example.edu")).address_state == "unconfirmed"
    work = world.database.write(lambda tx: addresses.confirm(tx, KEY, link))
    assert await refused(work) == "not_found"
    assert (await put(world, ana, None)).address_state == "none"


@pytest.mark.parametrize(
    "wrong",
    [
        "ana",
        "ana@",
        "@example.edu",
        "a b@example.edu",
        "ana@example.edu\r\nBcc: x@y.z",
        "a@b@c",
        "ana@-",
        "ana@example.edu>",
        "ñ@example.edu",
        "x" * 65 + "@example.edu",
    ],
)
async def test_what_no_mail_server_takes(world: World, wrong: str):
    ana = await world.user("ana")
    assert await refused(put(world, ana, wrong)) == "bad_request"


async def test_one_click_ends_the_letters_and_only_theirs(world: World):
    ana, luis = await world.users("ana", "luis")
    for user in (ana, luis):
        await put(world, user, "both@example.edu")
        await world.database.write(
            lambda tx, user=user: preferences.change(tx, user, {"mail": "daily"})
        )
    link = code(ana, "unsubscribe", "both@example.edu")
    assert await world.database.write(lambda tx: addresses.unsubscribe(tx, KEY, link)) == ana
    after = await world.database.read(lambda r: preferences.of(r, ana))
    assert after.mail == "off"
    other = await world.database.read(lambda r: preferences.of(r, luis))
    assert other.mail == "daily"
    wrong = world.database.write(lambda tx: addresses.confirm(tx, KEY, link))
    assert await refused(wrong) == "not_found"
    whose = await world.database.read(lambda r: addresses.look(r, KEY, link, "unsubscribe", 0))
    assert whose == ana


async def test_a_letter_that_came_back_is_believed_of_whom_we_sent_it_to(world: World):
    ana, luis = await world.users("ana", "luis")
    for user in (ana, luis):
        await put(world, user, "both@example.edu")
    name = tickets.signed(KEY, "both@example.edu", f"{ana}-digest-1")
    for message_id, count in (("<forged@example.edu>", 0), (f"<{name}@example.edu>", 1)):
        letter = Returned(message_id=message_id, key=KEY)
        found = await world.database.write(
            lambda tx, letter=letter: addresses.refused(tx, "both@example.edu", "550", letter)
        )
        assert found == count
    other = await world.database.read(lambda r: preferences.of(r, luis))
    assert other.address_state == "unconfirmed"


async def test_mail_that_came_back_stops_what_goes_there(world: World):
    ana = await world.user("ana")
    await put(world, ana, "Ana@Example.edu")
    count = await world.database.write(
        lambda tx: addresses.refused(tx, "ana@example.edu", "550 gone")
    )
    assert count == 1
    found = await world.database.read(lambda r: preferences.of(r, ana))
    assert found.address_state == "refused"
    assert (await put(world, ana, "Ana@Example.edu")).address_state == "unconfirmed"
    nobody = await world.database.write(lambda tx: addresses.refused(tx, "x@y.z", ""))
    assert nobody == 0
