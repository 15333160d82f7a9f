import pytest

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.notifications.keywords import cleaned, said


@pytest.mark.parametrize(
    ("keyword", "text", "heard"),
    [
        ("parcial", "Mañana hay PARCIAL.", True),
        ("reunión", "la reunion es hoy", True),
        ("año", "el ano", False),
        ("parcial", "imparcial", False),
        ("sistemas distribuidos", "clase de Sistemas  distribuidos hoy", True),
        ("sistemas distribuidos", "sistemas muy distribuidos", False),
        ("a b", "a", False),
    ],
)
def test_whole_words_without_case_and_accents(keyword: str, text: str, heard: bool):
    assert said([keyword], text) == heard


def test_one_of_several_is_enough_and_none_is_none():
    assert said(["uno", "dos"], "y dos")
    assert not said([], "y dos")


def test_each_is_kept_once_as_it_was_typed_first():
    assert cleaned(["  Parcial ", "parcial", "sistemas   distribuidos"]) == [
        "Parcial",
        "sistemas distribuidos",
    ]


def test_one_without_a_word_is_refused():
    with pytest.raises(BadRequest):
        cleaned(["parcial", "!!!"])
