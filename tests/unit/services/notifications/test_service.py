from tests.core import World
from uptc_messenger.services.notifications.config import MailConfig, NotifyConfig
from uptc_messenger.services.notifications.service import NOBODY, open_notifications


async def test_a_restart_signs_with_the_same_key(world: World):
    keys: set[str] = set()
    for _ in range(2):
        made = await open_notifications(
            world.database, world.clock, NotifyConfig(), MailConfig(), ""
        )
        keys.add(made.vapid.public_key)
        await made.close()
    assert len(keys) == 1


async def test_push_services_may_write_to_the_contact_or_see_the_public_address(world: World):
    found: list[str] = []
    for config, url in (
        (NotifyConfig(contact="mailto:a@example.edu"), "https://chat.example.edu"),
        (NotifyConfig(), "https://chat.example.edu"),
        (NotifyConfig(), "http://127.0.0.1:8000"),
    ):
        made = await open_notifications(world.database, world.clock, config, MailConfig(), url)
        found.append(made.vapid._contact)
        await made.close()
    assert found == ["mailto:a@example.edu", "https://chat.example.edu", NOBODY]
