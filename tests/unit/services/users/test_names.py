import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "\u200b",
        "a\u202eb",
        "a\x00b",
        "a\x1bb",
        "\ue000",
        "a\u200db",
        "\u0639\u200d",
        "\U0001f469\u200d",
        "\u200d\U0001f469",
        "\u0639\u200c\u200c\u0631",
        "1\u200d2",
        "\U0001f469\u200c\U0001f3eb",
    ],
)
def test_a_shown_name_has_no_hidden_characters(typed: str):
    with pytest.raises(BadRequest):
        names.display_name(typed)


JOINED = [
    "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",  # Persian: Ali-Reza
    "\u09b0\u200d\u09cd\u09af\u09be\u09ac",  # Bengali: ra with a whole ya
    "\u0915\u094d\u200c\u0937",  # Hindi: ka and ssa kept apart
    "\u0d05\u0d28\u0d3f\u0d32\u0d4d\u200d Nair",  # Malayalam: Anil, whose end is a chillu
    "Ana \U0001f469\u200d\U0001f3eb",
    "Eva \U0001f3f3\ufe0f\u200d\U0001f308",
    "\U0001f469\U0001f3fd\u200d\u2764\ufe0f\u200d\U0001f468",
]


@pytest.mark.parametrize("typed", JOINED)
def test_a_shown_name_keeps_what_joins(typed: str):
    assert names.display_name(typed) == typed


@given(
    st.lists(st.sampled_from([*"aZ\u00e9\u03b1\u0431\u05d0\u4e2d\uac00\u30ab1. -"]), min_size=1),
    st.lists(st.sampled_from("\u200c\u200d"), min_size=1),
    st.integers(min_value=0),
)
def test_a_joiner_hides_in_no_name_of_another_script(
    letters: list[str], joiners: list[str], place: int
):
    at = place % (len(letters) + 1)
    typed = "".join([*letters[:at], *joiners, *letters[at:]])
    with pytest.raises(BadRequest):
        names.display_name(typed)


@given(st.text(st.sampled_from([*"a \u200c\u200d\u0639\u0644\u0915\u094d\ufe0f\U0001f469\u2764"])))
def test_what_is_shown_is_found_with_and_without_its_joiners(typed: str):
    try:
        shown = names.display_name(typed)
    except BadRequest:
        return
    plain = shown.replace("\u200c", "").replace("\u200d", "")
    assert not any(c in shown for c in ("\u200c\u200c", "\u200d\u200d"))
    assert not any(unicodedata.category(c) == "Cf" for c in plain)
    assert names.search_key("ana", shown) == names.search_key("ana", plain)


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
