"""Conversations of one socket as they are read aloud, and what brings them about.

A line is one of

    at 5.0                        the clock stands there, and time alone may bring something about
    > {"type": "ping", "id": 1}   the client says this
    > binary                      the client sends a binary frame
    = welcome                     the hello was accepted
    = refuse session_expired      the hello was not accepted
    = end 4001                    somebody ends the conversation from outside
    < error bad_request 1         what the server says or does; nothing else happens

`$name` in a line stands for a text too long or too odd to be read.
"""

import json
from string import Template

from uptc_messenger.models.commands import Hello
from uptc_messenger.models.errors import PROBLEMS, CloseCode
from uptc_messenger.services.websocket.config import WebSocketConfig
from uptc_messenger.services.websocket.packets import encode
from uptc_messenger.services.websocket.session import (
    Acknowledge,
    Authenticate,
    Close,
    Effect,
    Run,
    Say,
    Session,
)

CONFIG = WebSocketConfig(heartbeat_ms=10_000, hello_timeout_s=5.0)
_REFUSALS = {problem.code: problem for problem in PROBLEMS}


def play(script: str, **texts: str) -> None:
    """Let the session hear the script; what it does must be what the script says."""
    lines = [stripped for line in script.splitlines() if (stripped := line.strip())]
    stage = _Stage(texts)
    happened: list[str] = []
    for line in lines:
        if not line.startswith("<"):
            happened += [line, *map(_told, stage.perform(line))]
    assert happened == lines


class _Stage:
    def __init__(self, texts: dict[str, str]) -> None:
        self._texts = texts
        self._now = 0.0
        self._hello = Hello()
        self._session = Session(CONFIG, self._now)

    def perform(self, line: str) -> list[Effect]:
        act, _, words = line.partition(" ")
        match act:
            case "at":
                self._now = float(words)
                return self._session.tick(self._now, wall_ms=int(self._now * 1000))
            case ">":
                return self._hear(words)
            case "=":
                return self._decide(*words.split())
            case _:
                raise AssertionError(f"no line of a playbook: {line}")

    def _hear(self, words: str) -> list[Effect]:
        if words == "binary":
            return self._session.receive_binary()
        frame = Template(words).substitute(self._texts).encode()
        return self._session.receive(frame, self._now)

    def _decide(self, verdict: str, word: str = "") -> list[Effect]:
        match verdict:
            case "welcome":
                return self._session.welcome()
            case "refuse":
                return self._session.refuse(1, _REFUSALS[word](), CloseCode.TOKEN_INVALID)
            case _:
                return self._session.end(CloseCode(int(word)), "Goodbye.")


def _told(effect: Effect) -> str:
    match effect:
        case Authenticate(hello=hello):
            return f"< authenticate {hello.id}"
        case Run(command=command):
            return f"< run {command.__struct_config__.tag} {command.id}"
        case Acknowledge(es=es):
            return f"< acknowledged {es}"
        case Close(code=code, reason=reason):
            assert reason.endswith(".")
            return f"< close {code.value}"
        case Say(frame=frame):
            said = json.loads(encode(frame))
            if said["type"] != "error":
                return f"< {said['type']} {said['ts']}"
            assert said["message"].endswith(".")
            return f"< error {said['code']} {said.get('ref') or ''}".rstrip()
