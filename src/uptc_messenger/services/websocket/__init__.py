"""Delivery to sessions: it knows chats as opaque ids, and neither SQL nor other services."""
