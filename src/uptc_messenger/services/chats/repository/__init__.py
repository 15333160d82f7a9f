"""The SQL of chats."""
