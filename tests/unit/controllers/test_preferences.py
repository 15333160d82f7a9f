import httpx
import pytest

from tests.fakes import code_of


@pytest.fixture
async def chat(ana: httpx.AsyncClient) -> str:
    made = await ana.post(
        "/api/v1/chats", json={"kind": "group", "title": "Redes", "member_ids": []}
    )
    return f"/api/v1/chats/{made.json()['chat_id']}"


WANTED = {"level": "mentions", "pinned": True, "archived": False}


async def test_preferences_are_put_as_a_whole(ana: httpx.AsyncClient, chat: str):
    until = "2100-01-02T03:04:05.678Z"
    first = await ana.put(f"{chat}/preferences", json={**WANTED, "muted_until": until})
    assert first.json() == {**WANTED, "muted_until": until}
    shown = (await ana.get(chat)).json()
    assert {name: shown[name] for name in (*WANTED, "muted_until")} == first.json()
    assert (await ana.put(f"{chat}/preferences", json=WANTED)).json() == WANTED
    listed = (await ana.get("/api/v1/chats")).json()["chats"][0]
    assert "muted_until" not in listed
    assert listed["level"] == "mentions"


@pytest.mark.parametrize(
    "change",
    [
        {"level": "loud"},
        {"pinned": None},
        {"muted_until": "2100-01-02T03:04:05"},
        {"muted_until": "mañana"},
        {"muted_until": 5},
        {"read_n": 1},
    ],
)
async def test_bad_preferences(ana: httpx.AsyncClient, chat: str, change: dict[str, object]):
    answer = await ana.put(f"{chat}/preferences", json={**WANTED, **change})
    assert code_of(answer) == "bad_request"
    assert code_of(await ana.put(f"{chat}/preferences", json={"level": "all"})) == "bad_request"


async def test_a_draft_is_kept_and_a_stale_one_refused(ana: httpx.AsyncClient, chat: str):
    first = await ana.put(f"{chat}/draft", json={"text": "ho", "version": 0})
    assert (first.status_code, first.json()) == (200, {"text": "ho", "version": 1})
    stale = await ana.put(f"{chat}/draft", json={"text": "ha", "version": 0})
    assert (stale.status_code, code_of(stale)) == (409, "conflict")
    assert stale.json()["details"] == {"text": "ho", "version": "1"}
    assert (await ana.get(chat)).json()["draft"] == first.json()
    cleared = await ana.put(f"{chat}/draft", json={"text": "", "version": 1})
    assert cleared.json() == {"text": "", "version": 2}


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"text": "x" * 16_385, "version": 0}, "bad_request"),
        ({"text": "é" * 8_193, "version": 0}, "too_large"),
        ({"text": "a\0b", "version": 0}, "bad_request"),
        ({"text": "a", "version": -1}, "bad_request"),
        ({"text": "a"}, "bad_request"),
    ],
)
async def test_bad_drafts(ana: httpx.AsyncClient, chat: str, draft: dict[str, object], code: str):
    assert code_of(await ana.put(f"{chat}/draft", json=draft)) == code
