from tests.sessions import new_chat, new_user
from uptc_messenger.services.websocket.rosters import Rosters


def test_a_roster_counts_only_until_somebody_comes_or_goes():
    rosters, chat, people = Rosters(), new_chat(), [new_user()]
    assert rosters.get(chat, 0) is None
    rosters.put(chat, 3, people)
    assert rosters.get(chat, 3) is people
    assert rosters.get(chat, 4) is None


def test_the_chat_unused_for_longest_makes_room():
    rosters, chats = Rosters(capacity=2), [new_chat() for _ in range(3)]
    for chat in chats[:2]:
        rosters.put(chat, 0, [])
    rosters.get(chats[0], 0)
    rosters.put(chats[2], 0, [])
    assert [rosters.get(chat, 0) for chat in chats] == [[], None, []]
    assert len(rosters) == 2
