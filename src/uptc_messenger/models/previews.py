"""What is shown of the page behind a link."""

from typing import Final

from msgspec import UNSET, UnsetType

from uptc_messenger.models.base import Record
from uptc_messenger.models.files import File

MAX_TITLE: Final = 200
MAX_SITE: Final = 80
MAX_DESCRIPTION: Final = 300
MAX_URL: Final = 2_048
"""Longer links have no preview."""


class LinkPreview(Record, frozen=True):
    """What the page behind the first link of a message says of itself; texts may be empty.

    `url` is the link as it was written; `image` is kept by this server like any other file.
    """

    url: str
    title: str
    site: str
    description: str
    image: File | UnsetType = UNSET
