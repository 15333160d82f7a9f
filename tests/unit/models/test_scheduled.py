import msgspec
import pytest

from uptc_messenger.models.scheduled import ScheduledPut


@pytest.mark.parametrize(
    "text", ["2026-03-09T09:05:06-05:00", "2026-03-09T14:05:06Z", "2026-03-09T14:05:06.000Z"]
)
def test_a_time_is_an_instant_in_whatever_zone_it_is_told(text: str):
    raw = msgspec.json.encode({"body": {"text": "a"}, "send_at": text})
    assert msgspec.json.decode(raw, type=ScheduledPut).send_at.timestamp() == 1_773_065_106


@pytest.mark.parametrize("text", ["2026-03-09T14:05:06", "mañana", "1773065106", ""])
def test_a_time_without_a_zone_is_none(text: str):
    raw = msgspec.json.encode({"body": {"text": "a"}, "send_at": text})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=ScheduledPut)
