from typing import Any

import msgspec
import pytest

from uptc_messenger.models.auth import LoggedIn, Login, OwnerClaim, PasswordChange, Register, Reset


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (Register, {"username": "ana"}),
        (Register, {"username": "ana", "password": ""}),
        (Register, {"username": "ana", "password": "x" * 4097}),
        (Register, {"username": "ana", "password": "correcto", "role": "owner"}),
        (Register, {"username": "", "password": "correcto"}),
        (Login, {"username": "ana", "password": ["x"]}),
        (Login, {"username": "ana", "password": "x", "device": "d" * 121}),
        (PasswordChange, {"new_password": "x"}),
        (Reset, {"code": "", "password": "x"}),
        (Reset, {"code": "x" * 257, "password": "x"}),
        (OwnerClaim, {"code": "x", "password": "x"}),
    ],
)
def test_what_is_not_of_the_documented_form_is_refused(kind: type[Any], value: object):
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(msgspec.json.encode(value), type=kind)


def test_a_browser_is_answered_without_a_token():
    fields = {field.name: field for field in msgspec.structs.fields(LoggedIn)}
    assert fields["token"].default is msgspec.UNSET
