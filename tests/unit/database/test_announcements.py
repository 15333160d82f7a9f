from uptc_messenger.database.announcements import Announcements
from uptc_messenger.models.events import Publication


def test_what_a_commit_announces_reaches_every_listener_in_order():
    heard: list[tuple[str, object]] = []
    announcements = Announcements()
    announcements.add(lambda publications: heard.append(("first", publications)))
    announcements.add(lambda publications: heard.append(("second", publications)))
    publications: list[Publication] = []
    announcements.publish(publications)
    assert heard == [("first", publications), ("second", publications)]
