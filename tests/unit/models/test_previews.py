import msgspec

from uptc_messenger.models.previews import LinkPreview


def test_without_an_image_there_is_no_field_for_one():
    shown = LinkPreview(url="https://example.org/", title="a", site="", description="")
    assert msgspec.to_builtins(shown) == {
        "url": "https://example.org/",
        "title": "a",
        "site": "",
        "description": "",
    }
