from tests.core import world
from tests.house import house

__all__ = ["house", "world"]
