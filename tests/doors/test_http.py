"""Every operation of the interface, tried by everyone."""

from typing import Any

import pytest

from tests.blackbox.people import Answer, Person, Town
from tests.doors.cast import CANARY, Home, furnish, ids_of_nobody
from tests.doors.table import FORGED, OPERATIONS, OUTSIDE, ROLES, Door, Ids

pytestmark = pytest.mark.slow
Operations = dict[str, tuple[str, str, bool]]
_read: list[Operations] = []


async def _document(town: Town) -> Operations:
    """Method, path and whether there is a body, by operation."""
    if not _read:
        # It is large and stays as it is: reading it took longer than the tests.
        _read.append(await _read_document(town))
    return _read[0]


async def _read_document(town: Town) -> Operations:
    paths = (await town.call("GET", "//openapi.json"))["paths"]
    return {
        operation["operationId"]: (method.upper(), path, "requestBody" in operation)
        for path, methods in paths.items()
        for method, operation in methods.items()
    }


async def _try(
    town: Town, name: str, home: Home, ids: Ids, person: Person | None, **extra: Any
) -> Answer:
    door = OPERATIONS[name]
    method, path, has_body = (await _document(town))[name]
    options: dict[str, Any] = {}
    if door.raw is not None:
        options["content"] = door.raw
        options["headers"] = {"content-type": "application/octet-stream"}
    elif has_body:
        assert door.body is not None, "the table lacks a body"
        options["json"] = {**door.body(home, ids), **extra}
    if door.query is not None:
        options["params"] = door.query(home, ids)
    token = person.token if person else None
    return await town.call(method, "/" + path.format(**ids), token=token, **options)


def _ids(home: Home, door: Door) -> Ids:
    return home.values(door.ids(home))


_knocked_at: list[Home] = []


async def _home(town: Town, name: str, status: int) -> Home:
    """One home for all who are refused or only look: they leave it as it was."""
    method, *_ = (await _document(town))[name]
    if status < 400 and method != "GET":
        return await furnish(town)
    if not _knocked_at:
        _knocked_at.append(await furnish(town))
    return _knocked_at[0]


def _leaks(answer: Answer) -> bool:
    return CANARY in answer.text or CANARY in str(answer.headers)


async def test_every_operation_has_a_line_in_the_table(town: Town):
    assert set(await _document(town)) == set(OPERATIONS)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_each_role_gets_what_the_table_says(town: Town, name: str):
    door = OPERATIONS[name]
    home = await _home(town, name, min(door.roles))
    got: dict[str, int] = {}
    for role in reversed(ROLES):
        if door.changing and role != "guest":
            home = await furnish(town)
        answer = await _try(town, name, home, _ids(home, door), home.person(role))
        got[role] = answer.status
    assert got == dict(zip(ROLES, door.roles, strict=True))


@pytest.mark.parametrize("name", OPERATIONS)
async def test_strangers_learn_nothing_and_cannot_tell_it_from_what_never_was(
    town: Town, name: str
):
    door = OPERATIONS[name]
    home = await _home(town, name, door.outside)
    for actor in OUTSIDE:
        person = home.person(actor)
        answer = await _try(town, name, home, _ids(home, door), person)
        assert answer.status == door.outside, f"{actor}: {answer.text}"
        assert door.secret or not _leaks(answer), answer.text
        if answer.status == 404:
            ids = _ids(home, door) | ids_of_nobody()
            nobody = await _try(town, name, home, ids, person)
            assert (nobody.status, nobody.text) == (404, answer.text)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_without_a_session_there_is_nothing(town: Town, name: str):
    door = OPERATIONS[name]
    home = await _home(town, name, door.anonymous)
    answer = await _try(town, name, home, _ids(home, door), None)
    assert answer.status == door.anonymous, answer.text
    assert door.secret or not _leaks(answer)


@pytest.mark.parametrize("name", [name for name, door in OPERATIONS.items() if door.body])
async def test_a_forged_field_is_refused_even_from_the_owner(town: Town, name: str):
    home = await _home(town, name, 400)
    ids = _ids(home, OPERATIONS[name])
    for field in FORGED:
        answer = await _try(town, name, home, ids, home.ana, **{field: "1"})
        assert (answer.status, answer["code"]) == (400, "bad_request"), answer.text


async def test_lists_of_a_stranger_and_of_a_former_member_hold_nothing_of_the_chat(town: Town):
    home = await furnish(town)
    for actor in OUTSIDE:
        person = home.person(actor)
        for path in ("/chats", "/invites", "/auth/sessions", f"/users?q={CANARY[:20]}"):
            answer = await person.call("GET", path)
            assert not _leaks(answer)
            assert home.chat_id not in answer.text
            assert home.invite_id not in answer.text
