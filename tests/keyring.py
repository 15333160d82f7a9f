"""Keys and certificates that a NATS server asks for, made for one test."""

import base64
import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uptc_messenger.services.websocket.nkeys import Key, seed_of

_KINDS = {"operator": 14 << 3, "account": 0, "user": 20 << 3}


def new_seed(kind: str = "user") -> str:
    return seed_of(_KINDS[kind], secrets.token_bytes(32))


@dataclass(frozen=True)
class Trust:
    """An operator with one account: what the server is told, and who may come."""

    config: str
    account: Key

    def credentials(self, path: Path) -> Path:
        """A user of the account, as NATS's own tools write one."""
        seed = new_seed()
        jwt = _signed(self.account, Key(seed).public, {"type": "user", "version": 2, **_LIMITS})
        path.write_text(
            f"-----BEGIN NATS USER JWT-----\n{jwt}\n------END NATS USER JWT------\n\n"
            f"-----BEGIN USER NKEY SEED-----\n{seed}\n------END USER NKEY SEED------\n"
        )
        return path


_LIMITS: dict[str, Any] = {"pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1}


def trust() -> Trust:
    """Make one."""
    operator, account = Key(new_seed("operator")), Key(new_seed("account"))
    above = _signed(operator, operator.public, {"type": "operator", "version": 2})
    limits = {"subs": -1, "data": -1, "payload": -1, "conn": -1, "leaf": -1, "imports": -1}
    limits |= {"exports": -1, "wildcards": True}
    claim = {"type": "account", "version": 2, "limits": limits, "default_permissions": {}}
    below = _signed(operator, account.public, claim)
    config = (
        f"operator: {above}\nresolver: MEMORY\nresolver_preload: {{ {account.public}: {below} }}\n"
    )
    return Trust(config, account)


def _signed(by: Key, subject: str, claim: dict[str, Any]) -> str:
    head = {"typ": "JWT", "alg": "ed25519-nkey"}
    body = {"jti": secrets.token_hex(8), "iat": 1_700_000_000, "iss": by.public}
    body |= {"name": subject, "sub": subject, "nats": claim}
    text = f"{_part(head)}.{_part(body)}"
    signature = base64.b64decode(by.sign(text))
    return f"{text}.{_bare(signature)}"


def _part(value: dict[str, Any]) -> str:
    return _bare(json.dumps(value).encode())


def _bare(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
