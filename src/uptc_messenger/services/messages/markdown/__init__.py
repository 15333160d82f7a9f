"""The documented subset of Markdown: what a message's text means, and what is taken out of it."""

from uptc_messenger.services.messages.markdown.blocks import parse
from uptc_messenger.services.messages.markdown.plain import excerpt, first_link, mentioned

__all__ = ["excerpt", "first_link", "mentioned", "parse"]
