"""Previews of links: pages of strangers, fetched with care; off unless it is asked for."""
