"""Messages: sending, changing, reading, each in the one order of its chat."""
