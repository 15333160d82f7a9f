"""How many files and sockets this process may have open."""

import resource
from contextlib import suppress
from typing import Final

WANTED: Final = 65_536
"""What the services of `setup` and `deploy/` ask for, too: a socket of a person is one."""


def raise_limit(wanted: int = WANTED) -> int:
    """Allow as many as the system lets this process have, up to `wanted`; how many that are.

    Shells and desktops mostly start a program with 1,024, though it may have many more.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        # Some systems promise more than they give.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
