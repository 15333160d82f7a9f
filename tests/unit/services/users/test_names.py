import pytest

from uptc_messenger.models.errors import BadRequest, Conflict
from uptc_messenger.services.users import names


@pytest.mark.parametrize(("typed", "meant"), [("Ana.P_2-x", "ana.p_2-x"), ("abc", "abc")])
def test_a_username_has_one_form(typed: str, meant: str):
    assert names.fold_username(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "ab", "a" * 33, "ana\n", "ana b", "ñandu", "ana@x", "\uff41\uff4e\uff41"]
)
def test_other_usernames_are_refused(typed: str):
    with pytest.raises(BadRequest):
        names.fold_username(typed)


@pytest.mark.parametrize("typed", ["all", "ALL", "everyone", "here", "todos"])
def test_a_name_that_calls_many_people_is_nobody_s(typed: str):
    with pytest.raises(Conflict):
        names.new_username(typed)


@pytest.mark.parametrize("typed", ["...", "_-_", "----"])
def test_a_new_username_has_a_letter_or_a_digit(typed: str):
    with pytest.raises(BadRequest):
        names.new_username(typed)


def test_a_shown_name_keeps_its_letters_and_loses_its_extra_space():
    assert names.display_name("  José   María 🎓 ") == "José María 🎓"


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "a\u202eb", "a\x00b", "a\x1bb", "\ue000"])
def test_a_shown_name_has_no_hidden_characters(typed: str):
    with pytest.raises(BadRequest):
        names.display_name(typed)


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Núñez", "nunez"), ("STRAẞE", "strasse"), ("Ørsted", "orsted"), ("ﬁn", "fin"), ("Ł", "l")],
)
def test_marks_and_case_are_folded_away(text: str, folded: str):
    assert names.fold(text) == folded


def test_a_key_has_each_word_once_after_a_space():
    assert names.search_key("ana.nunez", "Ana María Núñez") == " ana maria nunez ana.nunez"


def test_a_query_has_few_words():
    words = names.words("uno, dos; tres-cuatro_cinco seis")
    assert words == ["uno", "dos", "tres", "cuatro", "cinco"]
