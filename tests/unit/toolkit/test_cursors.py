import pytest
from hypothesis import given
from hypothesis import strategies as st

from uptc_messenger.toolkit.cursors import BadCursor, decode, encode


@given(text=st.text(st.characters(codec="utf-8"), max_size=60), number=st.integers(0, 2**53))
def test_a_position_comes_back_as_it_went(text: str, number: int):
    assert decode(encode(text), str) == text
    assert decode(encode((number, text)), tuple[int, str]) == (number, text)


def test_a_cursor_needs_no_escaping_in_a_url():
    assert encode("ñandú? & más / +").replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("cursor", ["", "!", "a", "é", "\0", encode(7), encode("x" * 600)])
def test_anything_else_is_no_cursor(cursor: str):
    with pytest.raises(BadCursor):
        decode(cursor, str)
