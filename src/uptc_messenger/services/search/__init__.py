"""Search: an index of messages that is made from the log, and what is asked of it."""
