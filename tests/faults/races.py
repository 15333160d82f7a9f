"""Fifty at once, over two nodes, want what only one may have: exactly one gets it."""

import asyncio
import itertools
import time
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import Any

from tests.blackbox.people import Answer, Person, Town, new_id
from tests.faults.town import Scene, seed

MANY = 50
_RETRIES = 20
_BETWEEN_S = 0.5


class Crowd:
    """People of a race, each at one of the nodes."""

    def __init__(self, towns: list[Town], people: list[Person]) -> None:
        self.towns = towns
        self.people = people
        self._next = itertools.cycle(towns)

    def somewhere(self, person: Person) -> Person:
        """The same person at the next node."""
        town = next(self._next)
        return Person(town, person.username, person.user_id, person.session_id, person.token)


async def race(scene: Scene) -> str:
    """Round after round of every race until the time is over."""
    accounts, _ = await seed(scene.cluster, MANY + 2, 0, 1)
    towns = [Town(node.address) for node in (scene.victim, scene.other)]
    people = [Person(towns[0], one.username, one.user_id, "", one.token) for one in accounts]
    crowd = Crowd(towns, people)
    end, rounds = time.monotonic() + scene.hold_s, 0
    try:
        while not rounds or time.monotonic() < end:
            for one in (_one_id, _one_invitation, _one_direct_chat, _one_edit, _in_and_out):
                scene.strange += [f"{one.__name__}: {told}" for told in await one(crowd)]
                await asyncio.sleep(_BETWEEN_S)
            rounds += 1
    finally:
        for town in towns:
            await town.close()
    return f"{rounds} rounds of 5 races"


async def _call(person: Person, method: str, path: str, **options: Any) -> Answer:
    """Ask until there is an answer that is not `try again`."""
    answer = await person.call(method, path, **options)
    for _ in range(_RETRIES):
        if answer.status not in {503, 504}:
            break
        await asyncio.sleep(0.1)
        answer = await person.call(method, path, **options)
    return answer


async def _count(calls: Iterable[Awaitable[Answer]]) -> tuple[Counter[int], list[Answer]]:
    answers = await asyncio.gather(*calls)
    return Counter(answer.status for answer in answers), list(answers)


def _unless(well: bool, told: object) -> list[str]:
    return [] if well else [str(told)]


async def _one_id(crowd: Crowd) -> list[str]:
    """One message id, sent fifty times at once, is one message with one place."""
    ana = crowd.people[0]
    chat_id, message_id = await ana.found(), new_id()
    path, body = f"/chats/{chat_id}/messages/{message_id}", {"body": {"text": "una vez"}}
    statuses, answers = await _count(
        _call(crowd.somewhere(ana), "PUT", path, json=body) for _ in range(MANY)
    )
    places = {answer["seq"] for answer in answers if answer.status in {200, 201}}
    stored = await ana.read(chat_id)
    # An answer that was lost with a `timeout` may have been the first.
    well = statuses[201] <= 1 and statuses[200] + statuses[201] == MANY
    return _unless(well and places == {1} and len(stored) == 1, (statuses, places, len(stored)))


async def _one_invitation(crowd: Crowd) -> list[str]:
    """An invitation for one lets one in."""
    ana, _, *guests = crowd.people
    chat_id = await ana.found()
    made = await _call(ana, "POST", "/invites", json={"chat_ids": [chat_id], "max_uses": 1})
    wanted = {"invite": made["invite"]}
    statuses, _ = await _count(
        _call(crowd.somewhere(guest), "POST", "/invites/accept", json=wanted) for guest in guests
    )
    members = (await ana.call("GET", f"/chats/{chat_id}/members"))["members"]
    return _unless(statuses[200] == 1 and len(members) == 2, (statuses, len(members)))


async def _one_direct_chat(crowd: Crowd) -> list[str]:
    """A direct chat that is begun from both sides at once is one."""
    ana, ben = crowd.people.pop(), crowd.people[0]
    crowd.people.insert(2, ana)
    statuses, answers = await _count(
        _call(
            crowd.somewhere(one),
            *("POST", "/chats"),
            json={"kind": "direct", "member_ids": [other.user_id]},
        )
        for one, other in [(ana, ben), (ben, ana)] * (MANY // 2)
    )
    chats = {answer.body and answer.body.get("chat_id") for answer in answers}
    well = statuses[200] + statuses[201] == MANY and statuses[201] <= 1
    return _unless(well and len(chats) == 1, (statuses, chats))


async def _one_edit(crowd: Crowd) -> list[str]:
    """Fifty edits of one revision: one is made, the others are told of the conflict."""
    ana = crowd.people[0]
    chat_id, message_id = await ana.found(), new_id()
    await ana.post(chat_id, "antes", message_id)
    path = f"/chats/{chat_id}/messages/{message_id}"

    def edit(number: int) -> Awaitable[Answer]:
        body = {"body": {"text": f"edición {number}"}, "change_id": new_id(), "base_revision": 1}
        return _call(crowd.somewhere(ana), "PATCH", path, json=body)

    statuses, _ = await _count(edit(number) for number in range(MANY))
    return _unless(statuses == {200: 1, 409: MANY - 1}, statuses)


async def _in_and_out(crowd: Crowd) -> list[str]:
    """One member added and removed from all sides: comes and goes alternate in the log."""
    ana, ben = crowd.people[:2]
    chat_id = await ana.found()
    path = f"/chats/{chat_id}/members/{ben.user_id}"
    statuses, _ = await _count(
        _call(crowd.somewhere(ana), "PUT", path, json={"role": "member"})
        if number % 2
        else _call(crowd.somewhere(ana), "DELETE", path)
        for number in range(MANY)
    )
    log = (await ana.call("GET", f"/chats/{chat_id}/events?limit=200"))["events"]
    kinds = [one["kind"] for one in log if one["data"].get("user_id") == ben.user_id]
    turns = ["member.joined", "member.left"] * (len(kinds) // 2 + 1)
    members = (await ana.call("GET", f"/chats/{chat_id}/members"))["members"]
    is_in = ben.user_id in {member["user_id"] for member in members}
    well = kinds == turns[: len(kinds)] and is_in == (kinds[-1:] == ["member.joined"])
    fine = well and set(statuses) <= {200, 201, 204, 404}
    return _unless(fine, (statuses, kinds, is_in))
