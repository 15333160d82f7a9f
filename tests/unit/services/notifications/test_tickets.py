import pytest

from tests.core import NOON
from uptc_messenger.models.base import UserId
from uptc_messenger.models.errors import NotFound
from uptc_messenger.services.notifications.tickets import (
    Ticket,
    check,
    is_signed,
    issue,
    peek,
    signed,
)
from uptc_messenger.toolkit.ids import uuid7

KEY = bytes(range(32))
ANA = UserId(uuid7())


def made(ends_at: int = 0) -> str:
    return issue(KEY, "unsubscribe", "ana@example.edu", Ticket(user_id=ANA, ends_at=ends_at))


def test_it_says_whose_it_is_and_is_good_for_ever_or_until():
    assert len(made()) == 64
    assert peek(made()).user_id == ANA
    assert check(KEY, "unsubscribe", "ana@example.edu", made(), NOON).user_id == ANA
    assert check(KEY, "unsubscribe", "ana@example.edu", made(NOON + 1), NOON).ends_at == NOON + 1
    with pytest.raises(NotFound):
        check(KEY, "unsubscribe", "ana@example.edu", made(NOON), NOON)


def test_for_another_purpose_address_or_server_it_is_not_good():
    text = made()
    for wrong in (
        lambda: check(KEY, "confirm", "ana@example.edu", text, NOON),
        lambda: check(KEY, "unsubscribe", "otra@example.edu", text, NOON),
        lambda: check(KEY, "unsubscribe", None, text, NOON),
        lambda: check(KEY[::-1], "unsubscribe", "ana@example.edu", text, NOON),
    ):
        with pytest.raises(NotFound):
            wrong()


@pytest.mark.parametrize("text", ["", "x", "é" * 64, "A" * 63, "A" * 64, "A" * 400])
def test_what_is_none(text: str):
    with pytest.raises(NotFound):
        check(KEY, "confirm", "ana@example.edu", text, NOON)


def test_a_changed_letter_of_it_makes_it_void():
    text = made()
    for at in range(0, 64, 7):
        other = "A" if text[at] != "A" else "B"
        with pytest.raises(NotFound):
            check(KEY, "unsubscribe", "ana@example.edu", text[:at] + other + text[at + 1 :], NOON)


def test_the_name_of_a_letter_is_ours_and_of_one_address():
    name = signed(KEY, "ana@example.edu", "ana-digest-1")
    assert is_signed(KEY, "ana@example.edu", name)
    for wrong in ("ana-digest-1", name[:-1], name.replace("ana", "luis"), "", "."):
        assert not is_signed(KEY, "ana@example.edu", wrong)
    assert not is_signed(KEY, "luis@example.edu", name)
    assert not is_signed(b"another", "ana@example.edu", name)
