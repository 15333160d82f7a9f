import msgspec
import pytest

from tests.browsers import WISHES, Browser
from uptc_messenger.models.notifications import NotificationSettings, PushSubscription, Wishes


def test_what_one_wishes_is_what_is_shown_but_for_the_address():
    fields = set(NotificationSettings.__struct_fields__)
    assert fields - set(Wishes.__struct_fields__) == {"address", "address_state"}
    assert msgspec.convert(WISHES, Wishes).snoozed_until is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet": {"start": "25:00", "end": "06:00"}},
        {"quiet": {"start": "22:00\n", "end": "06:00"}},
        {"time_zone": "/etc/localtime"},
        {"time_zone": "America/../Bogota"},
        {"snoozed_until": "2026-01-01T00:00:00"},
    ],
)
def test_bad_values(wrong: dict[str, object]):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(WISHES | wrong, Wishes)


def test_keys_are_base64url_of_their_size():
    good = Browser().body
    assert msgspec.convert(good, PushSubscription).endpoint == good["endpoint"]
    for wrong in ({"p256dh": good["p256dh"] + "A"}, {"auth": "+" * 22}):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert(good | wrong, PushSubscription)
