import pytest

from uptc_messenger.models.errors import BadRequest
from uptc_messenger.services.chats import naming


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Redes", "Redes"),
        (" Redes \t de\n datos ", "Redes de datos"),
        ("Ñandú 🧑‍🔬", "Ñandú 🧑‍🔬"),
        ("می‌خواهم", "می‌خواهم"),
        ("分散システム", "分散システム"),
    ],
)
def test_titles_are_one_line(typed: str, shown: str):
    assert naming.title(typed) == shown


@pytest.mark.parametrize("typed", ["", " ", "\u200d", "\u2003", "a\u202eb", "a\x1bb", "a\u200bb"])
def test_a_title_that_cannot_be_read_is_refused(typed: str):
    with pytest.raises(BadRequest):
        naming.title(typed)


def test_topics_have_lines_and_may_be_empty():
    assert naming.topic(" a\nb ") == "a\nb"
    assert naming.topic(" ") == ""
    for unseen in ("a\rb\x00", "a\u2066b"):
        with pytest.raises(BadRequest):
            naming.topic(unseen)
