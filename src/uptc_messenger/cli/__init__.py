"""The `uptc-messenger` command."""

from uptc_messenger.cli.commands import main

__all__ = ["main"]
