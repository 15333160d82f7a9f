import pytest

from uptc_messenger.services.auth.common import is_common

GUESSED = [
    "password", "Password1", "P@ssw0rd!", "contraseña", "Contraseña2026", "uptc2026", "UPTC-2026",
    "messenger", "Universidad1!", "estudiante01", "qwertyuiop", "asdfghjkl", "1qaz2wsx", "12345678",
    "87654321", "abcdefgh", "aaaaaaaa", "abababab", "abcabcabc", "20011231", "31122001",
    "colombia123", "millonarios", "teamomucho", "iloveyou!!", "holahola", "passwordpassword",
    "juandavid", "septiembre2026", "qazwsxedc", "11112222", "1234-5678", "!!!!!!!!", "admin123",
]  # fmt: skip
GOOD = [
    "tres tazas de tinto", "correcto caballo pila grapa", "kT9#vLq2xw", "mi perro come arepas",
    "zorzal-42-niebla", "la uptc queda en tunja", "ábaco íntimo útil",
]  # fmt: skip


@pytest.mark.parametrize("password", GUESSED)
def test_what_is_guessed_first_is_common(password: str):
    assert is_common(password)


@pytest.mark.parametrize("password", GOOD)
def test_a_few_words_of_ones_own_are_not(password: str):
    assert not is_common(password)


@pytest.mark.parametrize("password", ["anabelen", "AnaBelen!", "anabelen2026", "4nabel3n"])
def test_a_username_is_guessed_first_by_who_knows_it(password: str):
    assert is_common(password, "anabelen")
    assert not is_common(password, "someone-else")
