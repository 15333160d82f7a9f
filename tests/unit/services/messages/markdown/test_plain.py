import pytest

from uptc_messenger.services.messages.markdown.plain import excerpt, mentioned


@pytest.mark.parametrize(
    ("limit", "expected"),
    [(20, "uno dos tres"), (12, "uno dos tres"), (8, "uno dos…"), (9, "uno dos…")],
)
def test_an_excerpt_is_one_line_within_the_limit(limit: int, expected: str):
    assert excerpt("**uno**\n\n- dos\n- `tres`", limit) == expected


def test_names_come_once_in_order_and_not_from_code():
    assert mentioned("@beto @ana `@caro` @Beto\n> @all") == ["beto", "ana", "all"]
    assert mentioned("nadie") == []
