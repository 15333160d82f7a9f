import pytest

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.notifications import keywords
from uptc_messenger.services.notifications.keywords import cleaned, said
from uptc_messenger.services.search.analysis import Token, tokens


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


def test_a_message_is_read_once_for_all_its_listeners(monkeypatch: pytest.MonkeyPatch):
    read: list[str] = []

    def count(text: str) -> list[Token]:
        read.append(text)
        return list(tokens(text))

    monkeypatch.setattr(keywords, "tokens", count)
    text = "mañana hay examen de redes"
    for _ in range(3):
        assert keywords.said(["examen"], text)
    assert read.count(text) == 1
