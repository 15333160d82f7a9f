import msgspec

from uptc_messenger.models.search import SearchPage


def test_an_empty_page():
    page = SearchPage(hits=[], next_cursor=None)
    assert msgspec.json.encode(page) == b'{"hits":[],"next_cursor":null}'
