"""Who was removed, or whose session ended, hears nothing more: not live and not by coming back."""

import asyncio
import secrets
import sys
from collections.abc import Awaitable, Callable

import pytest

from tests.blackbox.people import PASSWORD, Frame, Person, Socket, Town, is_event
from tests.server import Server

SOON = 10.0
"""Clause D6 of the delivery contract says a second; here others use the machine as well."""


def _heard(socket: Socket, canary: str) -> bool:
    return any(canary in str(frame) for frame in socket.heard)


async def _remove(ana: Person, chat_id: str, eve: Person) -> None:
    removed = await ana.call("DELETE", f"/chats/{chat_id}/members/{eve.user_id}")
    assert removed.status == 204, removed.text


async def test_a_removed_member_hears_nothing_more_on_an_open_socket(town: Town):
    ana, eve = await town.person("ana"), await town.person("eve")
    chat_id = await ana.found(eve)
    listening, author = await eve.connect(chat_id), await ana.connect()
    await _remove(ana, chat_id, eve)
    await listening.hear(is_event("chat.left", chat_id=chat_id), within=SOON)
    canary = secrets.token_hex(16)
    for _ in range(50):
        await author.say(chat_id, canary)
    await listening.settle()
    assert not _heard(listening, canary)
    assert (await listening.say(chat_id, "hola"))["code"] == "not_found"
    assert (await listening.ask("view.set", open=[chat_id]))["code"] == "not_found"


async def test_a_removed_member_who_replays_what_was_good_before_learns_nothing(town: Town):
    ana, eve = await town.person("ana"), await town.person("eve")
    chat_id = await ana.found(eve)
    canary = secrets.token_hex(16)
    before = await eve.connect(chat_id)
    await _remove(ana, chat_id, eve)
    await ana.post(chat_id, canary)
    resume: Frame = {
        "useq": before.welcome["useq"],
        "sync_token": before.welcome["sync_token"],
        "open": [{"chat_id": chat_id, "seq": 0}],
    }
    await before.close()
    after = await town.open()
    view = {"open": [chat_id], "levels": {chat_id: "head"}}
    await after.send({"type": "hello", "token": eve.token, "resume": resume, "view": view})
    await after.hear(is_event("chat.left", chat_id=chat_id))
    assert (await after.ask("sync", chats=[{"chat_id": chat_id, "from_seq": 0}]))["code"] == (
        "not_found"
    )
    await ana.post(chat_id, canary)
    await after.settle()
    assert not _heard(after, canary)
    for door in ("", "/messages", "/events", "/members", "/receipts"):
        assert (await eve.call("GET", f"/chats/{chat_id}{door}")).status == 404


async def _log_out(eve: Person, _: Person) -> None:
    await eve.call("POST", "/auth/logout")


async def _change_password(_: Person, other: Person) -> None:
    wanted = {"old_password": PASSWORD, "new_password": "otras tres tazas de tinto"}
    assert (await other.call("POST", "/auth/password", json=wanted)).status == 200


async def _end_it(eve: Person, other: Person) -> None:
    assert (await other.call("DELETE", f"/auth/sessions/{eve.session_id}")).status == 204


async def _end_all_others(_: Person, other: Person) -> None:
    assert (await other.call("DELETE", "/auth/sessions")).status == 204


@pytest.mark.parametrize("end", [_log_out, _change_password, _end_it, _end_all_others])
async def test_an_ended_session_closes_its_socket_and_opens_no_other(
    town: Town, end: Callable[[Person, Person], Awaitable[None]]
):
    ana, eve = await town.person("ana"), await town.person("eve")
    other_device = await town.log_in(eve)
    chat_id = await ana.found(eve)
    listening = await eve.connect(chat_id)
    await end(eve, other_device)
    canary = secrets.token_hex(16)
    await ana.post(chat_id, canary)
    assert await listening.closed(within=SOON) == 4504
    assert not _heard(listening, canary)
    assert (await eve.call("GET", "/users/me")).status == 401
    again = await town.open()
    assert (await again.ask("hello", token=eve.token))["code"] in {
        "unauthenticated",
        "session_expired",
    }
    assert await again.closed() == 4503


async def test_the_other_session_goes_on(town: Town):
    eve = await town.person("eve")
    other_device = await town.log_in(eve)
    listening = await other_device.connect()
    await eve.call("POST", "/auth/logout")
    await listening.settle()
    assert (await other_device.call("GET", "/users/me")).status == 200


async def test_a_disabled_account_is_out_at_once(town: Town, shared_server: Server):
    eve = await town.person("eve")
    listening = await eve.connect()
    command = [sys.executable, "-m", "uptc_messenger", "user", "disable", eve.username]
    process = await asyncio.create_subprocess_exec(*command, "--data", str(shared_server.data))
    assert await process.wait() == 0
    assert await listening.closed() in {4504, 4505}
    assert (await eve.call("GET", "/users/me")).status == 401
