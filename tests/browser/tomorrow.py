"""A server that is newer than the page: it says more than the page has ever heard of."""

import json
from collections.abc import Callable
from typing import Any, cast

from playwright.sync_api import BrowserContext, Route, WebSocketRoute

POLL = "una encuesta"
"""A text message that says this arrives as a kind that the page does not know."""

MORE: dict[str, Any] = {"x_from_tomorrow": {"nested": [1, None, {"deep": True}]}}


class Tomorrow:
    """Stands between a page and its server, and makes every answer one of a later version."""

    def __init__(self, context: BrowserContext) -> None:
        self.asked: list[str] = []
        """The types of what the page sends."""
        self.turned: list[str] = []
        """What was turned into something unknown."""
        context.route_web_socket("**/api/v1/ws", self._join)
        context.route("**/api/v1/**", self._answer)

    def _join(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()

        def ask(frame: str | bytes) -> None:
            self.asked += [command["type"] for command in _objects(frame)]
            server.send(frame)

        def tell(frame: str | bytes) -> None:
            page.send(json.dumps([*_NOISE, *map(self._of_tomorrow, _objects(frame))]))
            page.send("no JSON at all")

        page.on_message(ask)
        server.on_message(tell)

    def _answer(self, route: Route) -> None:
        answer = route.fetch()
        if "application/json" not in answer.headers.get("content-type", ""):
            route.fulfill(response=answer)
            return
        route.fulfill(response=answer, body=json.dumps(self._of_tomorrow(answer.json())))

    def _of_tomorrow(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._of_tomorrow(item) for item in cast("list[Any]", value)]
        if not isinstance(value, dict):
            return value
        known = cast("dict[str, Any]", value)
        told = {key: self._of_tomorrow(item) for key, item in known.items()}
        for turn in _TURNS:
            if turn(told):
                self.turned.append(turn.__name__)
        return {**told, **MORE}


_NOISE: list[Any] = [
    {"type": "call.ringing", "call_id": "c", **MORE},
    {"type": "chat", "kind": 7},
    {"type": 7},
    None,
    "text",
    [],
]


def _objects(frame: str | bytes) -> list[dict[str, Any]]:
    told: Any = json.loads(frame)
    return cast("list[dict[str, Any]]", told if isinstance(told, list) else [told])


def event(told: dict[str, Any]) -> bool:
    """A reaction arrives as an event of a kind that does not exist yet, in its place in the log."""
    if told.get("type") != "event" and "actor_id" not in told:
        return False
    if told.get("kind") != "reaction.changed":
        return False
    told.update(kind="poll.voted", data={"option": 2})
    return True


def user_event(told: dict[str, Any]) -> bool:
    """A draft from elsewhere arrives as a kind of the person's own log that does not exist yet."""
    if told.get("type") != "user.event" or told.get("kind") != "draft.updated":
        return False
    told.update(kind="wallpaper.updated", data={"colour": "gold"})
    return True


def poll(told: dict[str, Any]) -> bool:
    """A message whose body is no text."""
    if told.get("body") != {"text": POLL, **MORE}:
        return False
    told.update(kind="poll", body={"question": "¿Cuándo?", "options": ["lunes", "martes"]})
    return True


def role(told: dict[str, Any]) -> bool:
    """Somebody's role in a chat."""
    if told.get("role") != "admin":
        return False
    told["role"] = "auditor"
    return True


_TURNS: tuple[Callable[[dict[str, Any]], bool], ...] = (event, user_event, poll, role)
