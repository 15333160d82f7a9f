from typing import Literal

import pytest

from uptc_messenger.toolkit import bounds


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (bounds.Some, "a whole number from 0 to 10000000"),
        (bounds.Pause, "a number from 0 to 86400"),
        (bounds.Patience, "a number above 0, at most 86400"),
        (tuple[bounds.Count, ...], "a list, and each in it a whole number from 1 to 10000000"),
        (Literal["on", "off"], "one of off, on"),
        (bool, "true or false"),
        (str, "a text"),
    ],
)
def test_what_is_allowed_is_told_in_words(kind: object, said: str):
    assert bounds.told(kind, 5).removesuffix(", and not 5") == f"it is {said}"
