import pytest

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.messages.emoji import canonical

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
FLAG_OF_WALES = (
    "\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in "gbwls") + "\U000e007f"
)


@pytest.mark.parametrize(
    "emoji",
    [
        "👍",
        "👍🏽",
        "🎉",
        "✅",
        "❤️",
        "❤️‍🔥",
        "🏃🏾‍♀️",
        "🏳️‍🌈",
        "🇨🇴",
        "1️⃣",
        FAMILY,
        FLAG_OF_WALES,
        "☝🏿",
        "\U0001fa77",
        "\U0001faf9",
    ],
)
def test_one_emoji_stays_as_it_is(emoji: str):
    assert canonical(emoji) == emoji


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("❤", "❤️"),
        ("👍️", "👍"),
        ("1⃣", "1️⃣"),
        ("❤‍🔥", "❤️‍🔥"),
        ("🏳‍🌈", "🏳️‍🌈"),
        ("©", "©️"),
        ("✅️", "✅"),
    ],
)
def test_the_forms_of_one_emoji_are_one(typed: str, meant: str):
    assert canonical(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "1", "#", "€", "ñ", "<b>", "ok👍", "👍👍", "👍 ", " 👍", "❤️️"),
        *("\ufffd", "\ufe0f", "\u200d", "👍\u200d", "🇨", "🇨🇴🇨"),
    ],
)
def test_anything_else_is_refused(text: str):
    with pytest.raises(BadRequest):
        canonical(text)
