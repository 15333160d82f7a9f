import re

import msgspec
import pytest

from uptc_messenger.models.users import USERNAME_PATTERN, Profile, ProfileChange, User


@pytest.mark.parametrize("name", ["ana", "juan.d", "a_b-c", "0" * 32])
def test_a_username(name: str):
    assert re.match(USERNAME_PATTERN, name)


@pytest.mark.parametrize("name", ["an", "0" * 33, "Ana", "ána", "a b", "ana\n", "@ana", ""])
def test_no_username(name: str):
    assert not re.match(USERNAME_PATTERN, name)


def test_others_see_neither_the_role_nor_the_language_nor_the_choices_of_a_person():
    assert set(User.__struct_fields__) - set(Profile.__struct_fields__) == {
        "role", "locale", "hides_last_seen", "hides_receipts", "hides_previews",
    }  # fmt: skip


def test_what_a_change_does_not_name_stays_and_null_takes_the_picture_away():
    wanted = msgspec.json.decode(b'{"avatar_file_id":null}', type=ProfileChange)
    assert wanted.avatar_file_id is None
    assert wanted.display_name is wanted.about is wanted.locale is msgspec.UNSET


@pytest.mark.parametrize(
    "raw", [b'{"display_name":""}', b'{"about":null}', b'{"locale":"fr"}', b'{"role":"owner"}']
)
def test_what_one_may_not_set_is_refused(raw: bytes):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(raw, type=ProfileChange)
