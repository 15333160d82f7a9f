import pytest

from uptc_messenger.services.messages.markdown.characters import NAME, is_one_of, is_space, is_word


@pytest.mark.parametrize("at", [-1, 0, 3, 9])
def test_the_ends_of_a_line_and_spaces_are_space(at: int):
    assert is_space(" ab", at)


@pytest.mark.parametrize("text", ["a", "ñ", "7", "日", "٣"])
def test_letters_and_digits_of_every_script_are_words(text: str):
    assert is_word(text, 0)
    assert not is_space(text, 0)


@pytest.mark.parametrize("text", ["_", "*", "👍", "", "\u00a0"])
def test_marks_emoji_and_ends_are_not_words(text: str):
    assert not is_word(text, 0)


def test_a_name_is_ascii():
    assert is_one_of("ana", 0, NAME)
    assert not is_one_of("ñ", 0, NAME)
    assert not is_one_of("ana", 3, NAME)
