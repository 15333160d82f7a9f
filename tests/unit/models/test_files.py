from typing import Any

import msgspec
import pytest

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.models.files import Completion, Reservation, Usage
from uptc_messenger.models.messages import Body, require_content
from uptc_messenger.toolkit.ids import uuid7

WANTED: dict[str, Any] = {"upload_id": uuid7(), "name": "informe.pdf", "size": 10}
VOICE: dict[str, Any] = {"duration_ms": 1_200, "waveform": [0, 31, 7]}


@pytest.mark.parametrize("extra", [{}, {"purpose": "picture"}, {"voice": VOICE}])
def test_a_reservation(extra: dict[str, Any]):
    msgspec.convert({**WANTED, **extra}, Reservation)


@pytest.mark.parametrize(
    "extra",
    [
        {"size": 0},
        {"size": 2**53},
        {"name": ""},
        {"name": "a" * 256},
        {"purpose": "avatar"},
        {"upload_id": "x"},
        {"type": "image/png"},
        {"voice": {**VOICE, "duration_ms": 0}},
        {"voice": {**VOICE, "duration_ms": 3_600_001}},
        {"voice": {**VOICE, "waveform": []}},
        {"voice": {**VOICE, "waveform": [32]}},
        {"voice": {**VOICE, "waveform": [1] * 129}},
    ],
)
def test_what_is_no_reservation(extra: dict[str, Any]):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**WANTED, **extra}, Reservation)


@pytest.mark.parametrize("text", ["", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_a_hash_is_64_digits(text: str):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"sha256": text}, Completion)


def test_no_quota_is_said():
    usage = Usage(used_bytes=0, quota_bytes=None, max_bytes=1, part_bytes=1)
    assert msgspec.to_builtins(usage)["quota_bytes"] is None


def test_files_are_content():
    require_content(Body(text=""), ["one"])
    with pytest.raises(BadRequest):
        require_content(Body(text=""), None)
