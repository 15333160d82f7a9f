"""Everything about previews of links, put together."""

from uptc_messenger.services.auth import Limiter
from uptc_messenger.services.files.service import Files
from uptc_messenger.services.previews.cache import Cache
from uptc_messenger.services.previews.config import PreviewsConfig
from uptc_messenger.services.previews.fetching import Fetcher, Surroundings
from uptc_messenger.services.previews.making import Maker
from uptc_messenger.services.previews.previewer import Previewer
from uptc_messenger.toolkit.networks import Address, Resolver, is_public

_SECOND = 1_000


def open_previews(files: Files, limiter: Limiter, config: PreviewsConfig) -> Previewer:
    """Put it together; nothing is fetched before somebody runs it."""
    allowed = _here_too if config.loopback else is_public
    fetcher = Fetcher(config, Surroundings(lookup=Resolver(config.at_once), allowed=allowed))
    cache = Cache(files.clock, int(config.cache_s * _SECOND))
    maker = Maker(fetcher, files.hosting, cache)
    return Previewer(files.database, maker, (limiter, files.clock), config)


def _here_too(address: Address) -> bool:
    return is_public(address) or address.is_loopback
