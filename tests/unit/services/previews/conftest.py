from tests.core import world
from tests.peeker import outside, peeker

__all__ = ["outside", "peeker", "world"]
