"""Every command of a socket, tried by everyone."""

from typing import get_args

import pytest

from tests.blackbox.people import Frame, Socket, Town, is_frame
from tests.doors.cast import CANARY, Home, furnish, ids_of_nobody
from tests.doors.table import ANSWERED_BY_THE_SESSION, COMMANDS, FORGED, OUTSIDE, ROLES, Ids
from uptc_messenger.models.commands import AnyCommand


async def _try(socket: Socket, name: str, home: Home, ids: Ids, **extra: str) -> Frame | None:
    """The refusal, or None where the command was carried out."""
    wanted = {**COMMANDS[name].fields(home, ids), **extra}
    await socket.send({"type": name, "id": 1_000, **wanted}, {"type": "ping", "ts": 7})
    await socket.hear(is_frame("pong"))
    if name not in {"typing", "presence.set"}:
        answer = await socket.hear(lambda frame: frame.get("ref") == 1_000)
        return answer if answer["type"] == "error" else None
    # These have no answer when all is well: the next command's is proof that they were done.
    await socket.ask("view.set")
    errors = [frame for frame in socket.heard if frame["type"] == "error"]
    return errors[-1] if errors else None


def test_every_command_has_a_line_in_the_table():
    tags = {kind.__struct_config__.tag for kind in get_args(AnyCommand)}
    assert tags == set(COMMANDS) | ANSWERED_BY_THE_SESSION


@pytest.mark.parametrize("name", COMMANDS)
async def test_each_role_gets_what_the_table_says(town: Town, name: str):
    home = await furnish(town)
    got: list[str] = []
    for role in ROLES:
        socket = await home.person(role).connect()
        refused = await _try(socket, name, home, home.values())
        got.append(refused["code"] if refused else "")
    assert got == list(COMMANDS[name].roles)


@pytest.mark.parametrize("name", COMMANDS)
async def test_strangers_learn_nothing_and_cannot_tell_it_from_what_never_was(
    town: Town, name: str
):
    home = await furnish(town)
    for actor in OUTSIDE:
        socket = await home.person(actor).connect()
        refused = await _try(socket, name, home, home.values())
        assert (refused["code"] if refused else "") == COMMANDS[name].outside
        again = await _try(socket, name, home, home.values() | ids_of_nobody())
        assert _without_chat(again) == _without_chat(refused)
        await home.ana.post(home.chat_id, CANARY)
        await socket.settle()
        assert not any(CANARY in str(frame) for frame in socket.heard)


@pytest.mark.parametrize("name", [*COMMANDS, "ping", "pong", "ack"])
async def test_a_forged_field_is_refused(town: Town, name: str):
    home = await furnish(town)
    socket = await home.ana.connect()
    wanted = COMMANDS[name].fields(home, home.values()) if name in COMMANDS else {}
    for field in FORGED:
        refused = await socket.ask(name, **wanted, **{field: "1"})
        assert refused["code"] == "bad_request"


async def test_a_stranger_opens_nothing_with_a_hello(town: Town):
    home = await furnish(town)
    socket = await town.open()
    view = {"open": [home.chat_id], "levels": {home.chat_id: "head"}, "users": [home.ana.user_id]}
    resume = {"useq": 0, "open": [{"chat_id": home.chat_id, "seq": 0}]}
    await socket.send({"type": "hello", "token": home.eve.token, "view": view, "resume": resume})
    await socket.hear(is_frame("welcome"))
    await home.ana.connect(home.chat_id)
    await home.ana.post(home.chat_id, CANARY)
    await socket.settle()
    assert not any(CANARY in str(frame) for frame in socket.heard)
    told = [user for f in socket.heard if f["type"] == "presence" for user in f["users"]]
    assert told == []


def _without_chat(refused: Frame | None) -> Frame | None:
    return refused and {name: value for name, value in refused.items() if name != "details"}
