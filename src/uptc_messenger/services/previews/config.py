"""Whether pages behind links are fetched, and how much of them."""

from typing import Annotated, Literal

from msgspec import Meta

from uptc_messenger.models.base import Record
from uptc_messenger.toolkit.bounds import Count, Patience, Pause

_MIB = 1 << 20
_GIB = 1 << 30


class PreviewsConfig(Record, frozen=True):
    """Previews of links, and the bounds of what is fetched for them."""

    links: Literal["on", "off"] = "off"
    """Fetches the page behind the first link of a message, to show what it is."""

    timeout_s: Patience = 5.0
    """For so long a page, or its image, may take with all its redirects."""

    max_bytes: Annotated[int, Meta(ge=65_536, le=_GIB)] = _MIB
    """A page is read so far and no further; an image that is larger is not shown."""

    at_once: Annotated[int, Meta(ge=1, le=64)] = 2
    """Links that are looked into at the same time."""

    queue_limit: Count = 500
    """Messages that wait for a look at their link; beyond it a message has no preview."""

    cache_s: Pause = 3_600.0
    """For so long the same link is not fetched again; one that failed for a tenth of it."""

    ports: tuple[Annotated[int, Meta(ge=1, le=65_535)], ...] = (80, 443)
    """Ports that a link may lead to."""

    loopback: bool = False
    """Lets links lead to this machine, and any port; for tests only."""
