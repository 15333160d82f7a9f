import pytest

from tests.fakes import Running, ServerTasks
from tests.talk import Talker, dial, person


async def test_a_token_opens_a_session(server: Running):
    ana = await person(server, "ana")
    talker = await ana.connect(id="first")
    welcome = talker.heard[0]
    assert welcome["user_id"] == ana.user_id
    assert welcome["session_id"] == ana.session_id
    assert welcome["protocol"] == "uptc.v1.json"
    assert (welcome["ref"], welcome["resumed"], welcome["heads"]) == ("first", False, [])
    assert welcome["limits"]["frame"] == 65_536


@pytest.mark.parametrize("token", ["nobody's", None])
async def test_without_a_good_token_the_socket_closes(server: Running, token: str | None):
    talker = Talker(await dial(server))
    hello = {"type": "hello", "id": 7} | ({"token": token} if token else {})
    await talker.say(hello)
    refusal = await talker.hear("error")
    assert (refusal["code"], refusal["ref"]) == ("unauthenticated", 7)
    assert await talker.closed() == 4503


async def test_a_browser_is_known_by_its_cookie(server: Running):
    ana = await person(server, "ana")
    cookie = {"Cookie": f"session={ana.token}"}
    talker = Talker(await dial(server, origin=server.address, additional_headers=cookie))
    await talker.say({"type": "hello", "id": 1})
    assert (await talker.hear("welcome"))["user_id"] == ana.user_id


async def test_too_many_sessions_of_one_person_are_refused(servers: ServerTasks):
    server = await servers.start(websocket_max_user_sessions=1)
    ana = await person(server, "ana")
    await ana.connect()
    second = Talker(await dial(server))
    await second.say({"type": "hello", "token": ana.token})
    assert (await second.hear("error"))["code"] == "conflict"
    assert await second.closed() == 4506


async def test_a_full_server_says_when_to_come_back(servers: ServerTasks):
    server = await servers.start(websocket_max_sessions=1)
    ana, ben = await person(server, "ana"), await person(server, "ben")
    await ana.connect()
    late = Talker(await dial(server))
    await late.say({"type": "hello", "token": ben.token})
    refusal = await late.hear("error")
    assert (refusal["code"], refusal["retryable"]) == ("overloaded", True)
    assert refusal["retry_after_ms"] > 0
    assert await late.closed() == 4013
