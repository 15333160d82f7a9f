"""The `uptc-messenger` command."""

from uptc_messenger.cli.main import main

__all__ = ["main"]
