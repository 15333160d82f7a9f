from tests.core import world

__all__ = ["world"]
