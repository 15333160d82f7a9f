from tests.fakes import Running
from tests.talk import Talker, dial, person


async def test_it_counts_sockets_and_sessions(server: Running):
    gateway = server.application.gateway
    ana = await person(server, "ana")
    first, second = await ana.connect(), await ana.connect()
    assert (gateway.sockets, gateway.hub.sessions) == (2, 2)
    assert gateway.hub.sessions_of(first.heard[0]["user_id"]) == 2
    await second.socket.close()
    await second.socket.wait_closed()


async def test_while_it_drains_nobody_new_comes_in(server: Running):
    gateway = server.application.gateway
    ana = await person(server, "ana")
    gateway.draining = True
    late = Talker(await dial(server))
    await late.say({"type": "hello", "token": ana.token})
    assert (await late.hear("error"))["code"] == "overloaded"
