"""Fifty at once want what only one may have: exactly one gets it."""

import asyncio
import secrets
from collections import Counter

from tests.blackbox.people import PASSWORD, Answer, Town, new_id

MANY = 50


def _count(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


async def test_one_username_has_one_account(town: Town):
    wanted = {"username": f"ana-{secrets.token_hex(5)}", "password": PASSWORD}
    calls = (town.call("POST", "/auth/register", json=wanted) for _ in range(MANY))
    assert _count(await asyncio.gather(*calls)) == {201: 1, 409: MANY - 1}


async def test_an_invitation_for_one_lets_one_in(town: Town):
    ana = await town.person("ana")
    chat_id = await ana.found()
    wanted = {"chat_ids": [chat_id], "max_uses": 1}
    made = await ana.call("POST", "/invites", json=wanted)
    assert made.status == 201, made.text
    guests = [await town.person("eve") for _ in range(MANY)]
    body = {"invite": made["invite"]}
    answers = await asyncio.gather(*(g.call("POST", "/invites/accept", json=body) for g in guests))
    assert _count(answers) == {200: 1, 404: MANY - 1}
    members = await ana.call("GET", f"/chats/{chat_id}/members")
    assert len(members["members"]) == 2


async def test_two_last_owners_who_leave_at_once_do_not_both_leave(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    for _ in range(10):
        chat_id = await ana.found(ben)
        path = f"/chats/{chat_id}/members"
        handed = await ana.call("PUT", f"{path}/{ben.user_id}", json={"role": "owner"})
        assert handed.status == 200, handed.text
        answers = await asyncio.gather(
            ana.call("DELETE", f"{path}/{ana.user_id}"), ben.call("DELETE", f"{path}/{ben.user_id}")
        )
        assert _count(list(answers)) == {204: 1, 409: 1}


async def test_one_id_sent_fifty_times_at_once_is_one_message(town: Town):
    ana = await town.person("ana")
    chat_id = await ana.found()
    message_id = new_id()
    answers = await asyncio.gather(*(ana.post(chat_id, "una vez", message_id) for _ in range(MANY)))
    assert _count(answers) == {201: 1, 200: MANY - 1}
    assert {answer["seq"] for answer in answers} == {1}
    assert len(await ana.read(chat_id)) == 1


async def test_a_direct_chat_begun_from_both_sides_at_once_is_one(town: Town):
    ana, ben = await town.person("ana"), await town.person("ben")
    answers = await asyncio.gather(
        *(
            a.call("POST", "/chats", json={"kind": "direct", "member_ids": [b.user_id]})
            for a, b in [(ana, ben), (ben, ana)] * (MANY // 2)
        )
    )
    assert _count(answers) == {201: 1, 200: MANY - 1}
    assert len({answer["chat_id"] for answer in answers}) == 1


async def test_nothing_is_written_by_somebody_who_was_already_removed(town: Town):
    ana, eve = await town.person("ana"), await town.person("eve")
    chat_id = await ana.found(eve)
    path = f"/chats/{chat_id}/members/{eve.user_id}"
    *posts, removed = await asyncio.gather(
        *(eve.post(chat_id, f"mensaje {number}") for number in range(MANY)),
        ana.call("DELETE", path),
    )
    assert removed.status == 204
    assert set(_count(posts)) <= {201, 404}
    log = (await ana.call("GET", f"/chats/{chat_id}/events?limit=200"))["events"]
    (left,) = (event["seq"] for event in log if event["kind"] == "member.left")
    assert left == log[-1]["seq"] == len(log)
    assert len(log) - 1 == _count(posts)[201]
