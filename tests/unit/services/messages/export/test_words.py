import string
from zoneinfo import ZoneInfo

import pytest

from uptc_messenger.services.messages.export import words
from uptc_messenger.services.messages.export.words import WORDS, Words

NIGHT = "2026-03-10T03:30:00.000Z"


def test_a_day_is_that_of_the_reader_in_the_language_of_the_reader():
    bogota, utc = ZoneInfo("America/Bogota"), ZoneInfo("UTC")
    assert words.day(WORDS["es"], words.local(NIGHT, bogota)) == "lunes, 9 de marzo de 2026"
    assert words.day(WORDS["es"], words.local(NIGHT, utc)) == "martes, 10 de marzo de 2026"
    assert words.day(WORDS["en"], words.local(NIGHT, bogota)) == "Monday, 9 March 2026"


def test_files_are_counted():
    assert [words.files(WORDS["en"], n) for n in (1, 2)] == ["1 attached file", "2 attached files"]


@pytest.mark.parametrize("name", Words.__struct_fields__)
def test_both_languages_say_the_same_things(name: str):
    said = [getattr(WORDS[locale], name) for locale in ("es", "en")]
    assert len(said[0]) == len(said[1]) or isinstance(said[0], str)
    if isinstance(said[0], str):
        fields = [{f for _, f, _, _ in string.Formatter().parse(text) if f} for text in said]
        assert fields[0] == fields[1]
